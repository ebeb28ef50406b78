"""Scanner borders and punch holes: ink that is no part of the paper's content."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.binarise import Components
from extract.model import Image

Mask = npt.NDArray[np.bool_]
Stats = npt.NDArray[np.int32]


def border_mask(ink: Image, char_height: float, parts: Components) -> Image:
    """255 where borders and holes are: heavy ink at the image's edge, long lines within the margin, punch holes.

    `parts` are the components of the ink.
    """
    labels, stats = parts.labels, parts.stats
    whole = _in_margin(stats, ink.shape)
    for k in _hole_candidates(stats, ink.shape, char_height):
        whole[k] = _is_hole(labels, stats, int(k))
    heavy = _at_edge(stats, ink.shape)
    whole[0] = heavy[0] = False
    mask = parts.mask(whole)
    if heavy.any():
        size = int(0.7 * char_height) | 1
        solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        near_solid = cv2.dilate(solid, np.ones((size, size), np.uint8))
        mask = cv2.bitwise_or(mask, cv2.bitwise_and(parts.mask(heavy), near_solid))
    return np.asarray(mask, dtype=np.uint8)


def _in_margin(stats: Stats, shape: tuple[int, ...]) -> Mask:
    """Long components that nowhere reach out of the margin."""
    x, y, w, h = (stats[:, k] for k in range(4))
    height, width = shape
    dx, dy = cal.BORDER_MARGIN * width, cal.BORDER_MARGIN * height
    beside = (x + w < dx) | (x > width - dx)
    above = (y + h < dy) | (y > height - dy)
    return np.asarray((beside & (h > 0.08 * height)) | (above & (w > 0.08 * width)))


def _at_edge(stats: Stats, shape: tuple[int, ...]) -> Mask:
    x, y, w, h = (stats[:, k] for k in range(4))
    return np.asarray((x <= 2) | (y <= 2) | (x + w >= shape[1] - 2) | (y + h >= shape[0] - 2))


def _hole_candidates(stats: Stats, shape: tuple[int, ...], char_height: float) -> npt.NDArray[np.intp]:
    """Components about as wide as high, larger than a character, centred in the margin."""
    x, y, w, h, area = (stats[:, k].astype(np.float64) for k in range(5))
    across, down = (x + w / 2) / shape[1], (y + h / 2) / shape[0]
    beside = np.minimum(across, 1 - across) < cal.HOLE_MARGIN[0]
    above = np.minimum(down, 1 - down) < cal.HOLE_MARGIN[1]
    full = area > 0.65 * w * h
    round_ = (w > 0.8 * h) & (h > 0.8 * w) & (np.minimum(w, h) > cal.MIN_HOLE_CHARS * char_height)
    return np.flatnonzero((beside | above) & full & round_)


def _is_hole(labels: npt.NDArray[np.int32], stats: Stats, name: int) -> bool:
    """Whether a component is a disc, larger than whatever stands beside it: a bold glyph stands among its like."""
    x, y, w, h = (int(v) for v in stats[name, :4])
    own = labels[y : y + h, x : x + w] == name
    v, u = np.mgrid[0:h, 0:w]
    disc = ((u - (w - 1) / 2) / (w / 2)) ** 2 + ((v - (h - 1) / 2) / (h / 2)) ** 2 <= 1.0
    if np.count_nonzero(own & disc) < cal.MIN_DISC_IOU * np.count_nonzero(own | disc):
        return False
    near = np.unique(labels[max(0, y - h // 3) : y + h + h // 3, max(0, x - w) : x + 2 * w])
    others = near[(near != 0) & (near != name)]
    beside = (stats[others, 3] > 0.7 * h) & (stats[others, 3] < 1.5 * h)
    return not bool(beside.any())
