"""Binarised ink, and the height of a line of text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.downscale import halved
from extract.model import Image


def binarise(even: Image, char_height: float) -> Image:
    """Ink 255, paper 0: a local threshold (Sauvola) on a page whose light is even, its map made at half size."""
    h, w = even.shape
    half = halved(even)
    size = max(3, int(cal.BINARISE_WINDOW_CHARS * char_height / 2) | 1)
    mean = cv2.boxFilter(half, cv2.CV_32F, (size, size), borderType=cv2.BORDER_REPLICATE)
    spread = cv2.sqrBoxFilter(half, cv2.CV_32F, (size, size), borderType=cv2.BORDER_REPLICATE)
    spread -= mean * mean
    deviation = cv2.sqrt(cv2.max(spread, 0.0, dst=spread), dst=spread)
    deviation *= cal.SAUVOLA_K / 128
    deviation += 1 - cal.SAUVOLA_K
    threshold = cv2.min(cv2.multiply(mean, deviation, dst=mean), float(cal.LIGHTEST_INK), dst=mean)
    full = cv2.resize(threshold.astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(even, full, cv2.CMP_LT), dtype=np.uint8)


def quick(even: Image) -> Image:
    """Ink by one threshold for all of a page whose light is even: for estimates only."""
    return np.asarray(cv2.threshold(even, cal.ROUGH_THRESHOLD - 1, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def without_rules(ink: Image, length: int) -> Image:
    """Ink less all straight runs of at least `length` pixels, across and down."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(ink, rules), dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Components:
    """Ink in one piece each (8-connected), by label: 0 is the paper. `stats` rows are x, y, width, height, area."""

    labels: npt.NDArray[np.int32]
    stats: npt.NDArray[np.int32]

    @staticmethod
    def of(ink: Image) -> Components:
        """The components of ink."""
        _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_GRANA)
        return Components(np.asarray(labels, dtype=np.int32), np.asarray(stats, dtype=np.int32))

    def mask(self, kept: npt.NDArray[np.bool_]) -> Image:
        """255 where a kept component is; `kept` goes by label."""
        names = np.flatnonzero(kept)
        boxes = self.stats[names, :4]
        if len(names) * cal.BOX_COST_PX + int((boxes[:, 2].astype(np.int64) * boxes[:, 3]).sum()) > self.labels.size:
            return np.take(np.where(kept, 255, 0).astype(np.uint8), self.labels)
        mask = np.zeros(self.labels.shape, np.uint8)
        for name, (x, y, w, h) in zip(names.tolist(), boxes.tolist(), strict=True):
            part = mask[y : y + h, x : x + w]
            part[self.labels[y : y + h, x : x + w] == name] = 255
        return mask


def char_height(ink: Image) -> float:
    """Height of a full character in pixels: the middle of the ink in components of character shape.

    Radicals, figures and specks are smaller than a full character: they are many, but most of the ink is not theirs.
    """
    stats = Components.of(without_rules(ink, max(24, min(ink.shape) // 25))).stats
    w, h, area = (stats[1:, k].astype(np.float64) for k in (2, 3, 4))
    shaped = (h >= 6) & (h <= max(ink.shape) / 16) & (w >= 0.3 * h) & (w <= 2.5 * h) & (area >= 0.12 * w * h)
    if int(shaped.sum()) < cal.LEAST_GLYPHS:
        return cal.DEFAULT_CHAR_SHARE * float(max(ink.shape))
    size = np.maximum(w, h)[shaped]
    order = np.argsort(size)
    weight = np.cumsum(area[shaped][order])
    middle = size[order][np.searchsorted(weight, 0.55 * weight[-1])]
    return 1.06 * float(middle)
