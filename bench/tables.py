"""The grid stage alone on public document pages with ruled tables, by adjacency F1, beside img2table.

Truth: the box of the text of every non-empty cell, and its neighbours (ICDAR 2019 cTDaR). A truth cell is ours if
its box's centre lies in one of our cells; from our cells that hold text our own relations are made, as ICDAR 2013 has
it: each cell and the nearest cell with text to its right and below it. Where several truth cells fall into one of
ours, only the first is found.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bench.contest import PEERS
from bench.sets import ROOT
from bench.text import markdown, percent, seconds
from extract.clean import clean
from extract.geometry import Box
from extract.grid import find
from extract.load import open_document
from extract.model import Page
from extract.settings.defaults import Settings

FOLDER = Path(os.environ.get("ZHIBIAO_TABLES", ROOT.parent / "shared" / "real" / "tables_zh"))

Relation = tuple[int, int, str]
"""Truth cell, truth cell, "R" or "B"."""


@dataclass(frozen=True)
class TruthTable:
    """Text boxes of a table's cells and which stand beside or below which; `box` encloses the table."""

    box: Box
    cells: tuple[Box, ...]
    relations: frozenset[Relation]


@dataclass(frozen=True)
class Found:
    """What a finder gave for one page: cells of each table, and how long it took."""

    tables: tuple[tuple[Box, ...], ...]
    seconds: float


@dataclass(frozen=True)
class Score:
    """Relations in common, in the truth, and found."""

    right: int
    truth: int
    found: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        return 2 * self.right / (self.truth + self.found) if self.truth + self.found else 1.0


def report(folder: Path = FOLDER) -> str:
    """Adjacency precision, recall and F1 of the grid stage and of img2table, as Markdown."""
    pages = sorted(folder.glob("*.jpg"))
    if not pages:
        return f"skipped, no pages in {folder}"
    truth = {page: read_truth(page.with_suffix(".xml")) for page in pages}
    finders = {"zhibiao": {page: _ours(page) for page in pages}, "img2table 2.0": _peer(pages)}
    lines = [_line(name, truth, found) for name, found in finders.items() if found]
    table = markdown(("cells by", "pages", "relations", "precision %", "recall %", "F1 %", "s/page"), lines)
    return table if finders["img2table 2.0"] else f"{table}\n\nimg2table: skipped (`make bench-peers` sets it up)"


def read_truth(path: Path) -> tuple[TruthTable, ...]:
    """The tables of an annotation file."""
    return tuple(_truth_table(table) for table in ElementTree.parse(path).getroot().iter("table"))


def _truth_table(table: ElementTree.Element) -> TruthTable:
    cells: dict[str, Box] = {}
    relations: list[tuple[str, str, str]] = []
    for cell in table.iter("cell"):
        cells[cell.attrib["id"]] = _box(cell)
        for neighbour in cell.attrib.get("neighbors", "").split():
            other, side = neighbour.split(":")
            if side in ("R", "B"):
                relations.append((cell.attrib["id"], other, side))
    index = {name: k for k, name in enumerate(cells)}
    known = frozenset((index[a], index[b], side) for a, b, side in relations if a in index and b in index)
    return TruthTable(_box(table), tuple(cells.values()), known)


def _box(element: ElementTree.Element) -> Box:
    coords = element.find("Coords")
    points = [p.split(",") for p in (coords.attrib["points"] if coords is not None else "0,0").split()]
    xs, ys = [float(x) for x, _ in points], [float(y) for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def score_table(truth: TruthTable, cells: Sequence[Box]) -> Score:
    """Relations of the truth that follow from the found cells."""
    holder: dict[int, Box] = {}
    taken: set[int] = set()
    for k, text in enumerate(truth.cells):
        inside = [i for i, cell in enumerate(cells) if cell.contains(text.cx, text.cy) and i not in taken]
        if inside:
            best = min(inside, key=lambda i: cells[i].area)
            taken.add(best)
            holder[k] = cells[best]
    found = {r for side in ("R", "B") for r in _neighbours(holder, side)}
    return Score(len(found & truth.relations), len(truth.relations), len(found))


def _neighbours(cells: Mapping[int, Box], side: str) -> list[Relation]:
    """Each cell with the nearest ones on a side of it: those that share part of it and none of the others hide."""
    result: list[Relation] = []
    for a, box in cells.items():
        spans = sorted((_span(other, side)[0], b) for b, other in cells.items() if _follows(box, other, side))
        open_ = [_cross(box, side)]
        for _, b in spans:
            low, high = _cross(cells[b], side)
            hit = [(s, e) for s, e in open_ if min(e, high) - max(s, low) > 0.3 * min(high - low, e - s)]
            if hit:
                result.append((a, b, side))
            rest = [piece for s, e in open_ for piece in ((s, min(e, low)), (max(s, high), e))]
            open_ = [(s, e) for s, e in rest if e - s > 2]
    return result


def _span(box: Box, side: str) -> tuple[float, float]:
    return (box.x0, box.x1) if side == "R" else (box.y0, box.y1)


def _cross(box: Box, side: str) -> tuple[float, float]:
    return (box.y0, box.y1) if side == "R" else (box.x0, box.x1)


def _follows(box: Box, other: Box, side: str) -> bool:
    return _span(other, side)[0] >= _span(box, side)[1] - 0.3 * min(
        _span(box, side)[1] - _span(box, side)[0], _span(other, side)[1] - _span(other, side)[0]
    )


def _ours(path: Path) -> Found:
    """Cells of the grid stage in pixels of the file; only the grid stage is timed."""
    tables: list[tuple[Box, ...]] = []
    spent = 0.0
    for page in open_document(path, Settings().load):
        if not isinstance(page, Page):
            continue
        cleaned = clean(page)
        start = time.perf_counter()
        grids = find(cleaned)
        spent += time.perf_counter() - start
        for grid in grids:
            boxes = [cell.box for cell in grid.cells if cell.box is not None]
            tables.append(tuple(cleaned.to_source.quad(box).box for box in boxes))
    return Found(tuple(tables), spent)


def _peer(pages: Sequence[Path]) -> dict[Path, Found]:
    if not PEERS.is_file():
        return {}
    worker = Path(__file__).parent / "tables_peer.py"
    done = subprocess.run([PEERS, worker, *pages], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    answers: dict[str, Any] = json.loads(done.stdout)
    return {
        Path(path): Found(tuple(tuple(Box(*cell) for cell in table) for table in answer["tables"]), answer["seconds"])
        for path, answer in answers.items()
    }


def score_page(truths: Sequence[TruthTable], found: Found) -> Score:
    """All tables of a page; every truth table sees the found cells that lie in it."""
    cells = [cell for table in found.tables for cell in table]
    scores = [score_table(truth, cells) for truth in truths]
    return Score(sum(s.right for s in scores), sum(s.truth for s in scores), sum(s.found for s in scores))


def _line(name: str, truth: Mapping[Path, Sequence[TruthTable]], found: Mapping[Path, Found]) -> tuple[object, ...]:
    scores = [score_page(truth[page], found[page]) for page in truth]
    total = Score(sum(s.right for s in scores), sum(s.truth for s in scores), sum(s.found for s in scores))
    spent = sum(found[page].seconds for page in truth) / len(truth)
    return (
        name,
        len(truth),
        total.truth,
        percent(100 * total.right / max(total.found, 1)),
        percent(100 * total.right / max(total.truth, 1)),
        percent(100 * total.f1),
        seconds(spent),
    )
