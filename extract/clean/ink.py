"""Binarised ink, its noise, and the height of a line of text."""

from __future__ import annotations

import cv2
import numpy as np

from extract.model import Image

WINDOW_CHARS = 2.5
SAUVOLA_K = 0.22
"""Sauvola & Pietikäinen 2000: threshold = mean * (1 + k * (deviation / 128 - 1)), k between 0.2 and 0.5."""
DEFAULT_CHAR_PX = 24.0


def binarise(grey: Image, char_height: float) -> Image:
    """Ink 255, paper 0: a local threshold (Sauvola) that never takes paper white for ink."""
    size = int(WINDOW_CHARS * char_height) | 1
    values = grey.astype(np.float32)
    mean = cv2.boxFilter(values, -1, (size, size), borderType=cv2.BORDER_REPLICATE)
    square = cv2.sqrBoxFilter(grey, cv2.CV_32F, (size, size), borderType=cv2.BORDER_REPLICATE)
    deviation = cv2.sqrt(cv2.max(square - mean * mean, 0))
    threshold = cv2.min(mean * (1 + SAUVOLA_K * (deviation / 128 - 1)), 215)
    return np.asarray(cv2.compare(values, threshold, cv2.CMP_LT), dtype=np.uint8)


def quick(grey: Image) -> Image:
    """Ink of a small copy, one threshold for all of it (Otsu 1979): for estimates only."""
    if int(grey.max()) - int(grey.min()) < 30:
        return np.zeros_like(grey)
    return np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], dtype=np.uint8)


def without_rules(ink: Image, length: int) -> Image:
    """Ink less all straight runs of at least `length` pixels, across and down."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(ink, rules), dtype=np.uint8)


def char_height(ink: Image) -> float:
    """Height of a full character in pixels: the upper part of the heights of components of character shape."""
    rough = _heights(without_rules(ink, max(24, min(ink.shape) // 25)))
    return rough if rough else DEFAULT_CHAR_PX * max(ink.shape) / 2300


def _heights(ink: Image) -> float | None:
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    w, h, area = (stats[1:, k].astype(np.float64) for k in (2, 3, 4))
    shaped = (h >= 6) & (h <= min(ink.shape) / 12) & (w >= 0.3 * h) & (w <= 2.5 * h) & (area >= 0.12 * w * h)
    if int(shaped.sum()) < 8:
        return None
    # Radicals, figures and specks are smaller than a full character: the median of ink by component, not of components.
    order = np.argsort(np.maximum(w, h)[shaped])
    weight = np.cumsum(area[shaped][order])
    middle = np.maximum(w, h)[shaped][order][np.searchsorted(weight, 0.55 * weight[-1])]
    return float(middle * 1.06)


def despeckle(ink: Image, char_height: float) -> Image:
    """Ink without components far smaller than a stroke or a dot that stand alone."""
    least = max(2.0, 0.09 * char_height)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    small = (np.maximum(stats[:, 2], stats[:, 3]) <= least) | (stats[:, 4] <= 0.5 * least * least)
    small[0] = False
    if not small.any():
        return ink
    return np.where(small[labels], 0, ink).astype(np.uint8)
