"""Born-digital pages through camelot's lattice parser (camelot-py 2.0): its cells as grids in clean pixels.

Camelot states no spans: a cell knows which of its four edges are drawn. Cells without an edge between them are one.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pypdfium2 as pdfium2

from extract.geometry import Box
from extract.grid.cells import Span, Walls, rectangles, regions
from extract.grid.split_tables import split_tables
from extract.model import CleanPage, Grid, Image
from extract.settings.defaults import GridSettings

POINTS_PER_INCH = 72
_RENDER_DPI = 300
"""What camelot 2.0's backends render at; its thresholds are made for it."""


def read_camelot(page: CleanPage, settings: GridSettings) -> tuple[Grid, ...]:
    """Grids of a page of a PDF, top to bottom; () where the file is none, has no stated dpi, or camelot fails."""
    if page.ref.path.suffix.lower() != ".pdf" or page.ref.dpi is None:
        return ()
    try:
        tables = _tables(page, settings)
    except Exception as error:  # camelot raises what its parsers raise; the page's rules are traced instead
        logging.getLogger(__name__).info("camelot failed on page %d: %s", page.ref.page, error)
        return ()
    grids = tuple(grid for table in tables for grid in _grids(table, page))
    return tuple(sorted(grids, key=lambda grid: min(c.box.y0 for c in grid.cells if c.box is not None)))


def _tables(page: CleanPage, settings: GridSettings) -> list[Any]:
    from camelot.io import read_pdf  # takes most of a second to import; pages without vector rules do not need it

    with _quiet():
        found = read_pdf(
            str(page.ref.path),
            pages=str(page.ref.page),
            flavor="lattice",
            suppress_stdout=True,
            copy_text=["h", "v"],
            line_scale=settings.camelot_line_scale,
            use_fallback=False,
            backend=_Renderer(),
        )
    return list(found)


class _Renderer:
    """Page images for camelot as its own backend makes them, without the four copies that one makes of each."""

    def to_array(self, pdf_path: str, page: int = 1) -> Image:
        """(h, w, 3) BGR of a page, counted from 1, at the resolution of camelot's backends."""
        document = pdfium2.PdfDocument(pdf_path)
        try:
            document.init_forms()
            bitmap = document[page - 1].render(scale=_RENDER_DPI / POINTS_PER_INCH)
            return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
        finally:
            document.close()

    def convert(self, pdf_path: str, png_path: str, page: int = 1) -> None:
        """What camelot asks a backend for by name, and calls only where there is no `to_array`."""
        raise NotImplementedError


@contextmanager
def _quiet() -> Iterator[None]:
    """Its PDF readers warn about every font they do not know; nothing that concerns rules."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _grids(table: Any, page: CleanPage) -> tuple[Grid, ...]:
    cells = table.cells
    left = np.array([[cell.left for cell in row] + [row[-1].right] for row in cells], dtype=np.float64)
    above = np.array([[cell.top for cell in row] for row in [*cells]] + [[cell.bottom for cell in cells[-1]]], float)
    blank = np.zeros_like
    walls = Walls(above, left, blank(above, dtype=np.bool_), blank(left, dtype=np.bool_))
    xs = np.array([cell.x1 for cell in cells[0]] + [cells[0][-1].x2])
    ys = np.array([row[0].y2 for row in cells] + [cells[-1][0].y1])
    scale = float(page.ref.dpi or POINTS_PER_INCH) / POINTS_PER_INCH
    height = float(table.pdf_size[1])
    to_page = np.column_stack((np.zeros(len(ys)), (height - ys) * scale))
    clean = page.to_source.inverse()

    def box(span: Span) -> Box:
        x, y = xs[[span.col, span.col_end]] * scale, to_page[[span.row, span.row_end], 1]
        return clean.quad(Box(float(x[0]), float(y[0]), float(x[1]), float(y[1]))).box

    return split_tables(rectangles(regions(walls, 0.5), walls, 0.5), (), box, page.ref.page)
