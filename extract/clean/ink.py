"""Binarised ink, and the height of a line of text."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.model import Image

WINDOW_CHARS = 2.5
SAUVOLA_K = 0.22
"""Sauvola & Pietikäinen 2000: threshold = mean * (1 + k * (deviation / 128 - 1)), k between 0.2 and 0.5."""
LIGHTEST = 205
"""Nothing lighter is ink on a page whose light is even."""
ROUGH = 150
"""The one threshold of estimates, on a page whose light is even."""
DEFAULT_SHARE = 1 / 96
"""Height of a character as a share of the page's longest side where nothing can be measured (24 px of 2300)."""
LEAST_GLYPHS = 8


def binarise(even: Image, char_height: float) -> Image:
    """Ink 255, paper 0: a local threshold (Sauvola) on a page whose light is even, its map made at half size."""
    h, w = even.shape
    half = cv2.resize(even, (max(1, w // 2), max(1, h // 2)), interpolation=cv2.INTER_AREA)
    size = max(3, int(WINDOW_CHARS * char_height / 2) | 1)
    mean = cv2.boxFilter(half, cv2.CV_32F, (size, size), borderType=cv2.BORDER_REPLICATE)
    square = cv2.sqrBoxFilter(half, cv2.CV_32F, (size, size), borderType=cv2.BORDER_REPLICATE)
    deviation = cv2.sqrt(cv2.max(square - mean * mean, 0.0))
    threshold = cv2.min(mean * (1 - SAUVOLA_K + SAUVOLA_K / 128 * deviation), float(LIGHTEST))
    full = cv2.resize(threshold.astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(even, full, cv2.CMP_LT), dtype=np.uint8)


def quick(even: Image) -> Image:
    """Ink by one threshold for all of a page whose light is even: for estimates only."""
    return np.asarray(cv2.threshold(even, ROUGH - 1, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def without_rules(ink: Image, length: int) -> Image:
    """Ink less all straight runs of at least `length` pixels, across and down."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(ink, rules), dtype=np.uint8)


def of_components(kept: npt.NDArray[np.bool_], labels: npt.NDArray[np.int32]) -> Image:
    """255 where a kept component is; `kept` goes by label."""
    return np.take(np.where(kept, 255, 0).astype(np.uint8), labels) if kept.any() else np.zeros(labels.shape, np.uint8)


def char_height(ink: Image) -> float:
    """Height of a full character in pixels: the middle of the ink in components of character shape.

    Radicals, figures and specks are smaller than a full character: they are many, but most of the ink is not theirs.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(without_rules(ink, max(24, min(ink.shape) // 25)))
    w, h, area = (stats[1:, k].astype(np.float64) for k in (2, 3, 4))
    shaped = (h >= 6) & (h <= max(ink.shape) / 16) & (w >= 0.3 * h) & (w <= 2.5 * h) & (area >= 0.12 * w * h)
    if int(shaped.sum()) < LEAST_GLYPHS:
        return DEFAULT_SHARE * float(max(ink.shape))
    size = np.maximum(w, h)[shaped]
    order = np.argsort(size)
    weight = np.cumsum(area[shaped][order])
    middle = size[order][np.searchsorted(weight, 0.55 * weight[-1])]
    return 1.06 * float(middle)
