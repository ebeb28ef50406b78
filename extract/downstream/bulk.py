"""Many rows into a table, the way each database takes them fastest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from extract.downstream.rows import Row, Rows, Value
from extract.downstream.tables import Kind, Table
from extract.errors import DatabaseError

SQLITE_DIGITS = 15
"""Decimal digits that SQLite keeps of a number with a fraction (sqlite.org/datatype3.html, section 3.1)."""

Write = Callable[[sa.Connection, Table, Rows], None]


def writer(dialect: str) -> Write:
    """How a database takes rows; all of them raise what SQLAlchemy raises."""
    return {"sqlite": _into_sqlite, "postgresql": _copy, "duckdb": _from_arrow}.get(dialect, _insert)


def _insert(connection: sa.Connection, table: Table, rows: Rows) -> None:
    connection.exec_driver_sql(_statement(connection, table, "%s"), list(rows))


def _into_sqlite(connection: sa.Connection, table: Table, rows: Rows) -> None:
    places = [place for place, column in enumerate(table.columns) if column.kind is Kind.DECIMAL]
    connection.exec_driver_sql(_statement(connection, table, "?"), [_for_sqlite(row, places) for row in rows])


def _for_sqlite(row: Row, places: Sequence[int]) -> Row:
    """The row with its decimals as text, which the column's affinity makes numbers of again."""
    changed: list[Value] | None = None
    for place in places:
        value = row[place]
        if type(value) is Decimal:
            if len(value.normalize().as_tuple().digits) > SQLITE_DIGITS:
                raise DatabaseError(f"SQLite keeps {SQLITE_DIGITS} digits of a number, {value} has more")
            changed = changed or list(row)
            changed[place] = str(value)
    return row if changed is None else tuple(changed)


def _statement(connection: sa.Connection, table: Table, mark: str) -> str:
    """An INSERT by position; `mark` is what the driver has for a parameter (PEP 249, paramstyle)."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, table.names))
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({', '.join([mark] * len(table.columns))})"


def _copy(connection: sa.Connection, table: Table, rows: Rows) -> None:
    """PostgreSQL's COPY (its manual, section 14.4.2)."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, table.names))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        copy.write("".join(map(_copy_line, rows)))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copy_line(row: Row) -> str:
    return "\t".join([_copy_value(value) for value in row]) + "\n"


def _copy_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is not str:
        return str(value)
    return value.translate(_ESCAPES) if not value.isprintable() or "\\" in value else value


def _from_arrow(connection: sa.Connection, table: Table, rows: Rows) -> None:
    from extract.downstream.arrow import arrow_table

    driver: Any = connection.connection.driver_connection
    append(driver, table, arrow_table(table, rows))


def append(duckdb: Any, table: Table, rows: Any) -> None:
    """Append an Arrow table to a DuckDB table of the same columns."""
    duckdb.register("zhibiao_rows", rows)
    names = ", ".join(f'"{name}"' for name in table.names)
    duckdb.execute(f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM zhibiao_rows')
    duckdb.unregister("zhibiao_rows")
