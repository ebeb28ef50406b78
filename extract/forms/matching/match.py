"""What matching hands to parsing: a field and the ink it was given, and the doubts met on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from extract.forms.matching.cell_splitting import stands_apart
from extract.forms.matching.headers import Column
from extract.forms.sheets.sheet import Slot
from extract.forms.spec import ColumnSpec, FieldSpec, ValueType
from extract.geometry import Box
from extract.model import Cell, Issue, Origin, Severity, TextLine
from extract.text import fold, join

ROW_NUMBER = re.compile(r"\d{1,3}[.、]?|\d(\.\d{1,2}){1,2}")
"""What may stand before a label without being a value: the number of a row."""


@dataclass(frozen=True)
class Match:
    """A field, by JSON pointer, with the lines it was given.

    `text` is what to parse; it differs from the lines' own text only where a label was restored or a value was cut out
    of a cell. `box` and `page` tell where a blank value would stand. `origin` None means: that of the lines.
    """

    pointer: str
    type: ValueType
    text: str
    lines: tuple[TextLine, ...] = ()
    origin: Origin | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    box: Box | None = None
    page: int = 1


@dataclass(frozen=True)
class LabelMatch:
    """A printed text that was taken for the label of what `pointer` names, with its place in clean pixels."""

    pointer: str
    text: str
    box: Box | None
    page: int


@dataclass(frozen=True)
class Alignment:
    """All fields of a form as matched, the number of rows of each list, and the doubts met on the way.

    `labels` are those of single values and of rows, `columns` the headers of matrices and tables.
    """

    matches: tuple[Match, ...]
    lists: dict[str, int]
    issues: tuple[Issue, ...]
    labels: tuple[LabelMatch, ...] = ()
    columns: tuple[LabelMatch, ...] = ()


def lines_of(cells: tuple[Cell, ...]) -> tuple[TextLine, ...]:
    """All lines of some cells, in order."""
    return tuple(line for cell in cells for line in cell.lines)


def text_of(cells: tuple[Cell, ...]) -> str:
    """The text of some cells as one."""
    return join(line.text for line in lines_of(cells))


@dataclass
class Found:
    """What the steps of matching gather for one sheet: matches by pointer, rows of each list, doubts."""

    matches: dict[str, Match] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    labels: list[LabelMatch] = field(default_factory=list)
    columns: list[LabelMatch] = field(default_factory=list)

    def alignment(self) -> Alignment:
        """What was found, as a value."""
        return Alignment(
            tuple(self.matches.values()), self.lists, tuple(self.issues), tuple(self.labels), tuple(self.columns)
        )

    def label(self, pointer: str, cell: Cell) -> None:
        """Note a cell that holds the label of a value or of a row."""
        self.labels.append(_label_match(pointer, cell))

    def header(self, pointer: str, columns: Iterable[Column]) -> None:
        """Note the cells of a header; `pointer` is that of its table or matrix."""
        for column in columns:
            if column.cell is not None:
                self.columns.append(_label_match(f"{pointer}/{column.spec.key}", column.cell))

    def add(self, match: Match, latest: bool = False) -> None:
        """Keep a match: the first that holds a text, or the `latest`; of two that differ the other is said."""
        kept = self.matches.get(match.pointer)
        if kept is None or not kept.text:
            if kept is None or match.text:
                self.matches[match.pointer] = match
        elif match.text and not _same_text(kept.text, match.text):
            taken, left = (match, kept) if latest else (kept, match)
            self.matches[match.pointer] = taken
            self.second(match.pointer, taken.text, left.text, left.page)

    def second(self, pointer: str, taken: str, left: str, page: int) -> None:
        """Say that two different texts stand for one value."""
        message = f"two texts stand for the value, {taken[:40]!r} was taken; on page {page} stands {left[:60]!r}"
        self.issues.append(Issue("second-value", Severity.ERROR, pointer, message, None, left))

    def has(self, pointer: str) -> bool:
        """Whether a text was found for a field."""
        kept = self.matches.get(pointer)
        return kept is not None and bool(kept.text)

    def apart(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say where a cell looks like two whose wall was lost."""
        for slot in slots:
            if stands_apart(slot.cell):
                self._say("two texts stand side by side in one cell, a rule between them may be lost", slot, pointer)

    def shared(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say where a cell covers several rows of a column whose rows have their own values."""
        for slot in slots:
            self._say("the cell covers several rows, a rule between them may be lost", slot, pointer)

    def spanning(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say where a cell covers several columns: a paragraph, a lost wall, or one text for all of them."""
        for slot in slots:
            message = f"the cell covers several columns: {slot.text[:60]}"
            self.issues.append(Issue("spanning-cell", Severity.ERROR, pointer, message, None, slot.text))

    def unplaced(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say which texts no field could take."""
        for slot in slots:
            self._say(f"text on page {slot.cell.page} belongs to no field", slot, pointer)

    def _say(self, what: str, slot: Slot, pointer: str) -> None:
        message = f"{what}: {slot.text[:60]}"
        self.issues.append(Issue("unplaced-text", Severity.ERROR, pointer, message, None, slot.text))


def pointer_of(key: str) -> str:
    """The JSON pointer of a dotted key."""
    return "/" + key.replace(".", "/")


def field_match(spec: FieldSpec, text: str, lines: Sequence[TextLine], cell: Cell | None = None) -> Match:
    """The match of a single value; `cell` tells where a blank one would stand."""
    page = lines[0].page if lines else (cell.page if cell else 1)
    box = cell.box if cell else None
    return Match(pointer_of(spec.key), spec.type, text, tuple(lines), None, spec.required, spec.values, box, page)


def column_match(at: str, spec: ColumnSpec, cells: tuple[Cell, ...], required: bool) -> Match:
    """The match of a column's value in the row whose pointer is `at`."""
    lines = lines_of(cells)
    page = cells[0].page if cells else 1
    box = cells[0].box if cells else None
    return Match(f"{at}/{spec.key}", spec.type, text_of(cells), lines, None, required, spec.values, box, page)


def _label_match(pointer: str, cell: Cell) -> LabelMatch:
    return LabelMatch(pointer, text_of((cell,)), cell.box, cell.page)


def _same_text(text: str, other: str) -> bool:
    """Whether two texts say the same: letter by letter but for spaces, or as numbers."""
    a, b = (re.sub(r"[\s,，]", "", fold(x)) for x in (text, other))
    if a == b:
        return True
    try:
        return Decimal(a) == Decimal(b)
    except InvalidOperation:
        return False
