"""The ink of a page without its rules: connected components, as boxes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.geometry import Box
from extract.model import CleanPage, Image

Boxes = npt.NDArray[np.float64]
"""(n, 5): x0, y0, x1, y1 in clean pixels, and the inked area in square pixels."""

_RULE_CHARS = 3.0
_RULE_HALO_CHARS = 0.08
_WORN_GAP_CHARS = 0.15
_DUST_AREA_CHARS = 0.006
_PAPER = 255
_MARGIN_CHARS = 0.12
_FAINT = 0.35, 6.0
_FAINTEST = 0.18, 4.0
"""Shares of the ink's depth, and multiples of the paper's noise."""
_SEARCHED_CHARS = 0.35
_RULE_COVER = 0.7
_STRETCHES = 4
_MIN_STRETCH_CHARS = 2.0


@dataclass(frozen=True, eq=False)
class Ink:
    """A page's ink as 0/255 masks, with its rules and without, and the picture with the rules painted over.

    Without the rules, small gaps along a line of text are filled, so that a worn dash is one component. `faint` has
    what is hardly darker than the paper as well, the rules left out.
    """

    mask: Image
    unruled: Image
    faint: Image
    image: Image
    char_height: float

    def inside(self, box: Box) -> Boxes:
        """The components of the ink in a box, dust left out."""
        height, width = self.unruled.shape
        x0, y0 = max(0, round(box.x0)), max(0, round(box.y0))
        x1, y1 = min(width, round(box.x1)), min(height, round(box.y1))
        if x1 <= x0 or y1 <= y0:
            return np.zeros((0, 5))
        _, _, stats, _ = cv2.connectedComponentsWithStats(self.unruled[y0:y1, x0:x1], connectivity=8)
        kept = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= _DUST_AREA_CHARS * self.char_height**2]
        left, top, w, h, area = kept.astype(np.float64).T
        return np.column_stack((x0 + left, y0 + top, x0 + left + w, y0 + top + h, area))

    def interior(self, cell: Box) -> Box:
        """A cell without the rules on its sides: the part of its box inside of the innermost of them.

        A row or column of pixels near a side is a rule where ink covers most of it, or most of a quarter of it
        (a rule may be tilted).
        """
        height, width = self.mask.shape
        x0, y0 = max(0, round(cell.x0)), max(0, round(cell.y0))
        x1, y1 = min(width, round(cell.x1)), min(height, round(cell.y1))
        part = self.mask[y0:y1, x0:x1]
        if part.size == 0:
            return cell
        top, bottom = (_inset(side, self.char_height) for side in (part, part[::-1]))
        left, right = (_inset(side, self.char_height) for side in (part.T, part.T[::-1]))
        cx, cy = cell.cx, cell.cy
        return Box(min(x0 + left, cx), min(y0 + top, cy), max(x1 - right, cx), max(y1 - bottom, cy))


def without_rules(page: CleanPage) -> Ink:
    """A page's ink with its rules told apart: strokes straight for three characters or more."""
    mask, faint = (cv2.bitwise_or(page.ink, darker) for darker in _darker(page))
    halo = 1 + 2 * max(1, round(_RULE_HALO_CHARS * page.char_height))
    grown = cv2.dilate(_rules(mask, page.char_height), np.ones((halo, halo), dtype=np.uint8))
    bridge = np.ones((1, 1 + round(_WORN_GAP_CHARS * page.char_height)), dtype=np.uint8)
    unruled = cv2.subtract(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, bridge), grown)
    faint = cv2.subtract(faint, grown)
    image = cv2.max(page.image, grown)
    mask, unruled, faint, image = (np.asarray(one, dtype=np.uint8) for one in (mask, unruled, faint, image))
    return Ink(mask, unruled, faint, image, page.char_height)


def bounds(boxes: Boxes) -> Box:
    """The smallest box around components (at least one)."""
    x0, y0 = boxes[:, :2].min(axis=0)
    x1, y1 = boxes[:, 2:4].max(axis=0)
    return Box(float(x0), float(y0), float(x1), float(y1))


def _darker(page: CleanPage) -> tuple[Image, Image]:
    """The strokes that a threshold for the whole page loses: faint ones (thin dashes, worn digits), and the faintest.

    Faint is what differs from paper by a share of what the ink does, and by more than the paper's own noise (the
    median deviation, times 1.48 for normal noise).
    """
    paper = cv2.bitwise_not(page.ink)
    if not paper.any() or paper.all():
        return page.ink, page.ink
    noise = 1.48 * (_PAPER - _median(page.image, paper))
    depth = _PAPER - _median(page.image, page.ink)
    least = (max(share * depth, noises * noise) for share, noises in (_FAINT, _FAINTEST))
    faint, faintest = (cv2.threshold(page.image, _PAPER - one, 255, cv2.THRESH_BINARY_INV)[1] for one in least)
    return np.asarray(faint, dtype=np.uint8), np.asarray(faintest, dtype=np.uint8)


def _median(image: Image, mask: Image) -> float:
    """The median brightness where a mask is set, by counting: sorting a page takes fifty times as long."""
    counts = np.cumsum(cv2.calcHist([image], [0], mask, [256], [0, 256]))
    lower, upper = np.searchsorted(counts, ((counts[-1] + 1) // 2, counts[-1] // 2 + 1))
    return float(lower + upper) / 2


def _inset(part: Image, char_height: float) -> float:
    """How many pixels from the first row inwards belong to a rule, with a margin."""
    near = part[: max(1, round(_SEARCHED_CHARS * char_height))] > 0
    width = near.shape[1]
    count = _STRETCHES if width >= _STRETCHES * _MIN_STRETCH_CHARS * char_height else 1
    edges = np.arange(count + 1) * width // count
    inked = np.add.reduceat(near, edges[:-1], axis=1, dtype=np.int32)
    cover = (inked / np.diff(edges)).max(axis=1)
    rows = np.flatnonzero(cover >= _RULE_COVER)
    return float(rows[-1] + 1 if len(rows) else 0) + _MARGIN_CHARS * char_height


def _rules(ink: Image, char_height: float) -> Image:
    length = max(3, round(_RULE_CHARS * char_height))
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), dtype=np.uint8))
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), dtype=np.uint8))
    return np.asarray(cv2.bitwise_or(flat, tall), dtype=np.uint8)
