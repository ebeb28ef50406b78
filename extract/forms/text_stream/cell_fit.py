"""How well a piece of text fits a column, in nats: the higher the likelier, None where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from extract.forms.spec import Lexicon, ValueType
from extract.forms.text_stream.grammar import Cell
from extract.forms.values.parse import number, quantity

MAX_NUMBER_CHARS = 24
MAX_QUANTITY_CHARS = 60
MAX_PART_CHARS = 24
MAX_LABEL_CHARS = 30
MAX_NAME_CHARS = 120
MISREAD_FIT = -2.5
TWICE_COST = 2.5
"""A text that ends with the same words twice is two cells."""
LONE_FIGURE_COST = 3.0
FIGURE_IN_NAME = 2.5
"""Names hold few figures, but for some at their beginning, behind a mark or as a year."""
USUAL_DECIMALS = 2

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEADING_ZERO = re.compile(r"^[-+]?0\d")
_DECIMALS = re.compile(r"\.(\d+)")
_PER_CENT = re.compile(r"\d%")
_NOTED = re.compile(r"\(\d+(\.\d+)?\D?\)$")
_SIGNS = re.compile(r"[≥≤≧≦><=＝]")
_INNER_FIGURE = re.compile(r"(?<=[\u3400-\u9fffA-Za-z])(?!(?:19|20)\d\d(?!\d))\d+")
_LONE_FIGURE = re.compile(r"(?:(?<=[\u3400-\u9fff])|^)\d{1,3}(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff.。])\d{1,3}$")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[\u5e74./-]\d{1,2}(?:[\u6708./-](?:\d{1,2}\u65e5?)?)?)?")
"""A year, or a date that begins with one."""
_LONG_FIGURE = re.compile(r"\d{6}")
_TWICE = re.compile(r"(\D{2,12})\1$")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w")
_NEVER_FIRST = frozenset("%‰)）,，。;；.:：、*+")
_BARE = re.compile(r"^[\d.,%…]+$")


@dataclass(frozen=True, eq=False)
class CellFit:
    """The likelihood of texts in cells, by the type of their column."""

    lexicon: Lexicon

    def __call__(self, cell: Cell, text: str, first: bool) -> float | None:
        """What a text says for standing in a column; `first` marks the column that names the row."""
        if text in self.lexicon.blank_marks:
            return None if first else -0.3
        if text[:1] in _NEVER_FIRST or (not cell.part and not _WORD.search(text)):
            return None
        kind = cell.spec.type
        if cell.part:
            return self._part(cell, text)
        if kind.numeric:
            return self._figure(kind, text)
        twice = TWICE_COST * bool(_TWICE.search(text))
        rate = self._rates.get(kind)
        value = rate(cell, text) if rate is not None else self._name(text) if first else self._remark(text)
        return None if value is None else value - twice

    def _part(self, cell: Cell, text: str) -> float | None:
        """A part of a quantity that the form prints in columns of its own: comparator, number and unit, in order."""
        if len(text) > MAX_PART_CHARS:
            return None
        figure = bool(_DIGIT.search(text))
        if cell.part == 1:
            return 0.5 if text in self.lexicon.comparators else -3.0 if figure else -0.2 * len(text)
        if cell.part == len(cell.spec.parts):
            return 0.5 if text in self.lexicon.units else -3.0 if figure else -0.2 * len(text)
        return -3.0 if text in self.lexicon.comparators else -0.1 * len(text)

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
            return MISREAD_FIT if self._misread(text) else None
        if kind in (ValueType.INTEGER, ValueType.YEAR):
            return 0.0 if value == int(value) else None
        found = _DECIMALS.search(text)
        places = len(found[1]) if found else 0
        fit = -1.2 * max(0, places - USUAL_DECIMALS)
        if kind is ValueType.SCORE:
            foreign = not text[-1].isdigit()
            return None if value < 0 else fit - (0.0 if value <= 100 else 4.0) - (3.0 if foreign else 0.0)
        if kind is ValueType.PERCENT:
            return fit - (0.0 if text.endswith(("%", "‰")) else 1.5) - (0.0 if abs(value) <= 1000 else 3.0)
        return fit

    def figures(self, text: str) -> int:
        """How many figures stand right behind words in a text."""
        return len(_INNER_FIGURE.findall(text))

    def measured(self, text: str) -> bool:
        """Whether a text is a figure with its unit."""
        return (
            text[-1:] in self._unit_ends
            and not text[-1].isdigit()
            and _DIGIT.search(text) is not None
            and bool(quantity(text, self.lexicon))
        )

    def unit_begins(self, text: str) -> bool:
        """Whether a text begins with a unit of measure."""
        return any(text.startswith(unit) for unit in self.lexicon.units)

    @cached_property
    def _unit_ends(self) -> frozenset[str]:
        return frozenset(unit[-1] for unit in self.lexicon.units)

    def _lone(self, text: str) -> float:
        """What figures cost that stand alone between words, without a unit: they were cells of their own."""
        lone = (m for m in _LONE_FIGURE.finditer(text) if not self.unit_begins(text[m.end() :][:3]))
        return LONE_FIGURE_COST * sum(1 for _ in lone)

    def _misread(self, text: str) -> bool:
        """Whether a text is a short figure but for letters that are taken for digits, or a per cent sign too many."""
        looks = {c for others in self.lexicon.confusable.values() for c in others if c.isalnum()}
        whole = all(c.isdigit() or c in looks or c in ".%" for c in text)
        return whole and len(text) <= 5 and not text.startswith(".") and not text.endswith(".")

    def _quantity(self, text: str) -> float | None:
        if len(text) > MAX_QUANTITY_CHARS or re.search(r"(?<![\d.])0\d", text):
            return None
        if _YEAR.fullmatch(text):
            return 0.7
        if quantity(text, self.lexicon) is not None:
            return -0.3 - 0.4 * max(0, len(_DECIMALS.sub("", text)) - 8)
        glued = 2.0 * max(0, len(_PER_CENT.findall(text)) - (0 if _CHINESE.search(text) else 1))
        signs = 3.0 * len(_SIGNS.findall(text[1:]))
        inner = len(_INNER_FIGURE.findall(text))
        figures = 1.5 * inner - 0.8 * bool(inner) + self._lone(text)
        return -1.0 - 0.12 * len(text) - glued - signs - figures - 1.0 * bool(_BARE.match(text))

    def _choice(self, cell: Cell, text: str) -> float | None:
        return 1.0 if text in cell.spec.values else -6.0

    def _label(self, text: str) -> float | None:
        if not (_CHINESE.search(text) or _NOTED.search(text)) or len(text) > MAX_LABEL_CHARS:
            return None
        return 1.0 if _NOTED.search(text) else -0.5

    def _name(self, text: str) -> float | None:
        if not _CHINESE.search(text):
            return -3.0 - 2.0 * bool(_BARE.match(text))
        if len(text) > MAX_NAME_CHARS:
            return None
        signs = 3.0 * (len(_SIGNS.findall(text)) + bool(_PER_CENT.search(text)) + 2 * bool(_LONG_FIGURE.search(text)))
        figures = FIGURE_IN_NAME * len(_INNER_FIGURE.findall(text)) + self._lone(text)
        return -signs - figures - 0.01 * len(text)

    def _remark(self, text: str) -> float | None:
        if text == "0":
            return -1.0
        if _BARE.match(text):
            return -3.0
        return -1.0 - 0.01 * len(text) - 0.7 * self._lone(text) - 1.2 * max(0, len(_PER_CENT.findall(text)) - 1)
