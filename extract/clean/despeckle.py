"""Specks: small ink with nothing beside it that it could belong to."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.binarise import Components
from extract.model import Image

Stats = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


def speck_mask(ink: Image, char_height: float) -> Image:
    """255 where a speck is, (h, w) as the ink.

    Ink is grouped with what stands within reach beside it, and again with what stands above and below it; a speck's
    group is small both ways. So points in numbers, rows of dots and pieces of broken rules stay.
    """
    parts = Components.of(ink)
    stats = parts.stats
    largest = np.maximum(stats[:, 2], stats[:, 3])
    dash = (stats[:, 2] >= cal.DASH_ASPECT * stats[:, 3]) & (stats[:, 2] > 0.5 * cal.MAX_SPECK_CHARS * char_height)
    small = (largest <= cal.MAX_SPECK_CHARS * char_height) & ~dash
    small[0] = False
    names = np.flatnonzero(small)
    if not len(names):
        return np.zeros_like(ink)
    alone = np.ones(len(names), dtype=bool)
    reach, beside = (max(3, int(chars * char_height) | 1) for chars in (cal.SPECK_REACH_CHARS, cal.SPECK_BESIDE_CHARS))
    thin = max(1, int(0.1 * char_height) | 1)
    for kernel in ((thin, beside), (reach, thin)):
        alone &= _small_group(ink, stats[names], kernel, char_height)
    dust = stats[names, 4] <= cal.DUST_PX
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
    return np.asarray((own > 0) & (np.maximum(width, height) <= 1.5 * cal.MAX_SPECK_CHARS * char_height))
