"""Small sheets written by hand: rows of texts, boxes of ten pixels a column unit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extract.forms.sheets.page_joining import stitch
from extract.forms.sheets.sheet import Sheet
from extract.geometry import Box, Transform
from extract.grid import from_text_table
from extract.model import Cell, Char, Grid, Origin, PageContent, PageRef, TextCell, TextLine, TextTable

UNIT = 100.0
Span = tuple[str, int, int]
"""Text, rows, columns."""


def line(text: str, box: Box, page: int = 1, confidence: float = 0.999) -> TextLine:
    chars = tuple(Char(c, confidence, (), (i + 0.5) / len(text)) for i, c in enumerate(text))
    return TextLine(text, box.quad(), confidence, Origin.OCR, chars, page)


def boxed(rows: Sequence[Sequence[str | Span]], page: int = 1, top: float = 200.0) -> Grid:
    """A grid with boxes; a cell is a text or (text, rows, columns); covered places are left out, as in HTML."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        c = 0
        for item in row:
            text, down, right = item if isinstance(item, tuple) else (item, 1, 1)
            while (r, c) in taken:
                c += 1
            taken.update((r + i, c + k) for i in range(down) for k in range(right))
            box = Box(c * UNIT, top + r * 40, (c + right) * UNIT, top + (r + down) * 40)
            lines = (line(text, box.expand(-10), page),) if text else ()
            cells.append(Cell(r, c, r + down, c + right, box, lines, page))
            c += right
    return Grid(len(rows), max(c for _, c in taken) + 1, tuple(cells))


def page_of(*grids: Grid, heading: Sequence[str] = (), number: int = 1) -> PageContent:
    free = tuple(line(t, Box(100, 20 + 40 * i, 700, 50 + 40 * i), number) for i, t in enumerate(heading))
    return PageContent(PageRef(Path("a.png"), number), grids, free, Transform(), 20.0)


def export(text: str) -> PageContent:
    """A text export from tab-separated lines."""
    rows = tuple(tuple(TextCell(c) for c in row.split("\t")) for row in text.strip("\n").split("\n"))
    return PageContent(PageRef(Path("a.txt"), 1), (from_text_table(TextTable(rows)),), ())


def sheet_of(*pages: PageContent) -> Sheet:
    (sheet,) = stitch(pages, lambda t: t.endswith("自评表"), lambda t: None)
    return sheet
