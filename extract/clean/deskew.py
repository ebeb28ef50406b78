"""The angle by which a page is turned out of the straight, to a tenth of a degree."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.segments import Segments
from extract.geometry import rotation
from extract.model import Image

Floats = npt.NDArray[np.float64]


def skew_of(ink: Image, segments: Segments, max_deg: float) -> float:
    """The page's skew in degrees, counter-clockwise positive as seen, within (-45, 45]; 0 for a page without ink.

    Segments of rules vote first. Where there are too few, rows of text do: the angle is that at which projection
    profiles are the sharpest (Postl 1986).
    """
    angle = segments_angle(segments, cal.SKEW_MIN_LENGTH * max(ink.shape), max_deg)
    if angle is not None:
        return angle
    scale = min(1.0, cal.SKEW_PROFILE_PX / max(ink.shape))
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    small = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if not small.any():
        return 0.0
    angle = 0.0
    for reach, step in ((max_deg, 0.5), (0.5, 0.1), (0.1, 0.05)):
        tried = np.arange(-reach, reach + step / 2, step, dtype=np.float64)
        angle = sharpest(small if step > 0.1 else ink, np.asarray(angle + tried, dtype=np.float64))
    return angle


def segments_angle(segments: Segments, least: float, max_deg: float) -> float | None:
    """The median angle of segments, weighted by length; None where together they are shorter than `least` pixels."""
    across = segments.end - segments.start
    angle = -np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    angle = (angle + 45) % 90 - 45
    kept = np.abs(angle) <= max_deg
    length = segments.length[kept]
    if length.sum() < least:
        return None
    order = np.argsort(angle[kept])
    weight = np.cumsum(length[order])
    return float(angle[kept][order][np.searchsorted(weight, weight[-1] / 2)])


def sharpest(ink: Image, angles: Floats) -> float:
    """The angle whose profiles of rows and columns are the sharpest, by a parabola through the best."""
    h, w = ink.shape
    scores = []
    for angle in angles:
        matrix = rotation(-float(angle), (w / 2, h / 2))[:2]
        straight = cv2.warpAffine(ink, matrix, (w, h), flags=cv2.INTER_LINEAR)
        rows = cv2.reduce(straight, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() / 255
        cols = cv2.reduce(straight, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32F).ravel() / 255
        scores.append(float((np.diff(rows) ** 2).sum() + (np.diff(cols) ** 2).sum()))
    best = int(np.argmax(scores))
    if 0 < best < len(scores) - 1:
        a, b, c = scores[best - 1 : best + 2]
        bottom = a - 2 * b + c
        shift = 0.5 * (a - c) / bottom if bottom < 0 else 0.0
        return float(angles[best] + shift * (angles[1] - angles[0]))
    return float(angles[best])
