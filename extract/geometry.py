"""Points, boxes, quads and invertible transforms.

Conventions, stated once: pixels are floats, the origin is the top left corner of the page,
y grows downwards; angles are degrees, counter-clockwise as seen on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""An (n, 2) array of x, y in pixels."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels; x1 and y1 are exclusive ends. Raises ValueError if inverted."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"inverted box {self.x0, self.y0, self.x1, self.y1}")

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return self.width * self.height

    @property
    def cx(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2

    def overlap(self, other: Box) -> float:
        """Area shared with another box, in square pixels."""
        return overlap_1d(self.x0, self.x1, other.x0, other.x1) * overlap_1d(self.y0, self.y1, other.y0, other.y1)

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside (ends exclusive)."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def expand(self, dx: float, dy: float | None = None) -> Box:
        """A box grown (or, negative, shrunk to its centre at most) by dx and dy on each side."""
        dy = dx if dy is None else dy
        dx, dy = max(dx, -self.width / 2), max(dy, -self.height / 2)
        return Box(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)

    def corners(self) -> Points:
        """The four corners, clockwise from the top left, as a (4, 2) array."""
        return np.array([[self.x0, self.y0], [self.x1, self.y0], [self.x1, self.y1], [self.x0, self.y1]])

    def quad(self) -> Quad:
        """The same rectangle as a quad."""
        return Quad.of(self.corners())

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of the given ones. Raises ValueError when there is none."""
        seen = list(boxes)
        if not seen:
            raise ValueError("no boxes to enclose")
        return Box(
            min(b.x0 for b in seen),
            min(b.y0 for b in seen),
            max(b.x1 for b in seen),
            max(b.y1 for b in seen),
        )


def overlap_1d(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length shared by the intervals a0..a1 and b0..b1."""
    return max(0.0, min(a1, b1) - max(a0, b0))


@dataclass(frozen=True, slots=True)
class Quad:
    """Four points, clockwise from the top left of the text they enclose."""

    points: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]

    @staticmethod
    def of(points: npt.ArrayLike) -> Quad:
        """A quad from anything shaped (4, 2). Raises ValueError for another shape."""
        array = np.asarray(points, dtype=np.float64)
        if array.shape != (4, 2):
            raise ValueError(f"a quad has 4 points, not shape {array.shape}")
        a, b, c, d = array.tolist()
        return Quad(((a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])))

    def array(self) -> Points:
        """The points as a (4, 2) array."""
        return np.array(self.points, dtype=np.float64)

    @property
    def box(self) -> Box:
        """The smallest upright box around the quad."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.points
        return Box(min(ax, bx, cx, dx), min(ay, by, cy, dy), max(ax, bx, cx, dx), max(ay, by, cy, dy))


@dataclass(frozen=True, eq=False)
class Homography:
    """A projective map of the plane: a 3x3 matrix."""

    matrix: npt.NDArray[np.floating[Any]]

    def apply(self, points: Points) -> Points:
        """Map an (n, 2) array of points."""
        flat = np.asarray(points, dtype=np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]
        result: Points = flat[:, :2] / flat[:, 2:3]
        return result

    def inverse(self) -> Homography:
        """The map back. Raises numpy.linalg.LinAlgError when the matrix is singular."""
        return Homography(np.linalg.inv(self.matrix))


@dataclass(frozen=True, eq=False)
class Mesh:
    """A smooth bend of the plane: p -> p + displacement(p), interpolated bilinearly.

    dx and dy are (rows, cols) arrays of pixels, sampled every `step` pixels from the origin;
    outside of the sampled area the nearest sample holds.
    """

    step: float
    dx: npt.NDArray[np.float64]
    dy: npt.NDArray[np.float64]
    backward: bool = False

    def _displacement(self, points: Points) -> Points:
        rows, cols = self.dx.shape
        u = np.minimum(np.maximum(points[:, 0] / self.step, 0), cols - 1.000001)
        v = np.minimum(np.maximum(points[:, 1] / self.step, 0), rows - 1.000001)
        j, i = u.astype(int), v.astype(int)
        at, right, below = i * cols + j, np.minimum(j + 1, cols - 1) - j, (np.minimum(i + 1, rows - 1) - i) * cols
        fu, fv = u - j, v - i
        gu, gv = 1 - fu, 1 - fv
        shares = np.stack((gu * gv, fu * gv, gu * fv, fu * fv))
        places = np.stack((at, at + right, at + below, at + below + right))
        result = np.empty_like(points)
        for axis, field in enumerate((self.dx, self.dy)):
            a, b, c, d = shares * field.ravel()[places]
            result[:, axis] = a + b + c + d
        return result

    def apply(self, points: Points) -> Points:
        """Map an (n, 2) array of points."""
        points = np.asarray(points, dtype=np.float64)
        if not self.backward:
            return points + self._displacement(points)
        guess = points.copy()
        for _ in range(30):  # fixed point: converges while the bend is gentler than the plane itself
            last, guess = guess, points - self._displacement(guess)
            if np.array_equal(last, guess):
                break
        return guess

    def inverse(self) -> Mesh:
        """The map back, found by fixed-point iteration when applied."""
        return Mesh(self.step, self.dx, self.dy, not self.backward)


Step = Homography | Mesh


@dataclass(frozen=True, eq=False)
class Transform:
    """An invertible map of pixels, a chain of steps applied first to last."""

    steps: tuple[Step, ...] = ()

    @staticmethod
    def of_matrix(matrix: npt.ArrayLike) -> Transform:
        """A transform of one 3x3 (or affine 2x3) matrix."""
        m: npt.NDArray[Any] = np.asarray(matrix, dtype=np.float64)
        return Transform((Homography(np.vstack((m, [0, 0, 1])) if m.shape == (2, 3) else m),))

    def apply(self, points: npt.ArrayLike) -> Points:
        """Map an (n, 2) array of points."""
        result: Points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        for step in self.steps:
            result = step.apply(result)
        return result

    def then(self, after: Transform) -> Transform:
        """This transform followed by another; neighbouring matrices are multiplied out."""
        steps: list[Step] = list(self.steps)
        for step in after.steps:
            if steps and isinstance(steps[-1], Homography) and isinstance(step, Homography):
                steps[-1] = Homography(step.matrix @ steps[-1].matrix)
            else:
                steps.append(step)
        return Transform(tuple(steps))

    def inverse(self) -> Transform:
        """The transform back."""
        return Transform(tuple(step.inverse() for step in reversed(self.steps)))

    def quad(self, shape: Box | Quad) -> Quad:
        """The image of a box or a quad."""
        points = shape.corners() if isinstance(shape, Box) else shape.array()
        return Quad.of(self.apply(points))


def rotation(degrees: float, center: tuple[float, float]) -> npt.NDArray[np.float64]:
    """The 3x3 matrix that turns the page counter-clockwise about a centre."""
    a = math.radians(degrees)
    c, s = math.cos(a), math.sin(a)
    x, y = center
    return np.array([[c, s, x - c * x - s * y], [-s, c, y + s * x - c * y], [0, 0, 1.0]])


def union_length(intervals: Sequence[tuple[float, float]]) -> float:
    """Total length covered by intervals that may overlap."""
    total, end = 0.0, -math.inf
    for a, b in sorted(intervals):
        if b > end:
            total += b - max(a, end)
            end = b
    return total
