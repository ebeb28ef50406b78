"""Coloured ink lifted, the print below it kept: seals in red, and marks of a blue pen beside print.

Two inks, black and the stain, absorb light one on the other, so that their optical densities add up (Beer and Lambert).
Black absorbs alike in all channels; the stain absorbs strongly in one and weakly in another, at a ratio that is
measured on the stain itself. Two channels then give the amount of black in every pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.illumination import background
from extract.geometry import Box
from extract.model import Image

Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Gain = tuple[float, float, float]
"""Factors for blue, green and red."""
BLUE, GREEN, RED = 0, 1, 2


@dataclass(frozen=True)
class Lifted:
    """The page in grey without coloured ink, and the boxes of what was lifted, in pixels of the image."""

    grey: Image
    seals: tuple[Box, ...] = ()
    marks: tuple[Box, ...] = ()


def lift(image: Image) -> Lifted:
    """Lift red seals, and marks of a blue pen beside print.

    Blue handwriting stays: only groups of fewer than FEW_STROKES strokes that stand at print are lifted.
    """
    if image.ndim == 2:
        return Lifted(image)
    gain = _gain(image)
    grey, reddish, bluish = _channels(image, gain)
    seals: tuple[Box, ...] = ()
    marks: tuple[Box, ...] = ()
    red = _stained(reddish)
    if red is not None and cv2.countNonZero(red) >= cal.MIN_SEAL_SHARE * red.size:
        seals = _boxes(red)
        grey = _without(image, grey, red, seals, gain, (RED, GREEN))
    blue = _stained(bluish)
    if blue is not None:
        blue, marks = _marks(blue, grey)
        grey = _without_rests(_without(image, grey, blue, marks, gain, (BLUE, RED)), grey, blue, marks)
    return Lifted(grey, seals, marks)


def _marks(blue: Mask, grey: Image) -> tuple[Mask, tuple[Box, ...]]:
    """The strokes of a pen's mask that mark print, and a box around each group of them."""
    unit = max(blue.shape) / cal.PAGE_CHARS
    side = max(3, int(unit) | 1)
    solid = cv2.dilate(blue, np.ones((5, 5), np.uint8))
    _, _, groups, _ = cv2.connectedComponentsWithStats(cv2.dilate(solid, np.ones((side, side), np.uint8)))
    kept, boxes = np.zeros_like(blue), []
    for x, y, w, h, _ in groups[1:].tolist():
        part = (slice(y, y + h), slice(x, x + w))
        _, _, strokes, _ = cv2.connectedComponentsWithStats(solid[part])
        large = np.maximum(strokes[1:, 2], strokes[1:, 3]) > 0.7 * unit
        if 0 < int(large.sum()) < cal.FEW_STROKES and _has_print(solid, grey, Box(x, y, x + w, y + h), unit):
            kept[part] = np.maximum(kept[part], blue[part])
            boxes.append(Box(x, y, x + w, y + h))
    return kept, tuple(boxes)


def _has_print(solid: Mask, grey: Image, box: Box, unit: float) -> bool:
    """Whether black glyphs stand in a box or beside it."""
    wide = Box(box.x0 - 2 * unit, box.y0 - 0.7 * unit, box.x1 + 2 * unit, box.y1 + 0.7 * unit)
    part = _slice(wide, grey.shape)
    window = grey[part]
    dark = (window < 0.65 * float(np.percentile(window, 90))) & (solid[part] == 0)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    x, y, w, h = (stats[1:, k] for k in range(4))
    whole = (x > 0) & (y > 0) & (x + w < window.shape[1]) & (y + h < window.shape[0])
    return bool((whole & (h > 0.3 * unit) & (h < 2 * unit) & (w < 3 * unit)).any())


