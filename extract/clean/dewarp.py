"""Curl and leftover perspective taken out by the page's own rules.

Every rule is straight and parallel to an edge on the paper. So a smooth displacement (a polynomial of low order) is
fitted under which each segment of a rule across keeps its height and each segment of a rule down keeps its place:
linear least squares, weighted by length, with outliers weighted down (IRLS).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.segments import Segments
from extract.geometry import Mesh, Points

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Fit:
    """Displacement along an axis, in pixels; beyond `low` and `high` (shares of the page) that of the border holds."""

    axis: int
    terms: Floats
    low: Floats
    high: Floats

    def at(self, shares: Points) -> Floats:
        return np.asarray(_basis(np.clip(shares, self.low, self.high), self.axis) @ self.terms)


def find_bend(segments: Segments, shape: tuple[int, int], tolerance: float) -> Mesh | None:
    """The mesh from bent to straightened pixels; None where nothing is bent beyond the tolerance.

    Segments, `shape` (h, w) and `tolerance` are in pixels of the page.
    """
    size = np.array([shape[1], shape[0]], dtype=np.float64)
    across, down = segments.split()
    fits = [fit for fit in (_fit(across, size, axis=1), _fit(down, size, axis=0)) if fit is not None]
    if not fits:
        return None
    grid, rows, cols = _lattice(shape)
    move = np.zeros_like(grid)
    for fit in fits:
        move[:, fit.axis] = fit.at(grid / size)
    extent = np.abs(move - np.median(move, axis=0)).max()
    if extent < tolerance or extent > cal.BEND_MAX_MOVE * max(shape):
        return None
    return Mesh(cal.BEND_MESH_PX, move[:, 0].reshape(rows, cols), move[:, 1].reshape(rows, cols))


def _fit(segments: Segments, size: Floats, axis: int) -> _Fit | None:
    """The displacement along an axis that levels the segments; None for too little evidence or too little gain."""
    if len(segments.start) < cal.BEND_MIN_SEGMENTS or segments.length.sum() < cal.BEND_MIN_LENGTH * size[1 - axis]:
        return None
    a, b = segments.start / size, segments.end / size
    rows = _basis(b, axis) - _basis(a, axis)
    off = segments.start[:, axis] - segments.end[:, axis]
    unit = segments.length / segments.length.max()
    ridge = np.diag(_penalty())
    terms, weight = np.zeros(rows.shape[1]), unit
    for _ in range(cal.BEND_ROUNDS):
        left = np.vstack((rows * weight[:, None], ridge))
        right = np.concatenate((off * weight, np.zeros(rows.shape[1])))
        terms = np.linalg.lstsq(left, right, rcond=None)[0]
        slope = np.abs(rows @ terms - off) / segments.length
        width = max(float(np.median(slope)) * 2.5, 0.0015)
        weight = unit / (1 + (slope / width) ** 2)
    before = float((weight * np.abs(off)).sum())
    after = float((weight * np.abs(rows @ terms - off)).sum())
    if after > cal.BEND_MAX_REST * before:
        return None
    low = np.minimum(a, b).min(axis=0)
    return _Fit(axis, terms, low, np.maximum(a, b).max(axis=0))


def _powers() -> list[tuple[int, int]]:
    """Exponents (along the rule, across it): terms that do not change along a rule cannot be seen and are left out."""
    return [(p, q) for p in range(1, cal.BEND_ORDER + 1) for q in range(cal.BEND_ORDER) if p + q <= cal.BEND_ORDER + 1]


def _penalty() -> Floats:
    return np.array([0.02 * (p + q - 1) ** 2 + 1e-6 for p, q in _powers()])


def _basis(points: Points, axis: int) -> Floats:
    """Values of the polynomial terms at points given as shares of the page, centred."""
    centred = points - 0.5
    along, across = centred[:, 1 - axis], centred[:, axis]
    return np.column_stack([along**p * across**q for p, q in _powers()])


def _lattice(shape: tuple[int, int]) -> tuple[Points, int, int]:
    rows, cols = int(shape[0] / cal.BEND_MESH_PX) + 2, int(shape[1] / cal.BEND_MESH_PX) + 2
    y, x = np.mgrid[0:rows, 0:cols] * cal.BEND_MESH_PX
    return np.column_stack((x.ravel(), y.ravel())).astype(np.float64), rows, cols
