"""Many rows into a table, the way each database takes them fastest."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any

import sqlalchemy as sa

from extract.downstream.tables.row_mapping import Row, Rows
from extract.downstream.tables.table_layout import Kind, Table
from extract.errors import DatabaseError

SQLITE_DIGITS = 15
"""Decimal digits that SQLite keeps of a number with a fraction (sqlite.org/datatype3.html, section 3.1)."""

Encode = Callable[[Table, Rows], bytes]
"""Makes of a record's rows what is sent to the database; what it makes of no rows is empty."""

Write = Callable[[sa.Connection, Table, Sequence[bytes]], None]
"""Writes what was made of the rows of several records."""


def encoder(dialect: str) -> Encode:
    """What a database wants its rows to be. It may raise DatabaseError for a value that would not be held exactly."""
    if dialect == "postgresql":
        return _for_copy
    return partial(_marshalled, number=_short if dialect == "sqlite" else str)


def writer(dialect: str) -> Write:
    """How a database takes rows; all of them raise what SQLAlchemy or the driver raises."""
    return {"sqlite": _into_sqlite, "postgresql": _copy, "duckdb": _from_arrow}.get(dialect, _into_mysql)


def _marshalled(table: Table, rows: Rows, number: Callable[[Decimal], str]) -> bytes:
    """The rows with their decimals as text, of which the databases make exact numbers again.

    Marshalled, as that takes a fraction of what pickling takes between two processes of a load.
    """
    if not rows:
        return b""
    if any(column.kind is Kind.DECIMAL for column in table.columns):
        rows = [tuple([number(value) if type(value) is Decimal else value for value in row]) for row in rows]
    return marshal.dumps(list(rows))


def _short(value: Decimal) -> str:
    text = str(value)
    if len(text) > SQLITE_DIGITS and len(value.normalize().as_tuple().digits) > SQLITE_DIGITS:
        raise DatabaseError(f"SQLite keeps {SQLITE_DIGITS} digits of a number, {value} has more")
    return text


def _rows(made: Sequence[bytes]) -> Iterator[Row]:
    return chain.from_iterable(map(marshal.loads, made))


def _into_sqlite(connection: sa.Connection, table: Table, made: Sequence[bytes]) -> None:
    driver: Any = connection.connection.driver_connection
    driver.executemany(_insert(connection, table, "?"), _rows(made))


def _into_mysql(connection: sa.Connection, table: Table, made: Sequence[bytes]) -> None:
    connection.exec_driver_sql(_insert(connection, table, "%s"), list(_rows(made)))


def _insert(connection: sa.Connection, table: Table, mark: str) -> str:
    """An INSERT by position; `mark` is what the driver has for a parameter (PEP 249, paramstyle)."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, table.names))
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({', '.join([mark] * len(table.columns))})"


def _copy(connection: sa.Connection, table: Table, made: Sequence[bytes]) -> None:
    """PostgreSQL's COPY (its manual, section 14.4.2)."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, table.names))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        copy.write(b"".join(made))


_COLUMN, _ROW, _NULL = "\udc00", "\udc01", "\udc02"
"""Halves of surrogate pairs, which no text in UTF-8 holds: they stand for the format's marks while it is escaped."""

_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), (_COLUMN, "\t"), (_ROW, "\n"), (_NULL, "\\N"))
"""COPY's text format: the manual's page of COPY, “Text Format”."""


def _for_copy(_table: Table, rows: Rows) -> bytes:
    """The rows as COPY takes them, escaped all at once, which is several times faster than value by value."""
    if not rows:
        return b""
    lines = [_COLUMN.join([v if type(v) is str else _NULL if v is None else str(v) for v in row]) for row in rows]
    text = _ROW.join([*lines, ""])
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return text.encode()


def _from_arrow(connection: sa.Connection, table: Table, made: Sequence[bytes]) -> None:
    from extract.downstream.tables.arrow import arrow_table

    driver: Any = connection.connection.driver_connection
    append(driver, table, arrow_table(table, list(_rows(made))))


def append(duckdb: Any, table: Table, rows: Any) -> None:
    """Append an Arrow table to a DuckDB table of the same columns."""
    duckdb.register("zhibiao_rows", rows)
    names = ", ".join(f'"{name}"' for name in table.names)
    duckdb.execute(f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM zhibiao_rows')
    duckdb.unregister("zhibiao_rows")
