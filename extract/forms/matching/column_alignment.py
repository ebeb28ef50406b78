"""Body cells to the columns found: the prices of the alignment."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.forms.matching.headers import LABEL, Column
from extract.forms.matching.sequence_alignment import Prices, align
from extract.forms.sheets.label_similarity import best_similarity, is_exact, is_piece
from extract.forms.sheets.sheet import Slot
from extract.forms.spec import ValueType
from extract.geometry import overlap_1d

LOST = 8.0
"""Price of leaving a text out: higher than any misfit, so that text is lost only where no column can take it."""
EMPTY = 0.06
"""Price of leaving an empty cell out."""
_NUMBER = re.compile(r"^[-+¥￥]?[\d,，.\s]+%?$")
_QUANTITY = re.compile(r"[\d%≥≤<>=＜＞＝]")


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
