"""Walls -> cells: places without a wall between them are one cell; cells are rectangles that tile the grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.grid.track import Floats

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Walls:
    """How surely each wall stands, 0..1: above each place, (rows + 1, cols), and left of it, (rows, cols + 1)."""

    above: Floats
    left: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the lattice."""
        return self.left.shape[0], self.above.shape[1]


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A rectangle of lattice places, ends exclusive."""

    row: int
    col: int
    row_end: int
    col_end: int


def regions(walls: Walls, threshold: float) -> Labels:
    """(rows, cols) label of every place; 0 where nothing but the open page surrounds it."""
    rows, cols = walls.shape
    parent = list(range(rows * cols + 1))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    def place(r: int, c: int) -> int:
        return r * cols + c + 1 if 0 <= r < rows and 0 <= c < cols else 0

    def unite(a: int, b: int) -> None:
        a, b = sorted((root(a), root(b)))
        parent[b] = a

    for r, c in np.argwhere(walls.above < threshold).tolist():
        unite(place(r - 1, c), place(r, c))
    for r, c in np.argwhere(walls.left < threshold).tolist():
        unite(place(r, c - 1), place(r, c))
    return np.array([root(k) for k in range(1, rows * cols + 1)], dtype=np.int64).reshape(rows, cols)


def rectangles(labels: Labels, walls: Walls, spur: float) -> tuple[Span, ...]:
    """Every region as one rectangle, or cut into several along the walls that stand most surely."""
    spans: list[Span] = []
    for label in np.unique(labels[labels > 0]):
        spans += _cut(labels == label, walls, spur)
    return tuple(sorted(spans))


def _cut(mask: npt.NDArray[np.bool_], walls: Walls, spur: float) -> list[Span]:
    """Guillotine cuts until what is left are rectangles without a strong wall inside."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    r0, r1, c0, c1 = int(rows[0]), int(rows[-1]) + 1, int(cols[0]), int(cols[-1]) + 1
    full = bool(mask[r0:r1, c0:c1].all())
    best = _strongest(mask, walls, (r0, r1, c0, c1))
    if best is None or (full and best[0] < spur):
        return [Span(r0, c0, r1, c1)]
    _, is_row, at = best
    first, second = mask.copy(), mask.copy()
    if is_row:
        first[at:], second[:at] = False, False
    else:
        first[:, at:], second[:, :at] = False, False
    return _cut(first, walls, spur) + _cut(second, walls, spur)


def _strongest(
    mask: npt.NDArray[np.bool_], walls: Walls, box: tuple[int, int, int, int]
) -> tuple[float, bool, int] | None:
    """The line through the region whose inner walls stand most surely on average: (mean, row line?, index)."""
    r0, r1, c0, c1 = box
    options: list[tuple[float, bool, int]] = []
    for r in range(r0 + 1, r1):
        inner = mask[r - 1, c0:c1] & mask[r, c0:c1]
        strength = float(walls.above[r, c0:c1][inner].mean()) if inner.any() else 1.0
        options.append((strength, True, r))
    for c in range(c0 + 1, c1):
        inner = mask[r0:r1, c - 1] & mask[r0:r1, c]
        strength = float(walls.left[r0:r1, c][inner].mean()) if inner.any() else 1.0
        options.append((strength, False, c))
    return max(options) if options else None
