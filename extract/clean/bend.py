"""Curl and leftover perspective taken out by the page's own rules.

Every rule is straight and parallel to an edge on the paper. So a smooth displacement (a polynomial of low order) is
fitted under which each segment of a rule across keeps its height and each segment of a rule down its place: linear
least squares, weighted by length, with outliers weighted down (IRLS).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.geometry import Mesh, Points
from extract.model import Image

Floats = npt.NDArray[np.float64]
ORDER = 3
MESH_PX = 24.0
MIN_SEGMENT = 0.03
"""Shortest segment used, as a share of the page's longest side."""
ROUNDS = 6


@dataclass(frozen=True)
class Segments:
    """Ends of straight pieces of rules, (n, 2) each, in pixels of the copy."""

    start: Points
    end: Points

    @property
    def length(self) -> Floats:
        """Lengths in pixels."""
        return np.asarray(np.hypot(*(self.end - self.start).T))

    def where(self, kept: npt.NDArray[np.bool_]) -> Segments:
        """Some of the segments."""
        return Segments(self.start[kept], self.end[kept])


def find_bend(small: Image, scale: float, shape: tuple[int, int], tolerance: float) -> Mesh | None:
    """The mesh from straightened to bent pixels of the full page; None where nothing is bent beyond the tolerance.

    `small` is a grey copy of the page at `scale`; `shape` is the full page's (h, w); `tolerance` is in full pixels.
    """
    segments = rule_segments(small)
    across, down = split(segments)
    size = np.array([small.shape[1], small.shape[0]], dtype=np.float64)
    dy = _fit(across, size, axis=1)
    dx = _fit(down, size, axis=0)
    if dy is None and dx is None:
        return None
    grid, rows, cols = _lattice(shape)
    at = grid * scale / size
    move = np.zeros_like(grid)
    if dx is not None:
        move[:, 0] = _basis(at, 0) @ dx / scale
    if dy is not None:
        move[:, 1] = _basis(at, 1) @ dy / scale
    if np.abs(move).max() < tolerance or np.abs(move).max() > 0.12 * max(shape):
        return None
    forward = Mesh(MESH_PX, move[:, 0].reshape(rows, cols), move[:, 1].reshape(rows, cols))
    back = forward.inverse().apply(grid) - grid
    return Mesh(MESH_PX, back[:, 0].reshape(rows, cols), back[:, 1].reshape(rows, cols))


def rule_segments(small: Image) -> Segments:
    """Long straight segments of the page (Line Segment Detector, Grompone von Gioi et al. 2010)."""
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD)
    found = detector.detect(small)[0]
    ends = np.zeros((0, 4)) if found is None else found[:, 0].astype(np.float64)
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    ends = ends[length >= MIN_SEGMENT * max(small.shape)]
    return Segments(ends[:, :2], ends[:, 2:])


def split(segments: Segments) -> tuple[Segments, Segments]:
    """The segments that run across and those that run down, within 20 degrees."""
    d = np.abs(segments.end - segments.start)
    return segments.where(d[:, 1] < 0.36 * d[:, 0]), segments.where(d[:, 0] < 0.36 * d[:, 1])


def _fit(segments: Segments, size: Floats, axis: int) -> Floats | None:
    """Coefficients of the displacement along an axis that levels the segments; None for too little evidence."""
    if len(segments.start) < 6 or segments.length.sum() < 1.5 * size[1 - axis]:
        return None
    a, b = segments.start / size, segments.end / size
    rows = _basis(b, axis) - _basis(a, axis)
    off = segments.start[:, axis] - segments.end[:, axis]
    weight = segments.length / segments.length.max()
    ridge = np.diag(_penalty())
    solution = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        left = np.vstack((rows * weight[:, None], ridge))
        right = np.concatenate((off * weight, np.zeros(rows.shape[1])))
        solution = np.linalg.lstsq(left, right, rcond=None)[0]
        rest = np.abs(rows @ solution - off)
        slope = rest / segments.length
        width = max(float(np.median(slope)) * 2.5, 0.0015)
        weight = segments.length / segments.length.max() / (1 + (slope / width) ** 2)
    return np.asarray(solution)


def _powers() -> list[tuple[int, int]]:
    """Exponents (along the rule, across it): terms that do not change along a rule cannot be seen and are left out."""
    return [(p, q) for p in range(1, ORDER + 1) for q in range(ORDER) if p + q <= ORDER + 1]


def _penalty() -> Floats:
    return np.array([0.02 * (p + q - 1) ** 2 + 1e-6 for p, q in _powers()])


def _basis(points: Points, axis: int) -> Floats:
    """Values of the polynomial terms at points given as shares of the page, centred."""
    centred = points - 0.5
    along, across = centred[:, 1 - axis], centred[:, axis]
    return np.column_stack([along**p * across**q for p, q in _powers()])


def _lattice(shape: tuple[int, int]) -> tuple[Points, int, int]:
    rows, cols = int(shape[0] / MESH_PX) + 2, int(shape[1] / MESH_PX) + 2
    y, x = np.mgrid[0:rows, 0:cols] * MESH_PX
    return np.column_stack((x.ravel(), y.ravel())).astype(np.float64), rows, cols
