"""The angle by which a page is turned out of the straight, to a tenth of a degree."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean.ink import quick
from extract.geometry import rotation
from extract.model import Image

Floats = npt.NDArray[np.float64]
LONG = 0.08
"""A segment of this share of the page's longest side is a rule, hardly a stroke or a line of text."""


def skew_of(small: Image, max_deg: float) -> float:
    """The page's skew in degrees, counter-clockwise positive as seen, from a copy of some 1000 to 1600 pixels.

    Segments of rules vote first; where there are none, rows of text do. The angle is then refined by the sharpness of
    the projection profiles (Postl 1986).
    """
    ink = quick(small)
    coarse = _segments_angle(ink, max_deg)
    if coarse is None:
        coarse = _sharpest(_shrunk(ink), _around(0.0, max_deg, 0.5))
        coarse = _sharpest(_shrunk(ink), _around(coarse, 0.5, 0.1))
    return float(_sharpest(ink, _around(coarse, 0.25, 0.05)))


def _around(centre: float, reach: float, step: float) -> Floats:
    """Angles from `centre` - `reach` to `centre` + `reach`."""
    return np.asarray(centre + np.arange(-reach, reach + step / 10, step), dtype=np.float64)


def _shrunk(ink: Image) -> Image:
    return np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _segments_angle(ink: Image, max_deg: float) -> float | None:
    """The weighted median angle of long straight segments; None where there are too few."""
    least = LONG * max(ink.shape)
    found = cv2.HoughLinesP(ink, 1, np.pi / 1440, int(least), minLineLength=least, maxLineGap=4)
    if found is None:
        return None
    ends = found[:, 0].astype(np.float64)
    dx, dy = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    length = np.hypot(dx, dy)
    angle = -np.degrees(np.arctan2(dy, dx))
    angle = (angle + 45) % 90 - 45
    kept = np.abs(angle) <= max_deg
    if length[kept].sum() < 1.2 * max(ink.shape):
        return None
    order = np.argsort(angle[kept])
    weight = np.cumsum(length[kept][order])
    return float(angle[kept][order][np.searchsorted(weight, weight[-1] / 2)])


def _sharpest(ink: Image, angles: Floats) -> float:
    """The angle whose profile across the rows (and down the columns) is sharpest, by a parabola through the best."""
    h, w = ink.shape
    scores = []
    for angle in angles:
        matrix = rotation(-float(angle), (w / 2, h / 2))[:2]
        straight = cv2.warpAffine(ink, matrix, (w, h), flags=cv2.INTER_LINEAR)
        rows = cv2.reduce(straight, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() / 255
        cols = cv2.reduce(straight, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() / 255
        scores.append(float((np.diff(rows) ** 2).sum() + 0.5 * (np.diff(cols) ** 2).sum()))
    best = int(np.argmax(scores))
    if 0 < best < len(scores) - 1:
        a, b, c = scores[best - 1 : best + 2]
        bottom = a - 2 * b + c
        shift = 0.5 * (a - c) / bottom if bottom < 0 else 0.0
        return float(angles[best] + shift * (angles[1] - angles[0]))
    return float(angles[best])
