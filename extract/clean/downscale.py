"""Small copies of a page by averaging: by halves first, at a twentieth of the cost of any other factor."""

from __future__ import annotations

import cv2
import numpy as np

from extract.model import Image


def halved(image: Image) -> Image:
    """The image at half its size, pixels averaged by four; the last of an odd number of rows or columns is left out."""
    h, w = image.shape[:2]
    whole = image[: max(1, h // 2 * 2), : max(1, w // 2 * 2)]
    size = (max(1, w // 2), max(1, h // 2))
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def halvings(image: Image, least: int) -> tuple[Image, int]:
    """The image halved as often as its longest side stays at `least` pixels or more, and how often that was."""
    times = 0
    while max(image.shape[:2]) >= 2 * least and min(image.shape[:2]) >= 4:
        image, times = halved(image), times + 1
    return image, times


def shrunk(image: Image, size: tuple[int, int]) -> Image:
    """The image averaged to a size (w, h), which is smaller."""
    small, _ = halvings(image, max(size))
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
