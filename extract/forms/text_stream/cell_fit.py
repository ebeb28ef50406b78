"""How well a piece of text fits a column, in nats: the higher the likelier, None where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from extract.forms.parse import number, quantity
from extract.forms.spec import Lexicon, ValueType
from extract.forms.text_stream.grammar import Cell

MAX_NUMBER_CHARS = 24
MAX_QUANTITY_CHARS = 60
MAX_PART_CHARS = 24
USUAL_DECIMALS = 2

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEADING_ZERO = re.compile(r"^[-+]?0\d")
_DECIMALS = re.compile(r"\.(\d+)")
_PER_CENT = re.compile(r"\d%")
_NOTED = re.compile(r"\(\d+(\.\d+)?\D?\)$")
_SIGNS = re.compile(r"[≥≤≧≦><=＝]")
_FIGURE = re.compile(r"\d+(\.\d+)?")
_NEVER_FIRST = frozenset("%‰)）,，。;；.")
_BARE = re.compile(r"^[\d.,%]+$")


@dataclass(frozen=True, eq=False)
class CellFit:
    """The likelihood of texts in cells, by the type of their column."""

    lexicon: Lexicon

    def __call__(self, cell: Cell, text: str, first: bool) -> float | None:
        """What a text says for standing in a column; `first` marks the column that names the row."""
        if text[:1] in _NEVER_FIRST:
            return None
        if text in self.lexicon.blank_marks:
            return None if first else -0.3
        kind = cell.spec.type
        if cell.part:
            return -0.1 * len(text) if len(text) <= MAX_PART_CHARS else None
        if kind.numeric:
            return self._figure(kind, text)
        rate = self._rates.get(kind)
        if rate is not None:
            return rate(cell, text)
        return self._name(text) if first else self._remark(text)

    @cached_property
    def _rates(self) -> dict[ValueType, Callable[[Cell, str], float | None]]:
        return {
            ValueType.QUANTITY: lambda _cell, text: self._quantity(text),
            ValueType.CHOICE: self._choice,
            ValueType.LABEL: lambda _cell, text: self._label(text),
            ValueType.DATE: lambda _cell, text: 0.0 if len(text) <= 16 and text[:1].isdigit() else -4.0,
        }

    def _figure(self, kind: ValueType, text: str) -> float | None:
        if len(text) > MAX_NUMBER_CHARS or _LEADING_ZERO.match(text):
            return None
        value = number(text, self.lexicon, percent=kind is ValueType.PERCENT)
        if value is None:
            return -3.0 if kind is ValueType.SCORE and re.fullmatch(r"\d{1,3}(\.\d+)?%", text) else None
        if kind in (ValueType.INTEGER, ValueType.YEAR):
            return 0.0 if value == int(value) else None
        found = _DECIMALS.search(text)
        places = len(found[1]) if found else 0
        fit = -0.7 * max(0, places - USUAL_DECIMALS)
        if kind is ValueType.SCORE:
            return None if value < 0 else fit - (0.0 if value <= 100 else 4.0)
        if kind is ValueType.PERCENT:
            return fit - (0.0 if text.endswith(("%", "‰")) else 1.5) - (0.0 if abs(value) <= 1000 else 3.0)
        return fit

    def _quantity(self, text: str) -> float | None:
        if len(text) > MAX_QUANTITY_CHARS or re.search(r"(?<![\d.])0\d", text):
            return None
        if quantity(text, self.lexicon) is not None:
            return -0.3 - 0.4 * max(0, len(_DECIMALS.sub("", text)) - 8)
        glued = 2.0 * max(0, len(_PER_CENT.findall(text)) - (0 if _CHINESE.search(text) else 1))
        return -1.0 - 0.12 * len(text) - glued - 1.0 * bool(_BARE.match(text))

    def _choice(self, cell: Cell, text: str) -> float | None:
        return 1.0 if text in cell.spec.values else -6.0

    def _label(self, text: str) -> float | None:
        if not _CHINESE.search(text) or len(text) > 30:
            return None
        return 1.0 if _NOTED.search(text) else -0.5

    def _name(self, text: str) -> float | None:
        if not _CHINESE.search(text):
            return -3.0 - 2.0 * bool(_BARE.match(text))
        return -3.0 * len(_SIGNS.findall(text)) - 3.0 * bool(_PER_CENT.search(text)) - 0.01 * len(text)

    def _remark(self, text: str) -> float | None:
        if text == "0":
            return -1.0
        if _BARE.match(text):
            return -3.0
        return -1.0 - 0.01 * len(text) - 1.2 * max(0, len(_PER_CENT.findall(text)) - 1)
