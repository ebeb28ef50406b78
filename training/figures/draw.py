"""Lines drawn as printers print them: ink on a canvas, and the crop that a page reader would cut around it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from training.figures.alphabet import CHARACTERS, OTHER, SHAPES, WIDE
from training.figures.fonts import Font, Fonts, face, has, metrics
from training.figures.text import line as words_of

Rng = np.random.Generator
Ink = npt.NDArray[np.float32]
"""(h, w): how much ink there is, from 0 (paper) to 1."""

_LETTERS = set("0123456789.,%()-+/:")
_LEAST_EM, _MOST_EM = 10.0, 48.0
_DRAWN_PX = (24, 36, 52, 76)
"""Sizes in which glyphs are drawn, before they are made as small as the scan shows them."""

_PAD = 1.0


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line's ink with one em of room around it, and where its crop is to be cut, in pixels: x0, y0, x1, y1."""

    ink: Ink
    text: str
    em: float
    crop: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Style:
    chinese: Font
    western: Font
    plan: str
    spacing: float
    px: int
    signs_western: bool


def drawn(text: str, fonts: Fonts, rng: Rng) -> Drawn | None:
    """A line in random fonts and sizes, None where no font has one of its characters."""
    em = float(np.clip(np.exp(rng.normal(np.log(25), 0.38)), _LEAST_EM, _MOST_EM))
    px = next((size for size in _DRAWN_PX if size >= 1.5 * em), _DRAWN_PX[-1])
    scale = px / em
    style = _style(fonts, rng, px)
    laid = _laid(text, style, fonts, rng)
    if laid is None:
        return None
    canvas, box = laid
    own = (canvas.shape[1], canvas.shape[0])
    if rng.random() < 0.12:
        _with_neighbour(canvas, style, fonts, rng)
    size = (max(1, round(own[0] / scale)), max(1, round(own[1] / scale)))
    ink = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    crop = _crop(tuple(v / scale for v in box), em, rng)
    _with_rules(ink, crop, em, rng)
    return Drawn(np.asarray(ink, dtype=np.float32), text, em, crop)


def label(text: str) -> tuple[int, ...]:
    """The classes of a line's characters, from 1 on; blank is 0. White space is not read."""
    places = {char: index for index, char in enumerate(CHARACTERS, 1)}
    return tuple(places.get(char, places[OTHER]) for char in text if not char.isspace())


def _style(fonts: Fonts, rng: Rng, px: int) -> _Style:
    plan = ("western", "western", "chinese", "chinese", "wide")[rng.choice(5, p=[0.3, 0.25, 0.25, 0.12, 0.08])]
    turned = rng.random()
    spacing = 0.0 if turned < 0.7 else float(rng.uniform(0, 0.16)) if turned < 0.9 else float(rng.uniform(-0.03, 0))
    return _Style(_one(fonts.chinese, rng), _one(fonts.western, rng), plan, spacing, px, rng.random() < 0.5)


def _one(fonts: tuple[Font, ...], rng: Rng) -> Font:
    weights = np.array([font.weight for font in fonts], dtype=float)
    return fonts[rng.choice(len(fonts), p=weights / weights.sum())]


def _glyph(char: str, style: _Style, fonts: Fonts, rng: Rng) -> tuple[str, Font] | None:
    """The glyph and font that print a character; a font that lacks it is stood in for by one that has it."""
    if style.plan == "wide" and char in WIDE and (char not in ".%" or rng.random() < 0.5):
        wanted, first = WIDE[char], style.chinese
    else:
        options = SHAPES.get(char, char)
        wanted = options[int(rng.integers(len(options)))] if rng.random() < 0.4 else options[0]
        western = style.plan == "western" and (char in _LETTERS or (ord(char) < 0x3000 and style.signs_western))
        first = style.western if western else style.chinese
    for glyph in dict.fromkeys((wanted, char)):
        for font in (first, style.chinese, style.western):
            if has(font, glyph):
                return glyph, font
    for _ in range(4):
        font = _one(fonts.chinese, rng)
        if has(font, char):
            return char, font
    return None


