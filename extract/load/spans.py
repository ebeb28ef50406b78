"""Tables with spans, as HTML writes them: a cell stands once, at its top left; the places it covers are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extract.model import TextCell, TextTable


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell at its row and column (0-based)."""

    row: int
    col: int
    cell: TextCell


def lay_out(cells: Iterable[PlacedCell], rows: int, cols: int) -> TextTable:
    """A table from cells at known places, row after row; places that no cell covers become empty cells.

    Where cells overlap the first one has the place, and a later one that begins there is pushed out.
    """
    covered: set[tuple[int, int]] = set()
    starts: dict[tuple[int, int], TextCell] = {}
    for placed in cells:
        if (placed.row, placed.col) in covered:
            continue
        starts[placed.row, placed.col] = placed.cell
        for row in range(placed.row, placed.row + placed.cell.row_span):
            covered.update((row, col) for col in range(placed.col, placed.col + placed.cell.col_span))
    blank = TextCell("")
    lines = []
    for row in range(rows):
        places = ((row, col) for col in range(cols))
        lines.append(tuple(starts.get(p, blank) for p in places if p in starts or p not in covered))
    return TextTable(tuple(lines))
