"""Scanner borders and punch holes: ink that is no part of the paper's content."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.model import Image

Mask = npt.NDArray[np.bool_]
MARGIN = 0.05
"""Share of the page on each side in which borders and holes lie."""


def border_mask(ink: Image, char_height: float) -> Mask:
    """Where borders and holes are: heavy ink at the image's edge, long lines that stay in the margin, round discs."""
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = int(0.7 * char_height) | 1
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    near_solid = cv2.dilate(solid, np.ones((size, size), np.uint8)) > 0
    whole = _in_margin(stats, ink.shape) | _discs(stats, centres, ink.shape, char_height)
    heavy = _at_edge(stats, ink.shape)
    whole[0] = heavy[0] = False
    return np.asarray(whole[labels] | (heavy[labels] & near_solid))


def _in_margin(stats: npt.NDArray[np.int32], shape: tuple[int, ...]) -> Mask:
    """Long components that nowhere reach out of the margin."""
    x, y, w, h = (stats[:, k] for k in range(4))
    height, width = shape
    dx, dy = MARGIN * width, MARGIN * height
    beside = (x + w < dx) | (x > width - dx)
    above = (y + h < dy) | (y > height - dy)
    return np.asarray((beside & (h > 0.08 * height)) | (above & (w > 0.08 * width)))


def _at_edge(stats: npt.NDArray[np.int32], shape: tuple[int, ...]) -> Mask:
    x, y, w, h = (stats[:, k] for k in range(4))
    return np.asarray((x <= 2) | (y <= 2) | (x + w >= shape[1] - 2) | (y + h >= shape[0] - 2))


def _discs(
    stats: npt.NDArray[np.int32], centres: npt.NDArray[np.float64], shape: tuple[int, ...], char_height: float
) -> Mask:
    """Punch holes: round, solid, larger than a character, near an edge."""
    w, h, area = (stats[:, k].astype(np.float64) for k in (2, 3, 4))
    fill = area / np.maximum(w * h, 1)
    round_ = (fill > 0.7) & (fill < 0.9) & (w > 0.75 * h) & (h > 0.75 * w) & (w > 1.3 * char_height)
    x, y = centres[:, 0] / shape[1], centres[:, 1] / shape[0]
    return np.asarray(round_ & ((np.minimum(x, 1 - x) < 0.1) | (np.minimum(y, 1 - y) < 0.07)))
