"""What a form declaration says, as typed frozen data; `declaration.py` reads it from TOML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path


class ValueType(StrEnum):
    """What a field holds; decides parsing, JSON Schema and column type."""

    TEXT = "text"
    LABEL = "label"
    """A word of the table's hierarchy; recorded in its declared spelling when it is one of them."""
    AMOUNT = "amount"
    """Money: a decimal of at least 0 or, with a sign, below; thousands commas allowed."""
    PERCENT = "percent"
    """A percentage as printed, with or without its sign."""
    SCORE = "score"
    """A decimal of at least 0."""
    NUMBER = "number"
    INTEGER = "integer"
    YEAR = "year"
    DATE = "date"
    CHOICE = "choice"
    QUANTITY = "quantity"
    """Text, with a companion `<key>_value` {comparator, number, unit} where all of it is a plain quantity."""

    @property
    def fractional(self) -> bool:
        """Whether the value, or a part of it, is a number that may have decimals."""
        return self is ValueType.QUANTITY or (self.numeric and self not in {ValueType.INTEGER, ValueType.YEAR})

    @property
    def numeric(self) -> bool:
        """Whether the value is a JSON number."""
        return self in {
            ValueType.AMOUNT,
            ValueType.PERCENT,
            ValueType.SCORE,
            ValueType.NUMBER,
            ValueType.INTEGER,
            ValueType.YEAR,
        }


class Place(StrEnum):
    """Where a single value stands."""

    RIGHT = "right"
    BELOW = "below"
    TITLE = "title"
    HEADING = "heading"
    NOTE = "note"
    """In brackets behind its label (`(20分)`)."""


@dataclass(frozen=True)
class FieldSpec:
    """A single value; `key` may be dotted (goals.expected), `decimals` are those that the form prints at most.

    `occurrence` counts from 1 which of several places of one label is meant.
    """

    key: str
    type: ValueType
    place: Place = Place.RIGHT
    labels: tuple[str, ...] = ()
    required: bool = False
    values: tuple[str, ...] = ()
    decimals: int | None = None
    occurrence: int = 1


@dataclass(frozen=True)
class ColumnSpec:
    """A column of a matrix or a table; `level` > 0 marks a column of the hierarchy.

    `parts` are the labels of the columns that some forms print in place of this one, in order; their texts are joined.
    `inside` names the column in whose text this value stands in brackets (`(25分)`); `above` marks a value that stands
    above the table's header and holds for all rows below.
    """

    key: str
    type: ValueType
    labels: tuple[str, ...]
    required: bool = False
    level: int = 0
    values: tuple[str, ...] = ()
    decimals: int | None = None
    parts: tuple[tuple[str, ...], ...] = ()
    inside: str = ""
    above: bool = False


@dataclass(frozen=True)
class RowSpec:
    """A known row of a matrix; `required` are the columns that must hold a value in it."""

    key: str
    labels: tuple[str, ...]
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitSpec:
    """A word that stands in the matrix's own label (currency)."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class MatrixSpec:
    """Known rows by known columns: data[key][row][column]; `over` are labels over several columns of the header."""

    key: str
    labels: tuple[str, ...]
    rows: tuple[RowSpec, ...]
    columns: tuple[ColumnSpec, ...]
    unit: UnitSpec | None = None
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupSpec:
    """An upper label of the hierarchy: its declared spelling, its variants, and its children's (spelling first)."""

    label: str
    labels: tuple[str, ...]
    children: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class FooterSpec:
    """The row that ends a table, with values under the table's own columns: data[key][column]."""

    key: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """A list of rows: data[key][i][column]; fewer than `min_rows` of them are a doubt.

    `over` are labels over several columns of the header.
    """

    key: str
    columns: tuple[ColumnSpec, ...]
    groups: tuple[GroupSpec, ...] = ()
    footer: FooterSpec | None = None
    placeholders: tuple[str, ...] = ()
    min_rows: int = 1
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckSpec:
    """One of the form's rules; `source` marks rules that real paper is known to break."""

    id: str
    rule: str
    message: str
    each: str | None = None
    tolerance: Decimal = Decimal(0)
    source: bool = False
    bands: Mapping[str, Decimal] | None = None


@dataclass(frozen=True)
class FormSpec:
    """A whole declaration, read from the file at `path`; `digest` is the SHA-256 of its bytes.

    Values behind `ignored_labels` are known and not wanted.
    """

    id: str
    version: str
    name: str
    titles: tuple[str, ...]
    must_labels: tuple[str, ...]
    min_labels: int
    fields: tuple[FieldSpec, ...]
    side_labels: tuple[str, ...]
    ignored_labels: tuple[str, ...]
    matrices: tuple[MatrixSpec, ...]
    tables: tuple[TableSpec, ...]
    checks: tuple[CheckSpec, ...]
    settings: Mapping[str, Mapping[str, object]]
    path: Path
    digest: str
    family: str = ""
    """The id of the declaration that this one goes back to; forms of one family may share titles."""


@dataclass(frozen=True)
class Lexicon:
    """Words and glyphs that all forms share."""

    blank_marks: frozenset[str]
    stray_marks: frozenset[str]
    units: tuple[str, ...]
    comparators: Mapping[str, str]
    year_pattern: str
    confusable: Mapping[str, tuple[str, ...]]
    label_words: tuple[str, ...] = ()
    """Words that labels of single values end with."""
    instructions: tuple[str, ...] = ()
    """Patterns of what a form prints into a cell to tell how to fill it; such a cell is blank."""
    asides: tuple[str, ...] = ()
    """Patterns of lines around a form that hold figures and no value: dates, document and page numbers."""
