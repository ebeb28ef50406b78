"""Many rows into a table, the way each database takes them fastest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import sqlalchemy as sa

from extract.downstream.rows import Row, Rows, Value
from extract.downstream.tables import Kind, Table
from extract.errors import DatabaseError

SQLITE_DIGITS = 15
"""Decimal digits that SQLite keeps of a number with a fraction (sqlite.org/datatype3.html, section 3.1)."""

Encode = Callable[[Table, Rows], Any]
"""Makes of a record's rows what is sent to the database: rows still, or text."""

Write = Callable[[sa.Connection, Table, Sequence[Any]], None]
"""Writes what was made of the rows of several records."""


def encoder(dialect: str) -> Encode:
    """What a database wants its rows to be. It may raise DatabaseError for a value that would not be held exactly."""
    return {"sqlite": _for_sqlite, "postgresql": _for_copy}.get(dialect, lambda _table, rows: rows)


def writer(dialect: str) -> Write:
    """How a database takes rows; all of them raise what SQLAlchemy or the driver raises."""
    return {"sqlite": _insert("?"), "postgresql": _copy, "duckdb": _from_arrow}.get(dialect, _insert("%s"))


def _insert(mark: str) -> Write:
    """An INSERT by position; `mark` is what the driver has for a parameter (PEP 249, paramstyle)."""

    def write(connection: sa.Connection, table: Table, made: Sequence[Any]) -> None:
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(map(quote, table.names))
        marks = ", ".join([mark] * len(table.columns))
        rows = list(chain.from_iterable(made))
        connection.exec_driver_sql(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", rows)

    return write


def _for_sqlite(table: Table, rows: Rows) -> Rows:
    """The rows with their decimals as text, which the columns' affinity makes numbers of again."""
    places = [place for place, column in enumerate(table.columns) if column.kind is Kind.DECIMAL]
    return [_with_text(row, places) for row in rows] if places else rows


def _with_text(row: Row, places: Sequence[int]) -> Row:
    changed: list[Value] | None = None
    for place in places:
        value = row[place]
        if type(value) is Decimal:
            if len(value.normalize().as_tuple().digits) > SQLITE_DIGITS:
                raise DatabaseError(f"SQLite keeps {SQLITE_DIGITS} digits of a number, {value} has more")
            changed = changed or list(row)
            changed[place] = str(value)
    return row if changed is None else tuple(changed)


def _copy(connection: sa.Connection, table: Table, made: Sequence[Any]) -> None:
    """PostgreSQL's COPY (its manual, section 14.4.2)."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, table.names))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        copy.write("".join(made))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _for_copy(_table: Table, rows: Rows) -> str:
    """The rows in COPY's text format (the manual's page of COPY)."""
    return "".join(["\t".join([_copy_value(value) for value in row]) + "\n" for row in rows])


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is not str:
        return str(value)
    return value.translate(_ESCAPES) if not value.isprintable() or "\\" in value else value


def _from_arrow(connection: sa.Connection, table: Table, made: Sequence[Any]) -> None:
    from extract.downstream.arrow import arrow_table

    driver: Any = connection.connection.driver_connection
    append(driver, table, arrow_table(table, list(chain.from_iterable(made))))


def append(duckdb: Any, table: Table, rows: Any) -> None:
    """Append an Arrow table to a DuckDB table of the same columns."""
    duckdb.register("zhibiao_rows", rows)
    names = ", ".join(f'"{name}"' for name in table.names)
    duckdb.execute(f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM zhibiao_rows')
    duckdb.unregister("zhibiao_rows")
