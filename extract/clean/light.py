"""Even light: paper white, ink dark, faint rules kept."""

from __future__ import annotations

import cv2
import numpy as np

from extract.model import Image

PAPER = 250
"""Grey value of paper after flattening."""
BACKGROUND_PX = 360
"""Longest side of the copy on which the background is estimated: far coarser than text."""
FAINT = 70
"""Ink whose darkest part is lighter than this is stretched to black."""


def is_binary(grey: Image) -> bool:
    """Whether an image has only two values (a fax, a 1-bit scan)."""
    sample = grey[:: max(1, grey.shape[0] // 400), :: max(1, grey.shape[1] // 400)]
    return bool(np.isin(sample, (0, 255)).all())


def flatten(grey: Image) -> Image:
    """Divide out the illumination and stretch faint ink; a 1-bit page passes through."""
    if is_binary(grey):
        return grey
    scale = 128.0 * PAPER / np.maximum(background(grey), 40)
    factor = cv2.resize(scale.astype(np.float32), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = cv2.multiply(grey, factor, scale=1 / 128.0, dtype=cv2.CV_8U)
    return np.asarray(cv2.LUT(even, _levels(even)), dtype=np.uint8)


def background(grey: Image) -> Image:
    """The paper's own brightness: text removed by a maximum, then smoothed; (h, w) of at most BACKGROUND_PX."""
    scale = min(1.0, BACKGROUND_PX / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lit = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    return np.asarray(cv2.GaussianBlur(cv2.medianBlur(lit, 21), (0, 0), 4), dtype=np.uint8)


def _levels(even: Image) -> Image:
    """A table that takes the ink's dark end to black where it is faint, and paper's noise to white."""
    histogram = np.bincount(even[::3, ::3].ravel(), minlength=256).astype(np.float64)
    paper = int(np.argmax(histogram[180:])) + 180
    ink = histogram[: paper - 40]
    total = np.cumsum(ink)
    dark = int(np.searchsorted(total, 0.1 * total[-1])) if total[-1] > 0 else 0
    low = dark if dark > FAINT else min(dark, 20)
    spread = max(paper - low, 40)
    high = paper - 0.05 * spread
    ramp = (np.arange(256) - low) * 255.0 / max(high - low, 1)
    return np.clip(np.round(ramp), 0, 255).astype(np.uint8)
