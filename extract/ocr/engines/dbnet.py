"""From the detection network's probability map to quads, and from an image to the network's input.

Differentiable binarisation: Liao et al. 2020. The thresholds are those of PP-OCRv6's own inference.yml.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.geometry import Quad
from extract.model import Image
from extract.ocr.engines.detection_tiles import STRIDE

_Contour = npt.NDArray[Any]

_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
_INPUT = ((np.arange(256, dtype=np.float32) / 255.0 - _MEAN[:, None]) / _STD[:, None]).astype(np.float32)
"""(3, 256): the network's input for each brightness in each channel."""
PIXEL_THRESHOLD = 0.2
BOX_THRESHOLD = 0.45
UNCLIP = 1.4
_MIN_SIDE_PX = 3.0
_WORTH_TILTING = 0.75


def shrink(image: Image, max_side: int | None) -> tuple[Image, tuple[float, float]]:
    """The image at the size the network sees, and the scales from its pixels back to those of the image (x, y)."""
    height, width = image.shape[:2]
    ratio = min(1.0, max_side / max(height, width)) if max_side else 1.0
    h, w = (max(STRIDE, round(side * ratio / STRIDE) * STRIDE) for side in (height, width))
    how = cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (w, h), interpolation=how), dtype=np.uint8), (width / w, height / h)


def prepare(image: Image) -> npt.NDArray[np.float32]:
    """The (1, 3, h, w) input of the network for an image, grey or BGR, whose sides are multiples of STRIDE."""
    channels = [image] * 3 if image.ndim == 2 else cv2.split(image)
    return np.stack([np.take(table, channel) for table, channel in zip(_INPUT, channels, strict=True)])[None]


def quads(probability: npt.NDArray[np.float32]) -> list[Quad]:
    """Quads in its own pixels of the text in an (h, w) probability map."""
    bitmap = (probability > PIXEL_THRESHOLD).astype(np.uint8)
    contours, _ = cv2.findContours(bitmap, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        (center, (w, h), angle) = _rectangle(contour)
        if min(w, h) < _MIN_SIDE_PX or _score(probability, contour) < BOX_THRESHOLD:
            continue
        grow = w * h * UNCLIP / (w + h)  # twice the offset of Vatti clipping, area * ratio / perimeter
        corners = cv2.boxPoints((center, (w + grow, h + grow), angle))
        found.append(Quad.of(clockwise(corners)))
    return found


def _rectangle(contour: _Contour) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Centre, size and angle of the smallest rectangle; upright where tilting saves little, as for short words."""
    center, (w, h), angle = cv2.minAreaRect(contour)
    x, y, width, height = cv2.boundingRect(contour)
    if w * h < _WORTH_TILTING * (width - 1) * (height - 1):
        return (float(center[0]), float(center[1])), (float(w), float(h)), float(angle)
    return (x + (width - 1) / 2, y + (height - 1) / 2), (width - 1.0, height - 1.0), 0.0


def _score(probability: npt.NDArray[np.float32], contour: _Contour) -> float:
    """Mean probability inside a contour."""
    x, y, w, h = cv2.boundingRect(contour)
    mask = np.zeros((h, w), dtype=np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y])], (1,))
    return float(cv2.mean(probability[y : y + h, x : x + w], mask)[0])


def clockwise(corners: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Corners of a rectangle, clockwise from the one nearest to the top left."""
    points = corners.astype(np.float64)
    around = points - points.mean(axis=0)
    points = points[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    first: npt.NDArray[np.float64] = np.roll(points, -int(points.sum(axis=1).argmin()), axis=0)
    return first
