"""A table of a text export -> a grid without boxes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from extract.model import Cell, Grid, Origin, PageContent, TextCell, TextLine, TextPage, TextTable


def from_text_table(table: TextTable, page: int = 1) -> Grid:
    """Cells at their rows and columns, with the spans the export states, short rows padded with empty cells.

    Spans are laid out as HTML has it (each cell takes the next place its row has free); one that would run into
    another cell or past the last row is cut back.
    """
    height = len(table.rows)
    width = _width(table)
    taken = np.zeros((height, width), dtype=np.bool_)
    cells: list[Cell] = []
    for r, row in enumerate(table.rows):
        for text_cell in row:
            cell = _place(text_cell, r, taken, page)
            taken[cell.row : cell.row_end, cell.col : cell.col_end] = True
            cells.append(cell)
    used = int(taken.any(axis=0).sum())
    cells += [Cell(r, c, r + 1, c + 1, page=page) for r, c in np.argwhere(~taken[:, :used]).tolist()]
    return Grid(height, used, tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))))


def _width(table: TextTable) -> int:
    """The most places that the cells of a row can take: its own, and those that reach down from the rows above."""
    own = np.zeros(len(table.rows) + 1, dtype=np.int64)
    change = np.zeros(len(table.rows) + 1, dtype=np.int64)
    for r, row in enumerate(table.rows):
        for cell in row:
            span = max(1, cell.col_span)
            own[r] += span
            if cell.row_span > 1 and r + 1 < len(table.rows):
                change[r + 1] += span
                change[min(r + cell.row_span, len(table.rows))] -= span
    return int((own + np.cumsum(change)).max(initial=0))


def _place(text_cell: TextCell, row: int, taken: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], page: int) -> Cell:
    """The cell at the first free place of its row."""
    col = int(np.argmin(taken[row]))
    blocked = np.flatnonzero(taken[row, col : col + max(1, text_cell.col_span)])
    col_end = col + (int(blocked[0]) if len(blocked) else max(1, text_cell.col_span))
    row_end = min(row + max(1, text_cell.row_span), len(taken))
    text = text_cell.text.strip()
    lines = (TextLine(text, None, None, Origin.TEXT_EXPORT, (), page),) if text else ()
    return Cell(row, col, row_end, col_end, None, lines, page)


def text_contents(page: TextPage) -> Iterator[PageContent]:
    """A text export as contents: each table with the paragraphs above it."""
    above: list[TextLine] = []
    for block in page.blocks:
        if isinstance(block, TextTable):
            yield PageContent(page.ref, (from_text_table(block, page.ref.page),), tuple(above))
            above = []
        else:
            above.append(TextLine(block, origin=Origin.TEXT_EXPORT, page=page.ref.page))
    if above:
        yield PageContent(page.ref, (), tuple(above))
