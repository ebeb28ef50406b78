"""Header rows to columns, and body cells to the columns found: the alignment's prices."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.forms.matching.sequence_alignment import Prices, align
from extract.forms.sheets.label_similarity import best_similarity, is_exact, is_piece, similarities
from extract.forms.sheets.sheet import Slot
from extract.forms.spec import ColumnSpec, ValueType
from extract.geometry import Box, overlap_1d
from extract.model import Cell
from extract.text import join

LABEL = 0.7
"""Similarity from which a header cell counts as a column's label."""
HINT = 0.34
"""Similarity from which a misread header cell may still be given to the column its neighbours leave free."""
LOST = 8.0
"""Price of leaving a text out: higher than any misfit, so that text is lost only where no column can take it."""
EMPTY = 0.06
"""Price of leaving an empty cell out."""
CHANNEL = 0.8
"""Line heights of clear space between two texts of one cell that make a lost wall likely."""
_NUMBER = re.compile(r"^[-+¥￥]?[\d,，.\s]+%?$")
_QUANTITY = re.compile(r"[\d%≥≤<>=＜＞＝]")


@dataclass(frozen=True)
class Column:
    """A column found on the page: its declaration and its extent in the sheet's x."""

    spec: ColumnSpec
    x0: float
    x1: float


@dataclass(frozen=True)
class Header:
    """The columns a header row declares, left to right; `hits` counts those whose label was really read."""

    columns: tuple[Column, ...]
    hits: int
    row: int
    row_end: int


def find_header(rows: Sequence[Sequence[Slot]], row: int, specs: Sequence[ColumnSpec]) -> Header | None:
    """The header that starts at a row, over one or two rows of labels; None where too few labels stand there.

    The rows are those that `split_apart` gives.
    """
    here = rows[row]
    single = _match_header(here, [(s.text,) for s in here], specs)
    found = (single, row + 1)
    if row + 1 < len(rows):
        below = rows[row + 1]
        paths = [(s.text, *_paths(s, here)) for s in below]
        double = _match_header(below, paths, specs)
        if double[1] > single[1] and any(s.cell in [b.cell for b in below] for s in here if s.text):
            found = (double, row + 2)
    (columns, hits), end = found
    if hits < _fewest(specs):
        return None
    return Header(columns, hits, row, end)


def _fewest(specs: Sequence[ColumnSpec]) -> int:
    """How many labels make a header."""
    return max(min(2, len(specs)), math.ceil(len(specs) / 2))


def _paths(slot: Slot, above: Sequence[Slot]) -> tuple[str, ...]:
    """The slot's text led by the text of the label above it."""
    return tuple(
        a.text + slot.text
        for a in above
        if a.text and a.cell is not slot.cell and overlap_1d(a.x0, a.x1, slot.x0, slot.x1) > 0
    )


def _match_header(
    slots: Sequence[Slot], options: Sequence[tuple[str, ...]], specs: Sequence[ColumnSpec]
) -> tuple[tuple[Column, ...], int]:
    spellings = tuple(tuple(spec.labels) for spec in specs)
    like = [list(map(max, zip(*(similarities(o, spellings) for o in texts), strict=True))) for texts in options]
    if sum(max(column) >= LABEL for column in zip(*like, strict=True)) < _fewest(specs):
        return (), 0
    match = [[1 - v if v >= LABEL or (v >= HINT and max(row) < LABEL) else math.inf for v in row] for row in like]
    skip = [0.3 if slot.text else 0.05 for slot in slots]
    result = align(Prices(match, skip, [0.8] * len(specs)))
    columns, hits = [], 0
    for i, j in enumerate(result.targets):
        if j is not None:
            columns.append(Column(specs[j], slots[i].x0, slots[i].x1))
            hits += like[i][j] >= LABEL
    return tuple(columns), hits


