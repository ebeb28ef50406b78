"""What printers, copiers, fax machines, scanners, cameras and messengers do to a line of print."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from training.figures.draw import Drawn, Ink

Rng = np.random.Generator
Crop = npt.NDArray[np.uint8]
_KEPT_PX = 6


def damaged(drawn: Drawn, rng: Rng, low: float = 0.0, high: float = 1.0) -> Crop:
    """The crop of a drawn line, grey, after a scan of random kind; strengths are drawn from low to high."""
    ink, crop = _near(drawn)
    strength = float(rng.uniform(low, high))
    if rng.random() < 0.5:
        ink = _skewed(ink, float(rng.normal(0, 0.6)) * (0.5 + strength))
    kind = _SCANS[rng.choice(len(_SCANS), p=_SHARES)]
    paper = kind(ink, drawn.em, rng, strength)
    if rng.random() < 0.1:
        paper = _sealed(paper, drawn.em, rng, strength)
    return _cut(np.clip(paper, 0, 255).astype(np.uint8), crop)


def _near(drawn: Drawn) -> tuple[Ink, tuple[int, int, int, int]]:
    """The ink around the crop alone, and the crop in its pixels."""
    x0, y0, x1, y1 = (round(v) for v in drawn.crop)
    height, width = drawn.ink.shape
    left, top = max(0, x0 - _KEPT_PX), max(0, y0 - _KEPT_PX)
    part = drawn.ink[top : min(height, y1 + _KEPT_PX), left : min(width, x1 + _KEPT_PX)]
    return part, (max(0, x0 - left), max(0, y0 - top), x1 - left, y1 - top)


def _cut(paper: Crop, crop: tuple[int, int, int, int]) -> Crop:
    x0, y0, x1, y1 = crop
    return np.ascontiguousarray(paper[y0 : max(y0 + 4, y1), x0 : max(x0 + 4, x1)])


def _skewed(ink: Ink, degrees: float) -> Ink:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR), dtype=np.float32)


def _blurred(image: Ink, sigma: float) -> Ink:
    return image if sigma < 0.2 else np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float32)


def _clouds(rng: Rng, shape: tuple[int, int], cell: float) -> Ink:
    """A smooth random field of deviation 1."""
    coarse = rng.standard_normal((max(2, int(shape[0] / cell) + 2), max(2, int(shape[1] / cell) + 2))).astype(
        np.float32
    )
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _spread(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """Toner that runs or stays away: strokes grow thicker or thinner by a soft threshold of the blurred ink."""
    soft = _blurred(ink, em * 0.012 + 0.35)
    level = 0.5 + float(rng.uniform(-0.24, 0.11)) * (0.3 + 0.7 * strength)
    return np.clip((soft - level) * 2.2 + 0.5, 0, 1)


def _worn(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """Weak and patchy toner."""
    patches = _clouds(rng, ink.shape, em * float(rng.uniform(0.15, 1.2)))
    return ink * np.clip(1 - strength * (0.3 + 0.3 * patches), 0.25, 1)


def _printed(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    if rng.random() < 0.6:
        ink = _spread(ink, em, rng, strength)
    if rng.random() < 0.3:
        ink = _worn(ink, em, rng, strength)
    return ink


def _specks(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """Dust: small dots, also near the base line; the largest are smaller than a printed point."""
    ink = ink.copy()
    for _ in range(int(rng.integers(1, 2 + 5 * min(1.0, strength)))):
        x, y = rng.integers(ink.shape[1]), rng.integers(ink.shape[0])
        radius = float(rng.uniform(0.008, 0.032)) * em
        cv2.circle(
            ink, (int(x * 8), int(y * 8)), max(3, int(radius * 8)), float(rng.uniform(0.3, 0.9)), -1, cv2.LINE_AA, 3
        )
    return ink


def _on_paper(ink: Ink, rng: Rng, strength: float) -> Ink:
    paper, black = rng.uniform(255 - 55 * strength, 255), rng.uniform(0, 20 + 90 * strength)
    return np.asarray(black + (1 - ink) * (paper - black), dtype=np.float32)


def _noisy(paper: Ink, rng: Rng, sigma: float) -> Ink:
    return np.asarray(paper + rng.standard_normal(paper.shape).astype(np.float32) * sigma, dtype=np.float32)


def _jpeg(paper: Ink, quality: int) -> Ink:
    done, packed = cv2.imencode(".jpg", np.clip(paper, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.float32) if done else paper


def _coarse(image: Ink, factor: float) -> Ink:
    """A picture made smaller and large again, as low resolutions do."""
    height, width = image.shape
    small = cv2.resize(
        image, (max(2, round(width * factor)), max(2, round(height * factor))), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _clean(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    return _on_paper(ink, rng, strength * 0.15)


def _office(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    ink = _printed(ink, em, rng, strength)
    ink = _specks(ink, em, rng, strength) if rng.random() < 0.25 else ink
    paper = _on_paper(_blurred(ink, (0.2 + 0.9 * strength) * em / 26), rng, strength)
    paper = _noisy(paper, rng, 1 + 6 * strength)
    return _jpeg(paper, int(rng.integers(max(15, int(60 - 35 * strength)), 95))) if rng.random() < 0.5 else paper


def _fax(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """One bit a pixel, sometimes at half the resolution down the page."""
    ink = _printed(ink, em, rng, strength)
    if rng.random() < 0.5:
        ink = _coarse(ink, float(np.clip(16 / em * rng.uniform(0.9, 1.5), 0.4, 1)))
    soft = _blurred(ink, 0.4 + 0.4 * strength) + rng.standard_normal(ink.shape).astype(np.float32) * 0.12 * strength
    bits = (soft > 0.5 + rng.uniform(-0.15, 0.12) * (0.4 + strength)).astype(np.float32)
    if rng.random() < 0.4:
        bits = _specks(bits, em, rng, strength)
    return 255 * (1 - (_blurred(bits, 0.5) if rng.random() < 0.5 else bits))


def _copy(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """A copy of a copy: each generation blurs, thickens or thins, and adds dust."""
    for _ in range(int(rng.integers(2, 4))):
        ink = (
            _specks(_spread(ink, em, rng, strength), em, rng, strength)
            if rng.random() < 0.4
            else _spread(ink, em, rng, strength)
        )
    if rng.random() < 0.5:
        ink = _worn(ink, em, rng, strength)
    return _noisy(_on_paper(_blurred(ink, 0.3 + 0.5 * strength), rng, strength), rng, 2 + 7 * strength)


def _messenger(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """A photograph sent by messenger: light that changes, shake, smaller, sharpened, JPEG."""
    ink = _printed(ink, em, rng, strength * 0.7)
    if rng.random() < 0.4:
        length = max(1, int(1 + 0.09 * em * strength))
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2] = 1 / length
        ink = np.asarray(cv2.filter2D(ink, -1, kernel if rng.random() < 0.5 else kernel.T.copy()), dtype=np.float32)
    paper = _on_paper(_blurred(ink, 0.3 + 0.8 * strength * em / 26), rng, strength)
    paper = paper * (1 + 0.08 * strength * _clouds(rng, ink.shape, em * 2))
    paper = _coarse(_noisy(paper, rng, 1 + 5 * strength), float(np.clip(rng.uniform(13, 26) / em, 0.35, 1)))
    if rng.random() < 0.5:
        paper = paper + (paper - _blurred(paper, 1.0)) * float(rng.uniform(0.3, 1.2))
    return _jpeg(paper, int(rng.integers(max(20, int(70 - 40 * strength)), 90)))


def _low_dpi(ink: Ink, em: float, rng: Rng, strength: float) -> Ink:
    paper = _on_paper(_printed(ink, em, rng, strength * 0.6), rng, strength)
    paper = _coarse(paper, float(np.clip(rng.uniform(12, 18) / em, 0.3, 1)))
    return _noisy(paper, rng, 1 + 4 * strength)


def _sealed(paper: Ink, em: float, rng: Rng, strength: float) -> Ink:
    """Red of a seal, grey once the colour is gone: a ring's arc or a thick stroke across the line."""
    mask = np.zeros(paper.shape, np.float32)
    height, width = paper.shape
    radius = int(em * rng.uniform(1.5, 6))
    centre = (int(rng.uniform(-0.5, 1.5) * width), int(rng.uniform(-1, 2) * height + rng.choice([-1, 1]) * radius))
    cv2.circle(mask, centre, radius, 1.0, max(1, int(em * rng.uniform(0.06, 0.3))), cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 4))):
        a, b = rng.uniform(-0.2, 1.2, (2, 2)) * (width, height)
        cv2.line(
            mask,
            tuple(int(v) for v in a),
            tuple(int(v) for v in b),
            1.0,
            max(1, int(em * rng.uniform(0.05, 0.14))),
            cv2.LINE_AA,
        )
    depth = float(rng.uniform(0.06, 0.2 + 0.3 * strength))
    patches = np.clip(0.8 + 0.4 * _clouds(rng, paper.shape, em * 0.2), 0, 1)
    return np.asarray(paper * (1 - depth * mask * patches), dtype=np.float32)


_SCANS: tuple[Callable[[Ink, float, Rng, float], Ink], ...] = (_clean, _office, _fax, _copy, _messenger, _low_dpi)
_SHARES = (0.12, 0.33, 0.16, 0.13, 0.16, 0.10)
