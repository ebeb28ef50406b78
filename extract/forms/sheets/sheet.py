"""A form's pages as one: heading lines, one joined grid, tail lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from extract.model import Cell, Grid, TextLine
from extract.text import join


@dataclass(frozen=True)
class Slot:
    """A cell as one row sees it; x0 and x1 are shares of the table's width, or column numbers without boxes."""

    cell: Cell
    text: str
    x0: float
    x1: float
    starts: bool


@dataclass(frozen=True)
class Sheet:
    """One form before it is read: `breaks` are the rows at which a further page or part of the table begins.

    `col_x` holds the column borders as shares of the table's width (cols + 1 of them), None without boxes.
    `index` counts the forms of a file from 0; `siblings` are the keys of the labels that the file's other forms print.
    """

    heading: tuple[TextLine, ...]
    grid: Grid
    col_x: tuple[float, ...] | None
    breaks: tuple[int, ...]
    tail: tuple[TextLine, ...]
    pages: tuple[int, ...]
    index: int = 0
    siblings: frozenset[str] = frozenset()

    @property
    def boxed(self) -> bool:
        """Whether cells have places on a page."""
        return self.col_x is not None

    @cached_property
    def rows(self) -> tuple[tuple[Slot, ...], ...]:
        """The cells that cover each row, left to right."""
        table: list[list[Cell]] = [[] for _ in range(self.grid.rows)]
        for cell in self.grid.cells:
            for row in range(cell.row, cell.row_end):
                table[row].append(cell)
        texts = {id(cell): cell_text(cell) for cell in self.grid.cells}
        return tuple(
            tuple(self._slot(c, r, texts[id(c)]) for c in sorted(cells, key=lambda c: c.col))
            for r, cells in enumerate(table)
        )

    def band(self, row: int, page: int) -> tuple[float, float] | None:
        """Top and bottom of a row on its page, in clean pixels, from the cells that begin and end with it."""
        ends = [c.box for c in self.grid.cells if c.page == page and c.box and c.row == row == c.row_end - 1]
        if not ends:
            return None
        return sorted(b.y0 for b in ends)[len(ends) // 2], sorted(b.y1 for b in ends)[len(ends) // 2]

    def _slot(self, cell: Cell, row: int, text: str) -> Slot:
        x = self.col_x or tuple(float(k) for k in range(self.grid.cols + 1))
        return Slot(cell, text, x[cell.col], x[cell.col_end], cell.row == row)


def cell_text(cell: Cell) -> str:
    """The lines of a cell as one folded text."""
    return join(line.text for line in cell.lines)


def texts(sheet: Sheet) -> Iterator[str]:
    """Every text of the sheet, heading and tail included."""
    for line in (*sheet.heading, *sheet.tail):
        yield line.text
    for cell in sheet.grid.cells:
        if cell.lines:
            yield cell_text(cell)
