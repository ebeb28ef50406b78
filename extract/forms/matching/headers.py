"""Header rows to columns: which declared columns stand where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from extract.forms.matching.sequence_alignment import Prices, align
from extract.forms.sheets.label_similarity import similarities
from extract.forms.sheets.sheet import Slot
from extract.forms.spec import ColumnSpec
from extract.geometry import overlap_1d
from extract.model import Cell

LABEL = 0.7
"""Similarity from which a header cell counts as a column's label."""
HINT = 0.34
"""Similarity from which a misread header cell may still be given to the column its neighbours leave free."""

LEFTMOST = 1e-6
"""Of two labels that are alike the one further left is meant: less than any difference of similarity."""


@dataclass(frozen=True)
class Column:
    """A column found on the page: its declaration, its extent in the sheet's x, and the cell of its header."""

    spec: ColumnSpec
    x0: float
    x1: float
    cell: Cell | None = None


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
    match = [
        [1 - v + i * LEFTMOST if v >= LABEL or (v >= HINT and max(row) < LABEL) else math.inf for v in row]
        for i, row in enumerate(like)
    ]
    skip = [0.3 if slot.text else 0.05 for slot in slots]
    result = align(Prices(match, skip, [0.8] * len(specs)))
    columns, hits = [], 0
    for i, j in enumerate(result.targets):
        if j is not None:
            columns.append(Column(specs[j], slots[i].x0, slots[i].x1, slots[i].cell))
            hits += like[i][j] >= LABEL
    return tuple(columns), hits