def _channels(image: Image, gain: Gain) -> tuple[Image, Image, Image]:
    """The page in grey, and by how much its red and its blue outshine the other channels, their cast taken out."""
    grey, reddish, bluish = (np.empty(image.shape[:2], np.uint8) for _ in range(3))
    for top in range(0, len(image), cal.CHANNEL_STRIP_PX):
        rows = slice(top, top + cal.CHANNEL_STRIP_PX)
        cv2.cvtColor(image[rows], cv2.COLOR_BGR2GRAY, dst=grey[rows])
        split = cv2.split(image[rows])
        b, g, r = (cv2.convertScaleAbs(part, alpha=factor) for part, factor in zip(split, gain, strict=True))
        cv2.subtract(r, cv2.max(b, g), dst=reddish[rows])
        cv2.subtract(b, cv2.max(g, r), dst=bluish[rows])
    return grey, reddish, bluish


def _stained(excess: Image) -> Mask | None:
    """255 where an ink's own channel clearly outshines the others, by an excess; None where there is no such ink.

    Paler pixels count next to those beyond doubt: thin strokes and edges.
    """
    if _sure(excess) < max(1, cal.MIN_MARK_SHARE * excess.size):
        return None
    sure = cv2.compare(excess, cal.MIN_CHROMA, cv2.CMP_GT)
    side = max(sure.shape) // cal.PAGE_CHARS | 1
    near = cv2.dilate(sure, np.ones((side, side), np.uint8))
    return np.asarray(cv2.bitwise_and(cv2.compare(excess, cal.PALE_CHROMA, cv2.CMP_GT), near), dtype=np.uint8)


def _sure(excess: Image) -> int:
    """How many pixels are of such an ink beyond doubt."""
    strips = (excess[top : top + cal.CHANNEL_STRIP_PX] for top in range(0, len(excess), cal.CHANNEL_STRIP_PX))
    return sum(cv2.countNonZero(cv2.compare(strip, cal.MIN_CHROMA, cv2.CMP_GT)) for strip in strips)


def _gain(image: Image) -> Gain:
    """Factors that make the paper grey."""
    small = [np.ascontiguousarray(image[::8, ::8, channel]).ravel() for channel in range(3)]
    total = np.asarray(np.sum(small, axis=0, dtype=np.int32))
    bright = total >= _median(total)
    paper = np.array([_median(part[bright]) for part in small], dtype=np.float32)
    b, g, r = (float(paper.mean()) / np.maximum(paper, 1)).tolist()
    return b, g, r


