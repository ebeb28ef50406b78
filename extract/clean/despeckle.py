"""Specks: small ink with nothing beside it that it could belong to."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean.binarise import Components
from extract.model import Image

Stats = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

MAX_CHARS = 0.34
"""A speck is no larger than this; what is larger may be a character."""
REACH_CHARS = 0.5
"""A dot stands no further from its row of dots, a piece from its rule, one above the other."""
BESIDE_CHARS = 2.1
"""A full stop behind a closing quote stands no further from the last character as high as itself."""
DASH_ASPECT = 2.2
"""A mark so much wider than high may be the dash of an empty cell."""
DUST_PX = 2
"""So few pixels are not even a point."""


def speck_mask(ink: Image, char_height: float) -> Image:
    """255 where a speck is, (h, w) as the ink.

    Ink is grouped with what stands within reach beside it, and again with what stands above and below it; a speck's
    group is small both ways. So points in numbers, rows of dots and pieces of broken rules stay.
    """
    parts = Components.of(ink)
    stats = parts.stats
    largest = np.maximum(stats[:, 2], stats[:, 3])
    dash = (stats[:, 2] >= DASH_ASPECT * stats[:, 3]) & (stats[:, 2] > 0.5 * MAX_CHARS * char_height)
    small = (largest <= MAX_CHARS * char_height) & ~dash
    small[0] = False
    names = np.flatnonzero(small)
    if not len(names):
        return np.zeros_like(ink)
    alone = np.ones(len(names), dtype=bool)
    reach, beside = (max(3, int(chars * char_height) | 1) for chars in (REACH_CHARS, BESIDE_CHARS))
    thin = max(1, int(0.1 * char_height) | 1)
    for kernel in ((thin, beside), (reach, thin)):
        alone &= _small_group(ink, stats[names], kernel, char_height)
    dust = stats[names, 4] <= DUST_PX
    specks = np.zeros(len(stats), dtype=bool)
    specks[names[alone | dust]] = True
    return parts.mask(specks)


def _small_group(ink: Image, stats: Stats, kernel: tuple[int, int], char_height: float) -> Mask:
    """For each component whether what it is grouped with by dilation is no larger than a speck, all together."""
    high, wide = kernel
    rows = cv2.dilate(ink, np.ones((high, 1), np.uint8))[::2]
    grown = cv2.dilate(rows, np.ones((1, wide), np.uint8))[:, ::2]
    near = Components.of(np.ascontiguousarray(grown))
    labels, groups = near.labels, near.stats
    y = np.minimum((stats[:, 1] + stats[:, 3] // 2) // 2, labels.shape[0] - 1)
    x = np.minimum((stats[:, 0] + stats[:, 2] // 2) // 2, labels.shape[1] - 1)
    own = labels[y, x]
    height, width = 2 * groups[own, 3] - kernel[0], 2 * groups[own, 2] - kernel[1]
    return np.asarray((own > 0) & (np.maximum(width, height) <= 1.5 * MAX_CHARS * char_height))
