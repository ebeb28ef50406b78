"""The sheet of paper on a photograph, and the homography that lays it flat."""

from __future__ import annotations

from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.downscale import halvings
from extract.geometry import Points, Quad, Transform
from extract.model import Image


def find_sheet(image: Image) -> Quad | None:
    """The sheet's corners in pixels where a sheet lies on a darker or coloured ground; None on a flat scan."""
    half, times = halvings(image, cal.OUTLINE_PX)
    scale = min(1.0, cal.OUTLINE_PX / max(half.shape[:2]))
    small = cv2.resize(half, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    scale /= 2**times
    mask = _paper(small)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    share = cv2.contourArea(hull) / mask.size
    corners = _four(hull)
    if corners is None or not cal.MIN_SHEET_SHARE < share < cal.MAX_SHEET_SHARE:
        return None
    filled = cv2.contourArea(hull) / max(cv2.contourArea(corners.astype(np.float32)), 1)
    if not 0.9 < filled < 1.1 or _is_frame(corners, mask.shape) or not _is_sheet(corners, small):
        return None
    return Quad.of(_refined(corners, largest[:, 0, :].astype(np.float64)) / scale)


def _paper(small: Image) -> Image:
    """Bright, little coloured, smoothed so that text and rules do not cut it."""
    if small.ndim == 3:
        colour = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
        bright = cv2.subtract(colour[..., 2], (colour[..., 1] * 0.6).astype(np.uint8))
    else:
        bright = small
    smooth = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    smooth = cv2.GaussianBlur(smooth, (0, 0), 2)
    mask = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8)), dtype=np.uint8)


def _four(hull: npt.NDArray[np.int32]) -> Points | None:
    """The hull as four corners, clockwise from the top left; None where it has no four."""
    length = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07):
        points = cv2.approxPolyDP(hull, tolerance * length, True)[:, 0, :].astype(np.float64)
        if len(points) == 4:
            return _clockwise(points)
        if len(points) < 4:
            return None
    return None


def _clockwise(points: Points) -> Points:
    centre = points.mean(axis=0)
    order = np.argsort(np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]))
    ring = points[order]
    first = int(np.argmin(ring.sum(axis=1)))
    return np.roll(ring, -first, axis=0)


def _is_frame(corners: Points, shape: tuple[int, ...]) -> bool:
    """Whether the corners are those of the image itself: a scan with a dark border, not a photograph."""
    h, w = shape[:2]
    frame = np.array([[0, 0], [w, 0], [w, h], [0, h]])
    return bool((np.abs(corners - frame) < 0.035 * max(h, w)).all())


def _is_sheet(corners: Points, small: Image) -> bool:
    """Whether the corners are those of a rectangle seen at an angle, brighter than the ground on most of its edges.

    A flat scan must never be taken for a photograph: rectifying it destroys it, and leaving a photograph as it is does
    little harm, as its own rules straighten it later.
    """
    sides = np.roll(corners, -1, axis=0) - corners
    length = np.hypot(sides[:, 0], sides[:, 1])
    alike = np.minimum(length[:2], length[2:]) / np.maximum(length[:2], length[2:])
    unit = sides / length[:, None]
    square = np.abs((unit * np.roll(unit, -1, axis=0)).sum(axis=1))
    shape = max(length[0] + length[2], length[1] + length[3]) / min(length[0] + length[2], length[1] + length[3])
    if alike.min() < cal.MIN_SIDES_ALIKE or square.max() > cal.MAX_CORNER_COSINE or not 1.15 < shape < 1.75:
        return False
    grey = small if small.ndim == 2 else np.asarray(reduce(cv2.max, cv2.split(small)))
    return sum(_steps_up(grey, corners[k], unit[k], length[k]) for k in range(4)) >= 3


def _steps_up(grey: Image, start: Points, along: Points, length: float) -> bool:
    """Whether it is clearly brighter inside of an edge than outside of it, for most of its length in the image."""
    h, w = grey.shape
    inward = np.array([-along[1], along[0]])
    t = np.linspace(0.1, 0.9, 40)[:, None] * length
    seen = kept = 0
    for point in start + t * along:
        inside, outside = point + 7 * inward, point - 7 * inward
        if not all(0 <= x < w and 0 <= y < h for x, y in (inside, outside)):
            continue
        kept += 1
        a, b = (int(grey[int(y), int(x)]) for x, y in (inside, outside))
        seen += a - b > cal.MIN_EDGE_STEP
    return kept >= 12 and seen > 0.6 * kept


def _refined(corners: Points, contour: Points) -> Points:
    """Corners where straight lines fitted to the middle parts of the edges meet: rounded corners do not matter."""
    lines = []
    for k in range(4):
        a, b = corners[k], corners[(k + 1) % 4]
        along = (b - a) / max(np.linalg.norm(b - a), 1e-6)
        t = (contour - a) @ along / np.linalg.norm(b - a)
        off = (contour - a) @ np.array([-along[1], along[0]])
        near = contour[(t > 0.08) & (t < 0.92) & (np.abs(off) < 0.03 * np.linalg.norm(b - a))]
        if len(near) < 20:
            return corners
        vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append((np.array([x, y]), np.array([vx, vy])))
    result = []
    for k in range(4):
        (p, u), (q, v) = lines[k - 1], lines[k]
        system = np.column_stack((u, -v))
        if abs(np.linalg.det(system)) < 0.1:
            return corners
        s = np.linalg.solve(system, q - p)
        result.append(p + s[0] * u)
    return np.array(result, dtype=np.float64)


def flat(quad: Quad) -> tuple[Transform, tuple[int, int]]:
    """The transform that lays the sheet flat, and the (h, w) of the result in source resolution."""
    p = quad.array()
    width = max(np.linalg.norm(p[1] - p[0]), np.linalg.norm(p[2] - p[3]))
    height = max(np.linalg.norm(p[3] - p[0]), np.linalg.norm(p[2] - p[1]))
    w, h = round(float(width)), round(float(height))
    target = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    return Transform.of_matrix(cv2.getPerspectiveTransform(p.astype(np.float32), target)), (h, w)
