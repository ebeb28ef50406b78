"""From a form's declaration to the tables that hold its records: names, types, labels, keys; no database in sight."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from extract.downstream.tables.glossary import word
from extract.errors import DeclarationError
from extract.forms.record_shape import COMPANION, QUANTITY_PARTS, Group, leaves_of, record_shape
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, MatrixSpec, TableSpec, UnitSpec, ValueType

MAX_NAME = 63
"""Longest identifier that PostgreSQL keeps whole, in bytes."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"
    """A short text that may be part of a key."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


class Role(StrEnum):
    """What the rows of a table are."""

    FORM = "form"
    LINES = "lines"
    """The known rows of a matrix, by their key."""
    ROWS = "rows"
    """The rows of a list, by their number."""
    EVIDENCE = "evidence"
    CHECKS = "checks"
    ISSUES = "issues"


_FIXED: Mapping[Role, int] = {Role.FORM: 10, Role.LINES: 2, Role.ROWS: 2}
"""Columns that a table of this role has whatever the form."""


@dataclass(frozen=True)
class Column:
    """A column; `path` leads from the row's data to the value, `digits` and `decimals` are those of a decimal."""

    name: str
    kind: Kind
    label: str = ""
    path: tuple[str, ...] = ()
    digits: int = 0
    decimals: int = 0
    required: bool = False

    @property
    def type_name(self) -> str:
        """The type as the catalogue of columns states it."""
        return f"decimal({self.digits}, {self.decimals})" if self.kind is Kind.DECIMAL else self.kind.value


@dataclass(frozen=True)
class Table:
    """A table; `source` is the key of its data, `key` the number of leading columns that tell rows apart."""

    name: str
    role: Role
    label: str
    columns: tuple[Column, ...]
    key: int
    source: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    """Key and printed label of each line of a matrix."""
    footer: tuple[str, str] | None = None
    """Key and printed label of the row that ends a list; its values are single values of the form."""

    @property
    def values(self) -> tuple[Column, ...]:
        """The columns that come from the record's data; those that every form has stand before them."""
        return self.columns[_FIXED.get(self.role, len(self.columns)) :]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Layout:
    """All tables of a form, the one of its scalars first."""

    form: str
    version: str
    label: str
    tables: tuple[Table, ...]

    @property
    def main(self) -> Table:
        """The table of the form's single values."""
        return self.tables[0]

    def of(self, role: Role) -> Iterator[Table]:
        """The tables of a role."""
        return (table for table in self.tables if table.role is role)


_WHOLE_DIGITS: Mapping[ValueType, int] = {
    ValueType.AMOUNT: 14,
    ValueType.PERCENT: 6,
    ValueType.SCORE: 6,
    ValueType.NUMBER: 16,
    ValueType.QUANTITY: 16,
}
"""Digits before the point that a column of each type keeps."""

_DECIMALS: Mapping[ValueType, int] = {
    ValueType.AMOUNT: 6,
    ValueType.PERCENT: 6,
    ValueType.SCORE: 6,
    ValueType.NUMBER: 8,
    ValueType.QUANTITY: 8,
}
"""Decimals where the form declares none: an amount in units of 10,000 has six down to the hundredth of its unit."""


def layout(form: FormSpec) -> Layout:
    """The tables of a form. Raises DeclarationError where two of its values would share a column."""
    tables = (
        _main(form),
        *(_lines(form, matrix) for matrix in form.matrices),
        *(_rows(form, table) for table in form.tables),
        _evidence(form),
        _checks(form),
        _issues(form),
    )
    _refuse_twins(form, "two tables would share a name", [table.name for table in tables])
    for table in tables:
        _refuse_twins(form, f"two values would share a column of {table.name}", table.names)
    return Layout(form.id, form.version, form.name, tables)


def table_name(*parts: str) -> str:
    """Parts joined by underscores; what is too long for a database is cut and keeps its hash."""
    name = "_".join(parts)
    if len(name) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _column(name: str, kind: Kind, *, required: bool = False, digits: tuple[int, int] = (0, 0)) -> Column:
    """A column that every form has; it is called what the glossary calls it."""
    return Column(name, kind, word(name), (name,), *digits, required=required)


def _main(form: FormSpec) -> Table:
    fixed = (
        _column("id", Kind.INTEGER, required=True),
        _column("source_sha256", Kind.WORD, required=True),
        _column("source_index", Kind.INTEGER, required=True),
        _column("source_path", Kind.TEXT, required=True),
        _column("source_pages", Kind.TEXT, required=True),
        _column("form_version", Kind.WORD, required=True),
        _column("status", Kind.WORD, required=True),
        _column("engine_ocr", Kind.TEXT),
        _column("engine_extract", Kind.TEXT),
        _column("record_sha256", Kind.WORD, required=True),
    )
    taken = {column.name for column in fixed}
    values = tuple(_renamed(column, taken) for column in _scalars(form))
    return Table(table_name(form.id), Role.FORM, form.name, (*fixed, *values), 1)


