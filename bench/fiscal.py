"""Grid and reading on real budget tables: born-digital pages drawn as images, damaged, and compared cell by cell.

Truth is what the PDFs' own rules and text layer say: cells with spans, boxes in points and text. Pages where a truth
cell holds two figures with a line break between (two rows glued) are left out, and so are cells that are not drawn on
the page (white or clipping rectangles of the PDF). A truth cell is found right when one of ours has its four sides
within `TOLERANCE_PT`; a figure is right when the cell that holds its place holds that text.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium2

from bench.fold import fold_typography
from bench.sets import ROOT
from bench.text import markdown, percent
from extract.clean import clean
from extract.geometry import Box
from extract.grid import fill, find
from extract.model import Cell, CleanPage, Grid, Image, Page, PageRef
from extract.ocr.engines.factory import open_engine
from extract.ocr.read_page import read
from extract.ocr_engine import OcrEngine
from extract.settings.defaults import Settings
from fixtures.fresh.kinds import DAMAGES
from fixtures.page import TypesetPage
from fixtures.scan import SheetOfPaper

FOLDER = Path(os.environ.get("ZHIBIAO_FISCAL", ROOT.parent / "shared" / "real" / "fiscal_pdfs"))
KINDS = ("clean", "office", "messenger", "fax", "fold", "copy")
PAGES = 17
"""How many pages of each kind are read, evenly over all, unless told otherwise."""
DPI = 200
TOLERANCE_PT = 5.0
"""How far a side may be from the truth's: a third of a row; a cell that is cut or glued is off by a row or a column."""
POINTS_PER_INCH = 72
INK = 200
"""Grey below which a pixel of an undamaged drawn page is part of a rule."""
WORST = 10

_FIGURE = re.compile(r"-?[\d,]*\d(\.\d+)?%?")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TruthCell:
    """A cell as the PDF has it, its box in points from the top left."""

    box: Box
    text: str

    @cached_property
    def is_figure(self) -> bool:
        """Whether it holds a number and nothing else."""
        return _FIGURE.fullmatch(self.text) is not None


@dataclass(frozen=True)
class TruthPage:
    """All cells of a page of a PDF; `page` counts from 1."""

    pdf: Path
    page: int
    size: tuple[float, float]
    cells: tuple[TruthCell, ...]

    @property
    def name(self) -> str:
        """What the page is called in lists."""
        return f"{self.pdf.stem} p{self.page}"


@dataclass(frozen=True)
class PageScore:
    """Of one page: truth cells, those found, cells given; figures, right ones, and those misread in a found cell."""

    name: str
    kind: str
    cells: int
    found: int
    given: int
    figures: int = 0
    right: int = 0
    misread: int = 0

    @property
    def lost(self) -> int:
        """What ranks a page among the worst: wrong figures first, wrong cells else."""
        return 1000 * (self.figures - self.right) + self.cells - self.found


def truth_pages(folder: Path = FOLDER) -> tuple[TruthPage, ...]:
    """Every page with a usable truth."""
    read_all = (_truth(path, folder) for path in sorted(folder.glob("truth/*.json")))
    return tuple(page for page in read_all if not any(_is_glued(cell.text) for cell in page.cells))


def _truth(path: Path, folder: Path) -> TruthPage:
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    width, height = told["page_size_pt"]
    cells = [TruthCell(Box(*cell["bbox"]), cell["text"]) for table in told["tables"] for cell in table["cells"]]
    return TruthPage(folder / told["pdf"], told["page"], (width, height), tuple(cells))


def _is_glued(text: str) -> bool:
    return sum(_FIGURE.fullmatch(line.strip()) is not None for line in text.split("\n")) > 1


