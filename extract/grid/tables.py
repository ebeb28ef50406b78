"""Rectangles of a lattice -> grids: pieces that touch are one table; what was drawn around nothing is left out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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


def _connected(left: list[Span]) -> list[list[Span]]:
    parts = []
    while left:
        part, frontier = [], [left.pop(0)]
        while frontier:
            span = frontier.pop()
            part.append(span)
            frontier += (near := [other for other in left if _touch(span, other)])
            left = [other for other in left if other not in near]
        parts.append(sorted(part))
    return parts


def _touch(a: Span, b: Span) -> bool:
    """Whether two spans share a piece of wall (not only a corner)."""
    rows = min(a.row_end, b.row_end) - max(a.row, b.row)
    cols = min(a.col_end, b.col_end) - max(a.col, b.col)
    return (rows == 0 and cols > 0) or (cols == 0 and rows > 0)


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