def _scalars(form: FormSpec) -> Iterator[Column]:
    """The columns of single values: fields, units of matrices, footers; the lines of a matrix have their own table."""
    shape = record_shape(form)
    for path, leaf in leaves_of(shape):
        spec, above = leaf.spec, shape.members[path[0]]
        if isinstance(spec, FieldSpec):
            yield from _columns(spec, path, spec.labels)
        elif isinstance(spec, UnitSpec):
            yield Column(table_name(*path), Kind.TEXT, word(spec.key), path)
        elif len(path) == 2 and isinstance(above, Group):
            yield from _columns(spec, path, (f"{above.labels[0]} {spec.labels[0]}",))


def _columns(item: FieldSpec | ColumnSpec, path: tuple[str, ...], labels: Sequence[str]) -> Iterator[Column]:
    """The column of a value and, where it may be a quantity, those of its parts."""
    name, label = table_name(*path), labels[0] if labels else word(path[-1])
    if item.type is not ValueType.QUANTITY:
        yield Column(name, _kind(item.type), label, path, *_digits(item))
        return
    yield Column(name, Kind.TEXT, label, path)
    for part in QUANTITY_PARTS:
        inner = (*path[:-1], f"{path[-1]}{COMPANION}", part)
        kind, digits = (Kind.DECIMAL, _digits(item)) if part == "number" else (Kind.TEXT, (0, 0))
        yield Column(f"{name}_{part}", kind, f"{label} {word(f'quantity_{part}')}", inner, *digits)


def _kind(kind: ValueType) -> Kind:
    if kind.fractional:
        return Kind.DECIMAL
    if kind in {ValueType.INTEGER, ValueType.YEAR}:
        return Kind.INTEGER
    return Kind.DATE if kind is ValueType.DATE else Kind.TEXT


def _digits(item: FieldSpec | ColumnSpec) -> tuple[int, int]:
    """Digits and decimals of a value's column, (0, 0) for one that is no number with decimals."""
    if not item.type.fractional:
        return 0, 0
    decimals = _DECIMALS[item.type] if item.decimals is None else item.decimals
    return _WHOLE_DIGITS[item.type] + decimals, decimals


def _renamed(column: Column, taken: set[str]) -> Column:
    """A value that is called like a column of every form gets an underscore at its end."""
    if column.name not in taken:
        return column
    return replace(column, name=f"{column.name}_")


def _below(form: FormSpec, name: str, role: Role, label: str, columns: Iterable[Column]) -> Table:
    """A table whose rows belong to a form; its second column tells them apart."""
    parent = _column("form_id", Kind.INTEGER, required=True)
    return Table(table_name(form.id, name), role, label, (parent, *columns), 2)


def _lines(form: FormSpec, matrix: MatrixSpec) -> Table:
    columns = _row_columns(matrix.columns, _column("line", Kind.WORD, required=True))
    made = _below(form, matrix.key, Role.LINES, matrix.labels[0], columns)
    return replace(made, source=matrix.key, lines=tuple((row.key, row.labels[0]) for row in matrix.rows))


def _rows(form: FormSpec, table: TableSpec) -> Table:
    columns = _row_columns(table.columns, _column("number", Kind.INTEGER, required=True))
    made = _below(form, table.key, Role.ROWS, word(table.key), columns)
    footer = (table.footer.key, table.footer.labels[0]) if table.footer else None
    return replace(made, source=table.key, footer=footer)


def _row_columns(items: Iterable[ColumnSpec], key: Column) -> Iterator[Column]:
    """The key of a row, then its values."""
    yield key
    for item in items:
        for column in _columns(item, (item.key,), item.labels):
            yield _renamed(column, {"form_id", key.name})


def _evidence(form: FormSpec) -> Table:
    columns = (
        _column("pointer", Kind.WORD, required=True),
        _column("page", Kind.INTEGER, required=True),
        _column("quad", Kind.TEXT),
        _column("text", Kind.TEXT, required=True),
        _column("confidence", Kind.DECIMAL, digits=(4, 3)),
        _column("origin", Kind.WORD, required=True),
        _column("dpi", Kind.DECIMAL, digits=(8, 1)),
    )
    return _below(form, "evidence", Role.EVIDENCE, word("evidence"), columns)


def _checks(form: FormSpec) -> Table:
    columns = (
        _column("number", Kind.INTEGER, required=True),
        _column("check_id", Kind.WORD, required=True),
        _column("status", Kind.WORD, required=True),
        _column("message", Kind.TEXT, required=True),
        _column("pointers", Kind.TEXT),
    )
    return _below(form, "checks", Role.CHECKS, word("checks"), columns)


def _issues(form: FormSpec) -> Table:
    columns = (
        _column("number", Kind.INTEGER, required=True),
        _column("code", Kind.WORD, required=True),
        _column("severity", Kind.WORD, required=True),
        _column("pointer", Kind.TEXT, required=True),
        _column("message", Kind.TEXT, required=True),
        _column("expected", Kind.TEXT),
        _column("actual", Kind.TEXT),
    )
    return _below(form, "issues", Role.ISSUES, word("issues"), columns)


def _refuse_twins(form: FormSpec, fault: str, names: Sequence[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise DeclarationError(f"{form.path}: {fault}: {', '.join(twins)}")
