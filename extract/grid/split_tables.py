"""Rectangles of a lattice -> grids: pieces that touch are one table; what was drawn around nothing is left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from extract.geometry import Box
from extract.grid.cells import Span
from extract.model import Cell, Grid


def split_tables(
    spans: tuple[Span, ...], void: tuple[Span, ...], box: Callable[[Span], Box], page: int
) -> tuple[Grid, ...]:
    """One grid per set of spans that share walls, void ones left out; a lone frame is no table."""
    parts = _connected([span for span in spans if span not in void])
    return tuple(_tile(part, _around(part, void), box, page) for part in parts if len(part) > 1)


def _around(part: list[Span], void: tuple[Span, ...]) -> list[Span]:
    """What of the void lies within a table's outline: a bite, to be filled with empty cells."""
    top, left = min(s.row for s in part), min(s.col for s in part)
    bottom, right = max(s.row_end for s in part), max(s.col_end for s in part)
    cut = [Span(max(s.row, top), max(s.col, left), min(s.row_end, bottom), min(s.col_end, right)) for s in void]
    return [s for s in cut if s.row < s.row_end and s.col < s.col_end]


def _connected(spans: list[Span]) -> list[list[Span]]:
    """Spans in groups that share walls."""
    touching = _touching(spans)
    left = set(range(len(spans)))
    parts = []
    while left:
        frontier = {min(left)}
        part = set()
        while frontier:
            left -= frontier
            part |= frontier
            frontier = left & set(np.flatnonzero(touching[sorted(frontier)].any(axis=0)).tolist())
        parts.append(sorted(spans[i] for i in part))
    return parts


def _touching(spans: list[Span]) -> npt.NDArray[np.bool_]:
    """(n, n): which spans share a piece of wall, not only a corner."""
    row, row_end, col, col_end = np.array([(s.row, s.row_end, s.col, s.col_end) for s in spans]).reshape(-1, 4).T
    rows = np.minimum.outer(row_end, row_end) - np.maximum.outer(row, row)
    cols = np.minimum.outer(col_end, col_end) - np.maximum.outer(col, col)
    return np.asarray(((rows == 0) & (cols > 0)) | ((cols == 0) & (rows > 0)))


def _tile(spans: list[Span], bites: list[Span], box: Callable[[Span], Box], page: int) -> Grid:
    """A grid of the lines these spans use; what stands in a bite of the outline but is no part becomes empty cells."""
    spans = spans + bites
    rows = sorted({s.row for s in spans} | {s.row_end for s in spans})
    cols = sorted({s.col for s in spans} | {s.col_end for s in spans})
    taken = np.zeros((len(rows) - 1, len(cols) - 1), dtype=np.bool_)
    cells = []
    for span in spans:
        cell = Cell(
            rows.index(span.row),
            cols.index(span.col),
            rows.index(span.row_end),
            cols.index(span.col_end),
            box(span),
            page=page,
        )
        taken[cell.row : cell.row_end, cell.col : cell.col_end] = True
        cells.append(cell)
    for r, c in np.argwhere(~taken).tolist():
        gap = box(Span(rows[r], cols[c], rows[r + 1], cols[c + 1]))
        cells.append(Cell(r, c, r + 1, c + 1, gap, page=page))
    return Grid(len(rows) - 1, len(cols) - 1, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))
