"""The ink of a page without its rules: connected components, as boxes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.geometry import Box
from extract.model import CleanPage, Image

Boxes = npt.NDArray[np.float64]
"""(n, 4): x0, y0, x1, y1 in clean pixels."""

_RULE_CHARS = 3.0
_PAPER = 255


@dataclass(frozen=True, eq=False)
class Ink:
    """Components of a page: `boxes` (n, 4) in clean pixels; `image` is the page's with its rules painted over."""

    boxes: Boxes
    image: Image
    char_height: float

    def inside(self, box: Box) -> Boxes:
        """The components whose centre lies in a box."""
        cx = (self.boxes[:, 0] + self.boxes[:, 2]) / 2
        cy = (self.boxes[:, 1] + self.boxes[:, 3]) / 2
        chosen: Boxes = self.boxes[(cx >= box.x0) & (cx < box.x1) & (cy >= box.y0) & (cy < box.y1)]
        return chosen


def without_rules(page: CleanPage) -> Ink:
    """Components of a page's ink, rules taken out: strokes straight for three characters or more."""
    rules = _rules(page.ink, page.char_height)
    grown = cv2.dilate(rules, np.ones((3, 3), dtype=np.uint8))
    ink = np.where(grown > 0, 0, page.ink).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height = (stats[1:, i].astype(np.float64) for i in range(4))
    image = np.where(grown > 0, _PAPER, page.image).astype(np.uint8)
    return Ink(np.column_stack((left, top, left + width, top + height)), image, page.char_height)


def bounds(boxes: Boxes) -> Box:
    """The smallest box around components (at least one)."""
    x0, y0 = boxes[:, :2].min(axis=0)
    x1, y1 = boxes[:, 2:].max(axis=0)
    return Box(float(x0), float(y0), float(x1), float(y1))


def _rules(ink: Image, char_height: float) -> Image:
    length = max(3, round(_RULE_CHARS * char_height))
    flat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), dtype=np.uint8))
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), dtype=np.uint8))
    return np.asarray(cv2.bitwise_or(flat, tall), dtype=np.uint8)
