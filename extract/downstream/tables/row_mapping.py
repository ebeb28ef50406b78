"""From a record to the rows of its form's tables, in the order of their columns.

Values in rows are None, int, str or Decimal; a date is its ISO text, a quad or a list of pointers its JSON text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from extract.downstream.tables.table_layout import Column, Kind, Layout, Role, Table
from extract.errors import BadRecord
from extract.records.decode import StoredRecord, value

Value = None | int | str | Decimal
Row = tuple[Value, ...]
Rows = Sequence[Row]


class RowMapper:
    """Turns records of one form into rows; made once per form, as it looks up all columns beforehand."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._known = _known_keys(layout)
        self._makers = [self._maker(table) for table in layout.tables]

    def rows(self, record: StoredRecord, number: int) -> tuple[Rows, ...]:
        """The rows of a record by table; `number` is the id it has in the database.

        Raises BadRecord where a value does not fit its column, or where the data holds what the form does not declare.
        """
        self._refuse_unknown(record)
        try:
            return tuple(make(record, number) for make in self._makers)
        except _Unfit as unfit:
            raise BadRecord(f"{record.file}: {unfit}") from unfit

    def _maker(self, table: Table) -> Callable[[StoredRecord, int], Rows]:
        makers = {
            Role.FORM: _main_row,
            Role.LINES: _line_rows,
            Role.ROWS: _list_rows,
            Role.EVIDENCE: _evidence_rows,
            Role.CHECKS: _check_rows,
            Role.ISSUES: _issue_rows,
        }
        make = makers[table.role]
        return lambda record, number: make(table, record, number)

    def _refuse_unknown(self, record: StoredRecord) -> None:
        for path, allowed in self._known:
            for found in _objects(record.data, path):
                if not found.keys() <= allowed:
                    unknown = sorted(found.keys() - allowed)[0]
                    raise BadRecord(
                        f"{record.file}: /{'/'.join((*path, unknown))} is no value of {self.layout.form} "
                        f"{self.layout.version}; the record was made with version {record.form_version}"
                    )


class _Unfit(ValueError):
    """A value that its column cannot hold as it is."""


def _known_keys(layout: Layout) -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """Which keys each object of the data may have, by where it stands; rows of a list stand at the list's key."""
    known: dict[tuple[str, ...], set[str]] = {(): set()}
    for table in layout.tables:
        bases: Mapping[Role, list[tuple[str, ...]]] = {
            Role.FORM: [()],
            Role.LINES: [(table.source, line) for line, _ in table.lines],
            Role.ROWS: [(table.source,)],
        }
        for path in [(*base, *column.path) for base in bases.get(table.role, []) for column in table.values]:
            for depth in range(len(path)):
                known.setdefault(path[:depth], set()).add(path[depth])
    return [(path, frozenset(keys)) for path, keys in known.items()]


def _objects(data: Any, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects that stand below a row of keys: one, or one for each row of a list; none where there is null."""
    for depth, key in enumerate(path):
        data = data.get(key)
        if type(data) is list:
            for item in data:
                yield from _objects(item, path[depth + 1 :])
            return
        if data is None:
            return
    if type(data) is dict:
        yield data


def _main_row(table: Table, record: StoredRecord, number: int) -> Rows:
    source, engine = record.source, record.engine
    fixed = (
        number,
        source.sha256,
        source.index,
        source.path,
        msgspec.json.encode(source.pages).decode(),
        record.form_version,
        record.status,
        engine.get("ocr"),
        engine.get("extract"),
        record.digest,
    )
    return [(*fixed, *_values(_cells(table), record.data))]


def _line_rows(table: Table, record: StoredRecord, number: int) -> Rows:
    lines = record.data.get(table.source) or {}
    cells = _cells(table)
    return [(number, key, *_values(cells, lines[key])) for key, _ in table.lines if lines.get(key) is not None]


def _list_rows(table: Table, record: StoredRecord, number: int) -> Rows:
    cells = _cells(table)
    items = record.data.get(table.source) or ()
    return [(number, place, *_values(cells, item)) for place, item in enumerate(items)]


def _evidence_rows(_table: Table, record: StoredRecord, number: int) -> Rows:
    return [
        (number, pointer, entry.page, entry.quad_text, entry.text, entry.confidence, entry.origin, entry.dpi)
        for pointer, entry in record.evidence.items()
    ]


def _check_rows(_table: Table, record: StoredRecord, number: int) -> Rows:
    return [
        (number, place, check.id, check.status, check.message, _json(check.pointers))
        for place, check in enumerate(record.checks)
    ]


def _issue_rows(_table: Table, record: StoredRecord, number: int) -> Rows:
    return [
        (number, place, issue.code, issue.severity, issue.pointer, issue.message, issue.expected, issue.actual)
        for place, issue in enumerate(record.issues)
    ]


def _json(pointers: Sequence[str] | None) -> str | None:
    return None if pointers is None else msgspec.json.encode(pointers).decode()


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column, with what is asked of it for every value at hand."""

    column: Column
    key: str
    deep: bool
    is_text: bool


@cache
def _cells(table: Table) -> tuple[_Cell, ...]:
    return tuple(
        _Cell(column, column.path[0], len(column.path) > 1, column.kind is Kind.TEXT) for column in table.values
    )


def _values(cells: tuple[_Cell, ...], data: Mapping[str, Any]) -> list[Value]:
    values: list[Value] = []
    for cell in cells:
        found = value(data, cell.column.path) if cell.deep else data.get(cell.key)
        as_it_is = found is None or (cell.is_text and type(found) is str)
        values.append(found if as_it_is else _fitting(cell.column, found))
    return values


def _fitting(column: Column, found: Any) -> Value:
    """The value as the column holds it, nothing rounded, nothing cut."""
    kind = column.kind
    if kind is Kind.TEXT:
        if type(found) is str:
            return found
    elif kind is Kind.DECIMAL:
        if type(found) is int:
            if abs(found) < 10 ** (column.digits - column.decimals):
                return found
        elif type(found) is Decimal and _fits(column, found):
            return found
    elif kind is Kind.INTEGER:
        if type(found) is int and -(2**63) <= found < 2**63:
            return found
    elif kind is Kind.DATE and _is_date(found):
        return str(found)
    shown = found if isinstance(found, Decimal) else repr(found)
    raise _Unfit(f"/{'/'.join(column.path)}: {shown} does not fit the column {column.name}, {column.type_name}")


def _fits(column: Column, number: Decimal) -> bool:
    if not number.is_finite():
        return False
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent <= column.decimals and abs(number) < 10 ** (column.digits - column.decimals)


def _is_date(found: Any) -> bool:
    try:
        return isinstance(found, str) and date.fromisoformat(found).isoformat() == found
    except ValueError:
        return False
