"""Crops for the recogniser: a line's ink with the white around it that the network wants."""

from __future__ import annotations

import cv2
import numpy as np

from extract.geometry import Box, Quad
from extract.model import Image
from extract.ocr.bands import Band

_PAPER = 255
_SIDE_CHARS = 0.15
_MIN_HEIGHT_CHARS = 0.95


def crop(image: Image, band: Band, char_height: float, margin_chars: float = 0.1) -> Image:
    """The upright crop of a line; white stands where the crop would leave its cell."""
    if band.quad is not None:
        return _rectified(image, band.quad)
    tall = max(0.0, (_MIN_HEIGHT_CHARS * char_height - band.box.height) / 2)
    wanted = band.box.expand(_SIDE_CHARS * char_height, tall + margin_chars * char_height)
    return _padded(image, wanted, band.region)


def _padded(image: Image, wanted: Box, region: Box | None) -> Image:
    height, width = image.shape[:2]
    limit = region or Box(0, 0, width, height)
    x0, y0, x1, y1 = (round(v) for v in (wanted.x0, wanted.y0, wanted.x1, wanted.y1))
    lx0, ly0 = max(x0, round(limit.x0), 0), max(y0, round(limit.y0), 0)
    lx1, ly1 = min(x1, round(limit.x1), width), min(y1, round(limit.y1), height)
    canvas = np.full((max(1, y1 - y0), max(1, x1 - x0)), _PAPER, dtype=np.uint8)
    if lx1 > lx0 and ly1 > ly0:
        canvas[ly0 - y0 : ly1 - y0, lx0 - x0 : lx1 - x0] = image[ly0:ly1, lx0:lx1]
    return canvas


def _rectified(image: Image, quad: Quad) -> Image:
    points = quad.array().astype(np.float32)
    width = max(1, round(float(np.linalg.norm(points[1] - points[0]))))
    height = max(1, round(float(np.linalg.norm(points[3] - points[0]))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(points, target)
    warped = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=_PAPER)
    return np.asarray(warped, dtype=np.uint8)