def _median(values: npt.NDArray[np.integer[Any]]) -> float:
    """The median of small numbers, by counting them."""
    until = np.cumsum(np.bincount(values))
    low, high = np.searchsorted(until, [(len(values) - 1) // 2, len(values) // 2], side="right")
    return (int(low) + int(high)) / 2


def _without(
    image: Image, grey: Image, mask: Mask, boxes: tuple[Box, ...], gain: Gain, channels: tuple[int, int]
) -> Image:
    """The grey page with the stain's share of every pixel in and around the mask, within boxes, taken out.

    `channels` are the ones in which the stain absorbs weakly and strongly.
    """
    if not boxes:
        return grey
    weak, strong = channels
    paper = background(np.asarray(cv2.extractChannel(image, weak), dtype=np.uint8))
    result = grey.copy()
    for box in boxes:
        part = _slice(box, mask.shape)
        near = cv2.dilate(mask[part], np.ones((2 * cal.STAIN_REACH_PX + 1,) * 2, np.uint8)) > 0
        lit = _region(paper, box, mask.shape, near.shape)
        thin = _density(image[part][..., weak], lit)
        thick = _density(image[part][..., strong], lit * (gain[weak] / gain[strong]))
        kept = lit * gain[weak] * np.exp(-_black(thin, thick, mask[part] > 0))
        pixels = result[part]
        pixels[near] = np.clip(np.maximum(kept, pixels), 0, 255)[near].astype(np.uint8)
    return result


def _without_rests(lifted: Image, grey: Image, mask: Mask, boxes: tuple[Box, ...]) -> Image:
    """The lifted page without small rests of strokes that were coloured for a good part before.

    JPEG takes the colour from a stroke's thin ends; what is left of them would be read as ink.
    """
    if not boxes:
        return lifted
    result = lifted.copy()
    small = cal.MAX_REST_CHARS * max(grey.shape) / cal.PAGE_CHARS
    for box in boxes:
        reach = 0.3 * max(box.width, box.height)
        part = _slice(Box(box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach), grey.shape)
        paper = float(np.percentile(grey[part], 90))
        count, labels, stats, _ = _components(grey[part], paper)
        near = cv2.dilate(mask[part], np.ones((3, 3), np.uint8)) > 0
        coloured = np.bincount(labels[near], minlength=count) >= cal.MIN_COLOURED_SHARE * stats[:, 4]
        coloured[0] = False
        count, rests, stats, _ = _components(result[part], paper)
        gone = np.bincount(rests[coloured[labels]], minlength=count) > 0.5 * stats[:, 4]
        gone &= np.maximum(stats[:, 2], stats[:, 3]) < small
        gone[0] = False
        halo = cv2.dilate(gone[rests].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        result[part][halo & ((rests == 0) | gone[rests])] = int(paper)
    return result


def _components(grey: Image, paper: float) -> tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]:
    dark = np.asarray(cv2.compare(grey, 0.88 * paper, cv2.CMP_LT), dtype=np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(dark, ltype=cv2.CV_32S)
    return count, np.asarray(labels), np.asarray(stats), np.asarray(centres, dtype=np.float32)


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
    return np.asarray(np.maximum(full, 8), dtype=np.float32)


def _density(channel: Image, paper: Floats) -> Floats:
    """Optical density against the paper, 0 and more."""
    return np.asarray(np.maximum(np.log(paper / np.maximum(channel, 4)), 0), dtype=np.float32)


def _black(thin: Floats, thick: Floats, stained: npt.NDArray[np.bool_]) -> Floats:
    """The density of black ink below a stain, from the densities in the stain's weak and strong channels.

    The stain scatters, by its own grain and by colour that JPEG smears: less black than that scatter is none, and what
    exceeds it is raised again.
    """
    strong = stained & (thick > 0.3)
    if int(strong.sum()) < cal.FEW_STAIN_PX:
        return thin
    ratio = min(cal.MAX_STAIN_RATIO, float(np.median(thin[strong] / thick[strong])))
    stain = cv2.blur(np.maximum(thick - thin, 0) / (1 - ratio), (5, 5))
    black = np.maximum(thin - ratio * stain, 0)
    rest = (thin - ratio * stain)[strong]
    scatter = max(
        cal.LEAST_STAIN_SCATTER, cal.STAIN_SCATTER * 1.4826 * float(np.median(np.abs(rest - np.median(rest))))
    )
    covered = cv2.blur(cv2.dilate(stained.astype(np.float32), np.ones((3, 3), np.uint8)), (3, 3))
    return np.asarray(np.maximum(black - scatter * covered, 0) * (1 + covered), dtype=np.float32)


def _boxes(mask: Mask) -> tuple[Box, ...]:
    """Boxes of the larger patches of a mask, near ones together; the ground beside a sheet is none."""
    reach = max(9, max(mask.shape) // 60)
    near = cv2.dilate(mask[::4, ::4], np.ones((reach // 4 | 1, reach // 4 | 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near)
    least = (max(mask.shape) / 40) ** 2 / 16
    most = cal.MAX_SEAL_BOX_SHARE * near.size
    boxes = [
        Box(4 * x, 4 * y, 4 * (x + w), 4 * (y + h))
        for x, y, w, h, area in stats[1:].tolist()
        if area > least and w * h < most
    ]
    return tuple(box for box in boxes if not any(_within(box, other) for other in boxes))


def _within(box: Box, other: Box) -> bool:
    """Whether a box lies in a larger one: the star in a ring."""
    inside = other.x0 <= box.x0 and other.y0 <= box.y0 and box.x1 <= other.x1 and box.y1 <= other.y1
    return inside and box != other