def draw(truth: TruthPage) -> Image:
    """(h, w) grey picture of the page at `DPI`."""
    document = pdfium2.PdfDocument(truth.pdf)
    try:
        bitmap = document[truth.page - 1].render(scale=DPI / POINTS_PER_INCH, draw_annots=False)
        return np.asarray(cv2.cvtColor(bitmap.to_numpy()[:, :, :3], cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    finally:
        document.close()


def drawn(truth: TruthPage, image: Image) -> tuple[TruthCell, ...]:
    """The cells that have a rule on each side on the drawn page."""
    scale = DPI / POINTS_PER_INCH
    dark = np.asarray(cv2.erode(image, np.ones((7, 7), np.uint8)) < INK)

    def is_drawn(box: Box) -> bool:
        x0, y0 = (max(0, round(v * scale)) for v in (box.x0, box.y0))
        x1, y1 = min(dark.shape[1] - 1, round(box.x1 * scale)), min(dark.shape[0] - 1, round(box.y1 * scale))
        sides = (dark[y0, x0:x1], dark[y1, x0:x1], dark[y0:y1, x0], dark[y0:y1, x1])
        return all(side.size > 0 and side.mean() > 0.9 for side in sides)

    return tuple(cell for cell in truth.cells if is_drawn(cell.box))


@dataclass(frozen=True, eq=False)
class Made:
    """A damaged page as the grid stage gets it; `corners` are its cells', (n, 4, 2) clockwise from the top left."""

    page: CleanPage
    cells: tuple[TruthCell, ...]
    corners: Floats


def make(truth: TruthPage, kind: str, engine: OcrEngine | None = None) -> Made:
    """Draw, damage and clean a page. Without an engine its turn is left as it is."""
    image = draw(truth)
    cells = drawn(truth, image)
    layout = TypesetPage(*truth.size, cells=[(c.box.x0, c.box.y0, c.box.x1, c.box.y1) for c in cells])
    sheet = SheetOfPaper(layout, image, np.asarray(image[:, ::-1], dtype=np.uint8), {}, DPI)
    damaged = DAMAGES[kind](sheet, np.random.default_rng(list(f"{truth.name} {kind}".encode())))
    page = clean(Page(PageRef(truth.pdf, truth.page, DPI), damaged.image), engine, Settings().clean)
    points = np.array([cell.box.corners() for cell in cells]).reshape(-1, 2) * DPI / POINTS_PER_INCH
    return Made(page, cells, page.to_source.inverse().apply(damaged.move(points)).reshape(-1, 4, 2))


def found_cells(made: Made, grids: Sequence[Grid]) -> tuple[Cell | None, ...]:
    """For each truth cell the one of ours with the same sides, None where there is none."""
    corners = made.corners
    ours = [cell for grid in grids for cell in grid.cells if cell.box is not None]
    if not ours or not len(corners):
        return (None,) * len(corners)
    sides = np.array([(c.box.x0, c.box.y0, c.box.x1, c.box.y1) for c in ours if c.box is not None])
    left, right = corners[:, [0, 3], 0].mean(axis=1), corners[:, [1, 2], 0].mean(axis=1)
    top, bottom = corners[:, [0, 1], 1].mean(axis=1), corners[:, [2, 3], 1].mean(axis=1)
    off = np.abs(np.stack((left, top, right, bottom), axis=1)[:, None] - sides).max(axis=2)
    best = off.argmin(axis=1)
    near = off[np.arange(len(best)), best] <= TOLERANCE_PT * _per_point(made.page)
    return tuple(ours[k] if ok else None for k, ok in zip(best.tolist(), near.tolist(), strict=True))


def _per_point(page: CleanPage) -> float:
    """Clean pixels to a point."""
    height, width = page.image.shape[:2]
    a, b = page.to_source.apply([(width / 2, height / 2), (width / 2 + 100, height / 2)])
    return DPI / POINTS_PER_INCH * 100 / float(np.linalg.norm(b - a))


def score(truth: TruthPage, kind: str, engine: OcrEngine | None) -> PageScore:
    """One page through the stages; without an engine only its cells are compared."""
    settings = Settings()
    made = make(truth, kind, engine)
    grids = find(made.page, settings.grid)
    found = found_cells(made, grids)
    counts = (len(found), sum(cell is not None for cell in found), sum(len(grid.cells) for grid in grids))
    if engine is None:
        return PageScore(truth.name, kind, *counts)
    filled, _ = fill(grids, read(made.page, grids, engine, settings.ocr))
    places = made.corners.mean(axis=1)
    right = [
        (fold_typography(_text_at(place, filled)) == fold_typography(cell.text), ours is not None)
        for cell, place, ours in zip(made.cells, places, found, strict=True)
        if cell.is_figure
    ]
    misread = sum(not ok and whole for ok, whole in right)
    return PageScore(truth.name, kind, *counts, len(right), sum(ok for ok, _ in right), misread)


def _text_at(place: Floats, grids: Sequence[Grid]) -> str:
    for grid in grids:
        for cell in grid.cells:
            if cell.box is not None and cell.box.contains(float(place[0]), float(place[1])):
                return "".join(line.text for line in cell.lines)
    return ""


def report(kinds: Sequence[str] = (), limit: int | None = None) -> str:
    """Cells and figures right by kind of damage, and the worst pages, as Markdown."""
    pages = truth_pages()
    if not pages:
        return f"skipped, no pages in {FOLDER}"
    engine = open_engine(Settings().ocr)
    chosen = sample(pages, limit or PAGES)
    scores = {kind: [score(page, kind, engine) for page in chosen] for kind in kinds or KINDS}
    return "\n\n".join((_table(scores), *_worst(scores)))


def sample(pages: Sequence[TruthPage], count: int) -> tuple[TruthPage, ...]:
    """So many pages, evenly over all."""
    places = np.unique(np.linspace(0, len(pages) - 1, min(count, len(pages))).round().astype(int))
    return tuple(pages[int(k)] for k in places)


def _table(scores: Mapping[str, Sequence[PageScore]]) -> str:
    header = ("kind", "pages", "cells", "cells right %", "given", "figures", "right %", "misread")
    return markdown(header, [_row(kind, part) for kind, part in scores.items()])


def _row(kind: str, part: Sequence[PageScore]) -> tuple[object, ...]:
    cells, figures = sum(p.cells for p in part), sum(p.figures for p in part)
    found, right = sum(p.found for p in part), sum(p.right for p in part)
    shares = percent(100 * found / max(cells, 1)), percent(100 * right / max(figures, 1))
    given, misread = sum(p.given for p in part), sum(p.misread for p in part)
    return kind, len(part), cells, shares[0], given, figures, shares[1], misread


def _worst(scores: Mapping[str, Sequence[PageScore]]) -> Iterator[str]:
    ranked = sorted((p for part in scores.values() for p in part if p.lost), key=lambda p: -p.lost)[:WORST]
    if ranked:
        rows = [(p.name, p.kind, f"{p.found}/{p.cells}", p.given, f"{p.right}/{p.figures}") for p in ranked]
        yield markdown(("worst pages", "kind", "cells right", "given", "figures right"), rows)
