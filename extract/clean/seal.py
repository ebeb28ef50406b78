"""Coloured ink lifted, the print below it kept: seals in red, and marks of a blue pen beside print.

Two inks, black and the stain, absorb light one on the other, so that their optical densities add up (Beer and Lambert).
Black absorbs alike in all channels; the stain absorbs strongly in one and weakly in another, at a ratio that is
measured on the stain itself. Two channels then give the amount of black in every pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean.light import background
from extract.geometry import Box
from extract.model import Image

Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
BLUE, GREEN, RED = 0, 1, 2
MIN_CHROMA = 28
"""How much a stain's weak channel outshines the strong one: more than a colour cast after white balance."""
MIN_SEAL_SHARE = 0.0004
"""The least part of a page that a seal's ink covers."""
REACH_PX = 3
"""How far beyond the coloured pixels a stain's edge is looked for."""
STAIN_QUANTILE = 0.85
"""Where in the distribution of a stain's density ratios its scatter ends."""
MAX_RATIO = 0.65
FEW_STROKES = 3
"""A mark has fewer strokes than this; more are handwriting, which may be the only ink of a cell and stays."""


@dataclass(frozen=True)
class Lifted:
    """The page in grey without coloured ink, and the boxes of what was lifted, in pixels of the image."""

    grey: Image
    seals: tuple[Box, ...] = ()
    marks: tuple[Box, ...] = ()


def lift(image: Image) -> Lifted:
    """Lift red seals, and pen marks beside print."""
    if image.ndim == 2:
        return Lifted(image)
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    red = _stained(image, RED)
    if cv2.countNonZero(red) < MIN_SEAL_SHARE * red.size:
        return Lifted(grey)
    grey = _without(image, grey, red, RED, GREEN)
    return Lifted(grey, _boxes(red))


def _stained(image: Image, weak: int) -> Mask:
    """255 where an ink absorbs clearly less in the weak channel than in the others, the paper's own cast taken out."""
    gain = _gain(image)
    balanced = [cv2.multiply(image[..., k], gain[k]) for k in range(3)]
    others = [balanced[k] for k in range(3) if k != weak]
    excess = cv2.subtract(balanced[weak], cv2.max(*others))
    return np.asarray(cv2.threshold(excess, MIN_CHROMA, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _gain(image: Image) -> tuple[float, float, float]:
    """Factors that make the paper grey."""
    small = image[::8, ::8].reshape(-1, 3).astype(np.float32)
    paper = np.median(small[small.sum(axis=1) >= np.median(small.sum(axis=1))], axis=0)
    b, g, r = (float(paper.mean()) / np.maximum(paper, 1)).tolist()
    return b, g, r


def _without(image: Image, grey: Image, mask: Mask, weak: int, strong: int) -> Image:
    """The grey page with the stain's share of every pixel in and around the mask taken out."""
    gain = _gain(image)
    paper = background(np.ascontiguousarray(image[..., weak]))
    result = grey.copy()
    for box in _boxes(mask):
        part = _slice(box, mask.shape)
        near = cv2.dilate(mask[part], np.ones((2 * REACH_PX + 1,) * 2, np.uint8)) > 0
        lit = _region(paper, box, mask.shape, near.shape)
        thin = _density(image[part][..., weak], lit)
        thick = _density(image[part][..., strong], lit * (gain[weak] / gain[strong]))
        kept = lit * gain[weak] * np.exp(-_black(thin, thick, mask[part] > 0))
        pixels = result[part]
        pixels[near] = np.clip(np.maximum(kept, pixels), 0, 255)[near].astype(np.uint8)
    return result


def _slice(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    return (
        slice(max(0, int(box.y0)), min(shape[0], int(box.y1) + 1)),
        slice(max(0, int(box.x0)), min(shape[1], int(box.x1) + 1)),
    )


def _region(paper: Image, box: Box, shape: tuple[int, ...], size: tuple[int, ...]) -> Floats:
    """The paper's brightness in a box, (h, w) as given, from the coarse map of the whole page."""
    sy, sx = shape[0] / paper.shape[0], shape[1] / paper.shape[1]
    y, x = max(0.0, box.y0) / sy, max(0.0, box.x0) / sx
    matrix = np.array([[1 / sx, 0, x], [0, 1 / sy, y]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    full = cv2.warpAffine(paper, matrix, (size[1], size[0]), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.maximum(full, 8).astype(np.float32)


def _density(channel: Image, paper: Floats) -> Floats:
    """Optical density against the paper, 0 and more."""
    return np.asarray(np.maximum(np.log(paper / np.maximum(channel, 4)), 0), dtype=np.float32)


def _black(thin: Floats, thick: Floats, stained: npt.NDArray[np.bool_]) -> Floats:
    """The density of black ink below a stain, from the densities in the stain's weak and strong channels.

    The stain's ratio scatters: its own grain, and colour that JPEG smears. Less black than that scatter is none.
    """
    strong = stained & (thick > 0.3)
    shares = thin[strong] / thick[strong] if strong.any() else np.zeros(1)
    ratio, high = np.minimum(np.quantile(shares, (0.5, STAIN_QUANTILE)), MAX_RATIO)
    black = np.maximum(thin - ratio * thick, 0) / (1 - ratio)
    stain = cv2.blur(np.maximum(thick - thin, 0) / (1 - ratio), (5, 5))
    scatter = np.maximum((high - ratio) * stain / (1 - ratio), 0.02)
    return np.asarray(black * np.clip(black / scatter - 1, 0, 1), dtype=np.float32)


def _boxes(mask: Mask) -> tuple[Box, ...]:
    """Boxes of the larger patches of a mask, near ones together."""
    reach = max(9, max(mask.shape) // 60)
    near = cv2.dilate(mask[::4, ::4], np.ones((reach // 4 | 1, reach // 4 | 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near)
    least = (max(mask.shape) / 40) ** 2 / 16
    boxes = [Box(4.0 * x, 4.0 * y, 4.0 * (x + w), 4.0 * (y + h)) for x, y, w, h, area in stats[1:] if area > least]
    return tuple(boxes)