def _laid(text: str, style: _Style, fonts: Fonts, rng: Rng) -> tuple[Ink, tuple[float, ...]] | None:
    """A text set on a canvas of its own, and the box of its ink."""
    placed: list[tuple[str, Font, float]] = []
    x = pad = _PAD * style.px
    gap = rng.random() < 0.05
    boxes = []
    for char in text:
        found = _glyph(char, style, fonts, rng)
        if found is None:
            return None
        glyph, font = found
        placed.append((glyph, font, x))
        (x0, y0, x1, y1), advance = metrics(font, style.px, glyph)
        boxes.append((x + x0, y0, x + x1, y1))
        x += advance + style.spacing * style.px + (gap and rng.random() < 0.2) * rng.uniform(0.1, 0.5) * style.px
    baseline = pad + 1.0 * style.px
    image = Image.new("L", (int(x + pad), int(baseline + 0.4 * style.px + pad)))
    draw = ImageDraw.Draw(image)
    for glyph, font, left in placed:
        draw.text((left, baseline), glyph, fill=255, font=face(font, style.px), anchor="ls")
    edges = np.array(boxes)
    box = (edges[:, 0].min(), edges[:, 1].min() + baseline, edges[:, 2].max(), edges[:, 3].max() + baseline)
    return np.asarray(image, dtype=np.float32) / 255, tuple(float(v) for v in box)


def _with_neighbour(canvas: Ink, style: _Style, fonts: Fonts, rng: Rng) -> None:
    """The line above or below, as far as the canvas shows it."""
    laid = _laid(words_of(rng)[:12], style, fonts, rng)
    if laid is None:
        return
    other = laid[0]
    step = int(rng.uniform(1.15, 1.6) * style.px) * (1 if rng.random() < 0.5 else -1)
    width = min(canvas.shape[1], other.shape[1])
    height = canvas.shape[0] - abs(step)
    rows, from_rows = (
        (slice(step, None), slice(0, height)) if step > 0 else (slice(0, height), slice(-step, -step + height))
    )
    part = other[from_rows, :width]
    view = canvas[rows, :width][: part.shape[0]]
    np.maximum(view, part, out=view)


def _crop(box: tuple[float, ...], em: float, rng: Rng) -> tuple[float, float, float, float]:
    """Where a crop is cut: as the product cuts (six of ten), or too tight, or too wide.

    Nothing but a hair's breadth of the ink is cut off at the bottom: a point that no crop shows cannot be read.
    """
    x0, y0, x1, y1 = box
    if rng.random() < 0.6:
        tall = max(0.0, (rng.uniform(0.85, 1.15) * em - (y1 - y0)) / 2)
        top = bottom = tall + rng.choice([0.04, 0.22, rng.uniform(0.0, 0.3)]) * em
        shift = float(np.clip(rng.normal(0, 0.04), -0.1, 0.1)) * em
        top, bottom = top + shift, bottom - shift
    else:
        top, bottom = rng.uniform(-0.05, 0.5, 2) * em
        top += max(0.0, 0.7 * em - (y1 - y0) - top - bottom)
    left, right = (rng.uniform(-0.03, 0.05, 2) if rng.random() < 0.1 else rng.uniform(0.05, 0.5, 2)) * em
    return x0 - left, y0 - top, x1 + right, y1 + max(-0.02 * em, bottom)


def _with_rules(ink: Ink, crop: tuple[float, float, float, float], em: float, rng: Rng) -> None:
    """Remnants of a cell's rules at the edges of the crop."""
    height, width = ink.shape
    for side in range(4):
        if rng.random() > 0.06:
            continue
        thick = max(1, round(float(rng.uniform(0.02, 0.09)) * em))
        at = round(crop[side] + float(rng.uniform(-0.06, 0.03)) * em * (1 if side < 2 else -1))
        dark = float(rng.uniform(0.4, 1.0))
        if side % 2 == 0:
            start, end = max(0, at - (thick if side == 0 else 0)), max(0, at + (0 if side == 0 else thick))
            ink[:, start:end] = np.maximum(ink[:, start:end], dark)
        else:
            a, b = sorted(rng.integers(0, width, 2)) if rng.random() < 0.5 else (0, width)
            start, end = max(0, at - (thick if side == 1 else 0)), max(0, at + (0 if side == 1 else thick))
            ink[start : min(end, height), a:b] = np.maximum(ink[start : min(end, height), a:b], dark)