def split_apart(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Cells whose lines stand in blocks side by side, cut in the middle of the clear channel between them."""
    return tuple(piece for slot in slots for piece in _blocks(slot))


def stands_apart(cell: Cell) -> bool:
    """Whether the lines of a cell stand side by side with a clear channel between them: a wall may be lost there."""
    return len(_channels(cell)) > 0


def _channels(cell: Cell) -> list[float]:
    """The middle of each channel at least CHANNEL line heights wide that no line crosses, in clean pixels."""
    boxes = sorted((line.quad.box for line in cell.lines if line.quad), key=lambda b: b.x0)
    if len(boxes) < 2:
        return []
    height = sorted(b.height for b in boxes)[len(boxes) // 2]
    channels, end = [], boxes[0].x1
    for k, box in enumerate(boxes[1:], 1):
        beside = any(overlap_1d(box.y0, box.y1, b.y0, b.y1) > 0.4 * box.height for b in boxes[:k])
        if box.x0 - end > CHANNEL * height and beside:
            channels.append((end + box.x0) / 2)
        end = max(end, box.x1)
    return channels


def _blocks(slot: Slot) -> list[Slot]:
    box, channels = slot.cell.box, _channels(slot.cell)
    if box is None or box.width <= 0 or not channels:
        return [slot]
    scale = (slot.x1 - slot.x0) / box.width
    borders = [box.x0, *channels, box.x1]
    pieces = []
    for left, right in pairwise(borders):
        lines = tuple(x for x in slot.cell.lines if x.quad and left <= x.quad.box.cx < right)
        own = Box(left, box.y0, right, box.y1)
        x0, x1 = (slot.x0 + (v - box.x0) * scale for v in (left, right))
        pieces.append(Slot(replace(slot.cell, box=own, lines=lines), join(x.text for x in lines), x0, x1, slot.starts))
    return pieces


def split_wide(slots: Iterable[Slot], columns: Sequence[Column]) -> tuple[Slot, ...]:
    """Cells that cover several columns for want of a wall, cut where their lines clearly stand in different ones."""
    result: list[Slot] = []
    for slot in slots:
        own = [c for c in columns if overlap_1d(slot.x0, slot.x1, c.x0, c.x1) > 0.6 * (c.x1 - c.x0)]
        box = slot.cell.box
        if len(own) < 2 or len(slot.cell.lines) < 2 or box is None or box.width <= 0:
            result.append(slot)
            continue
        result.extend(_pieces(slot, own))
    return tuple(result)


def _pieces(slot: Slot, own: Sequence[Column]) -> list[Slot]:
    box = slot.cell.box
    assert box is not None
    scale = (slot.x1 - slot.x0) / box.width
    lines: dict[int, list[int]] = {}
    for k, line in enumerate(slot.cell.lines):
        if line.quad is None:
            return [slot]
        a, b = (slot.x0 + (x - box.x0) * scale for x in (line.quad.box.x0, line.quad.box.x1))
        shares = [overlap_1d(a, b, c.x0, c.x1) / max(b - a, 1e-9) for c in own]
        best = max(range(len(own)), key=shares.__getitem__)
        if shares[best] < 0.8:
            return [slot]
        lines.setdefault(best, []).append(k)
    if len(lines) < 2:
        return [slot]
    pieces = []
    for j, column in enumerate(own):
        part = tuple(slot.cell.lines[k] for k in lines.get(j, ()))
        cell: Cell = replace(slot.cell, lines=part)
        pieces.append(Slot(cell, join(x.text for x in part), column.x0, column.x1, slot.starts))
    return pieces


@dataclass(frozen=True)
class Fit:
    """What the prices of a body row know beside the columns: known words per level column, free words, boxes or not."""

    levels: Mapping[int, Sequence[str]]
    free: Sequence[str]
    blank_marks: frozenset[str]
    boxed: bool

    def is_free(self, text: str) -> bool:
        """Whether a text is a side label or a piece of one."""
        return is_exact(text, self.free) or is_piece(text, self.free)

    def is_blank(self, text: str) -> bool:
        """Whether a text stands for an empty cell."""
        return not text or text in self.blank_marks


def place(slots: Sequence[Slot], columns: Sequence[Column], fit: Fit) -> tuple[int | None, ...]:
    """The column of each cell of a body row."""
    match = [[_misfit(slot, column, fit) for column in columns] for slot in slots]
    inside = [[fit.boxed and _is_inside(slot, column) for column in columns] for slot in slots]
    # joining is for cells that a false wall cut: both stand well inside of one column
    join_price = [[math.inf] * len(columns) for _ in slots[:1]] + [
        [0.3 if a and b else math.inf for a, b in zip(*pair, strict=True)] for pair in pairwise(inside)
    ]
    first = next((i for i, slot in enumerate(slots) if slot.text), 0)
    skip_cell = [_skip(slot, i == first, fit) for i, slot in enumerate(slots)]
    full = any(_NUMBER.match(slot.text) for slot in slots)
    skip_target = [1.5 if full and c.spec.required and not c.spec.level else 0.2 for c in columns]
    return align(Prices(match, skip_cell, skip_target, join_price)).targets


def _is_inside(slot: Slot, column: Column) -> bool:
    return _overlap(slot, column) > 0.9 and slot.x1 - slot.x0 < 0.9 * (column.x1 - column.x0)


def _skip(slot: Slot, leads: bool, fit: Fit) -> float:
    """Only the first text of a row may be a side label, or a piece of one."""
    if not slot.text:
        return EMPTY
    if leads and fit.is_free(slot.text):
        return 0.3
    return 1.0 if fit.is_blank(slot.text) else LOST


def _overlap(slot: Slot, column: Column) -> float:
    shared = overlap_1d(slot.x0, slot.x1, column.x0, column.x1)
    return shared / max(min(slot.x1 - slot.x0, column.x1 - column.x0), 1e-9)


def _misfit(slot: Slot, column: Column, fit: Fit) -> float:
    where = 0.05 * abs(slot.x0 - column.x0)
    if fit.boxed:
        shared = _overlap(slot, column)
        where = 20.0 if shared == 0 else 6.0 * (1 - shared)
    if fit.is_blank(slot.text):
        return where + (0.0 if not slot.text else 0.1)
    return where + _type_price(slot.text, column, fit) * (0.5 if fit.boxed else 1.0)


def _type_price(text: str, column: Column, fit: Fit) -> float:
    spec = column.spec
    if spec.level:
        return _label_price(text, spec.level, fit)
    number = bool(_NUMBER.match(text))
    if spec.type is ValueType.QUANTITY:
        return (0.0 if _QUANTITY.search(text) else 0.2) + _label_elsewhere(text, fit)
    if spec.type.numeric:
        return 0.0 if number else 6.0
    if spec.required:
        return (2.0 if number else 0.0) + 2 * _label_elsewhere(text, fit)
    return (3.0 if number else 0.3) + _label_elsewhere(text, fit)


def _label_price(text: str, level: int, fit: Fit) -> float:
    words = fit.levels.get(level, ())
    if is_exact(text, words):
        return 0.0
    key = text.replace(" ", "")
    if any(w.startswith(key) or w.endswith(key) for w in words):
        return 0.2
    if best_similarity(text, words) >= LABEL:
        return 0.4
    return 2.6 if not _NUMBER.match(text) else 5.0


def _label_elsewhere(text: str, fit: Fit) -> float:
    """A word of the hierarchy seldom stands in another column."""
    return 1.0 if any(is_exact(text, words) for words in fit.levels.values()) else 0.0
