"""What a declaration lets stand in a text: every label with what it labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from extract.forms.sheets.label_similarity import key_of
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, Place

OVER = -1
"""The item of a label that stands over several columns and has no cells of its own."""


class Kind(StrEnum):
    """What a label labels."""

    TITLE = "title"
    FIELD = "field"
    SIDE = "side"
    IGNORED = "ignored"
    MATRIX = "matrix"
    MATRIX_ROW = "matrix-row"
    MATRIX_COLUMN = "matrix-column"
    ABOVE = "above"
    COLUMN = "column"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    FOOTER = "footer"

    @property
    def heads(self) -> bool:
        """Whether it stands in a header row."""
        return self in {Kind.MATRIX_COLUMN, Kind.COLUMN}

    @property
    def levels(self) -> bool:
        """Whether it is a word of a table's hierarchy."""
        return self in {Kind.LEVEL1, Kind.LEVEL2}


@dataclass(frozen=True, slots=True)
class Symbol:
    """One thing that a label may mean: `owner` counts the matrix or table, `item` the field, row, column or group.

    `part` counts the child of a group, or the column that is printed for a part of a value.
    """

    kind: Kind
    owner: int = 0
    item: int = 0
    part: int = 0


@dataclass(frozen=True)
class Word:
    """A spelling of a label: as declared, its comparison key, and whether it is the usual spelling."""

    label: str
    key: str
    symbol: Symbol
    usual: bool


@dataclass(frozen=True)
class Cell:
    """A column as one row of a text fills it: the whole value, or one of the parts that the form prints apart."""

    spec: ColumnSpec
    part: int = 0


@dataclass(frozen=True, eq=False)
class Grammar:
    """A form's words."""

    form: FormSpec

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Every spelling of every label, longest first."""
        found = {(w.key, w.symbol): w for w in self._words() if w.key}
        return tuple(sorted(found.values(), key=lambda w: (-len(w.key), w.key, w.symbol.kind)))

    def _words(self) -> Iterator[Word]:
        form = self.form
        for title in form.titles:
            yield Word(title, key_of(title), Symbol(Kind.TITLE), True)
        for i, item in enumerate(form.fields):
            if item.occurrence == 1 and item.place is not Place.NOTE:
                yield from _spelled(item.labels, Symbol(Kind.FIELD, 0, i))
        yield from _each(form.side_labels, Kind.SIDE)
        yield from _each(form.ignored_labels, Kind.IGNORED)
        yield from self._matrix_words()
        yield from self._table_words()

    def _matrix_words(self) -> Iterator[Word]:
        for m, matrix in enumerate(self.form.matrices):
            yield from _spelled(matrix.labels, Symbol(Kind.MATRIX, m))
            for r, row in enumerate(matrix.rows):
                yield from _spelled(row.labels, Symbol(Kind.MATRIX_ROW, m, r))
            yield from _spelled(matrix.over, Symbol(Kind.MATRIX_COLUMN, m, OVER))
            for c, column in enumerate(matrix.columns):
                yield from _column(column, Kind.MATRIX_COLUMN, m, c)

    def _table_words(self) -> Iterator[Word]:
        for t, table in enumerate(self.form.tables):
            yield from _spelled(table.over, Symbol(Kind.COLUMN, t, OVER))
            for c, column in enumerate(table.columns):
                yield from _column(column, Kind.ABOVE if column.above else Kind.COLUMN, t, c)
            for g, group in enumerate(table.groups):
                yield from _spelled((group.label, *group.labels), Symbol(Kind.LEVEL1, t, g))
                for k, child in enumerate(group.children):
                    yield from _spelled(child, Symbol(Kind.LEVEL2, t, g, k))
            if table.footer:
                yield from _spelled(table.footer.labels, Symbol(Kind.FOOTER, t))

    def field(self, symbol: Symbol, label: str, seen: int) -> FieldSpec:
        """The field that a label means which stands for the `seen`-th time (from 0)."""
        first = self.form.fields[symbol.item]
        again = [f for f in self.form.fields if label in f.labels and f.occurrence == seen + 1]
        return again[0] if seen and again else first

    def below(self, symbol: Symbol) -> bool:
        """Whether a symbol is a field whose value stands below its label."""
        return symbol.kind is Kind.FIELD and self.form.fields[symbol.item].place is Place.BELOW


def _spelled(labels: tuple[str, ...], symbol: Symbol) -> Iterator[Word]:
    for i, label in enumerate(labels):
        yield Word(label, key_of(label), symbol, i == 0)


def _each(labels: tuple[str, ...], kind: Kind) -> Iterator[Word]:
    for i, label in enumerate(labels):
        yield Word(label, key_of(label), Symbol(kind, 0, i), True)


def _column(column: ColumnSpec, kind: Kind, owner: int, item: int) -> Iterator[Word]:
    if column.inside:
        return
    for part, labels in enumerate(column.parts, 1):
        yield from _spelled(labels, Symbol(kind, owner, item, part))
    yield from _spelled(column.labels, Symbol(kind, owner, item))
