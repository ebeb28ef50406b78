"""Red seals lifted, the text below kept.

In multiply blend a seal leaves the red channel nearly as the paper was: with its levels stretched it reads as well as
the clean page (measured, field notes of the project).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.geometry import Box
from extract.model import Image

Mask = npt.NDArray[np.uint8]
MIN_REDNESS = 28
"""How much redder than green and blue a pixel is to count: more than a colour cast after white balance."""
MIN_SEAL_SHARE = 0.0004
"""The least part of a page that a seal's ink covers."""


def lift(image: Image) -> tuple[Image, tuple[Box, ...]]:
    """The page in grey with red ink lifted, and the boxes of the seals in pixels of the image."""
    if image.ndim == 2:
        return image, ()
    red = _red(image)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if cv2.countNonZero(red) < MIN_SEAL_SHARE * red.size:
        return np.asarray(grey, dtype=np.uint8), ()
    where = cv2.dilate(red, np.ones((5, 5), np.uint8))
    bright = np.asarray(image[..., 2])
    paper = max(120.0, float(np.percentile(bright[::8, ::8], 60)))
    gain = float(np.median(grey[::8, ::8])) / (0.8 * paper - 20)
    stretched = np.clip((bright.astype(np.float32) - 20) * gain, 0, 255)
    lifted = np.where(where > 0, np.maximum(grey, stretched.astype(np.uint8)), grey)
    return lifted.astype(np.uint8), _boxes(where)


def _red(image: Image) -> Mask:
    """Pixels of red ink, the paper's own cast taken out."""
    small = image[::8, ::8].reshape(-1, 3).astype(np.float32)
    paper = np.median(small[small.sum(axis=1) >= np.median(small.sum(axis=1))], axis=0)
    gain = float(paper.mean()) / np.maximum(paper, 1)
    blue, green, red = (cv2.multiply(image[..., k], float(gain[k])) for k in range(3))
    excess = cv2.subtract(red, cv2.max(blue, green))
    return np.asarray(cv2.threshold(excess, MIN_REDNESS, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _boxes(mask: Mask) -> tuple[Box, ...]:
    """Boxes of the larger patches of red, near ones together."""
    reach = max(9, max(mask.shape) // 60)
    near = cv2.dilate(mask[::4, ::4], np.ones((reach // 4 | 1, reach // 4 | 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near)
    least = (max(mask.shape) / 40) ** 2 / 16
    boxes = [Box(4.0 * x, 4.0 * y, 4.0 * (x + w), 4.0 * (y + h)) for x, y, w, h, area in stats[1:] if area > least]
    return tuple(boxes)
