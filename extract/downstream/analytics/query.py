"""SQL over the records of an output folder, for people who look: DuckDB in memory, nothing is written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from extract.downstream.database.bulk_copy import append
from extract.downstream.tables.arrow import arrow_table
from extract.downstream.tables.record_rows import ALL, RecordRows, Selection, record_rows
from extract.downstream.tables.row_mapping import Row
from extract.downstream.tables.table_layout import Column, Kind, Layout, Table, layout
from extract.errors import UsageError
from extract.forms.spec import FormSpec

BATCH_ROWS = 20_000
"""Rows of a table that are held before they are handed over."""


@dataclass(frozen=True)
class Answer:
    """What a query gave."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def query(output: Path, sql: str, forms: Sequence[FormSpec], selection: Selection = ALL) -> Answer:
    """The answer to a query over the tables that `zhibiao load` would make.

    Raises UsageError for a query that DuckDB does not take, MissingFile for a folder without records.
    """
    layouts = [layout(form) for form in forms]
    wanted = _named(layouts, sql)
    with opened(layouts, record_rows(output, forms, selection), wanted) as connection:
        try:
            cursor = connection.execute(sql)
            columns = tuple(str(column[0]) for column in cursor.description or ())
            return Answer(columns, cursor.fetchall())
        except duckdb.Error as error:
            raise UsageError(f"{error}\n{_tables(layouts)}") from error


@contextmanager
def opened(layouts: Iterable[Layout], records: Iterator[RecordRows], wanted: frozenset[str]) -> Iterator[Any]:
    """A database in memory with all tables, those that are wanted filled; it can reach no file and no network."""
    with duckdb.connect(config={"python_enable_replacements": "false"}) as connection:
        for one in layouts:
            for table in one.tables:
                connection.execute(_create(table))
        if wanted:
            _fill(connection, records, wanted)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


def _fill(connection: Any, records: Iterator[RecordRows], wanted: frozenset[str]) -> None:
    waiting: dict[Table, list[Row]] = defaultdict(list)
    for one in records:
        for table, rows in one.tables():
            if table.name in wanted:
                waiting[table].extend(rows)
                if len(waiting[table]) >= BATCH_ROWS:
                    append(connection, table, arrow_table(table, waiting.pop(table)))
    for table, rows in waiting.items():
        append(connection, table, arrow_table(table, rows))


def _named(layouts: Sequence[Layout], sql: str) -> frozenset[str]:
    """The tables that a query names: only they need to be filled."""
    words = set(re.findall(r"\w+", sql.lower()))
    return frozenset(table.name for one in layouts for table in one.tables if table.name.lower() in words)


def _create(table: Table) -> str:
    columns = ", ".join(f'"{column.name}" {_type(column)}' for column in table.columns)
    return f'CREATE TABLE "{table.name}" ({columns})'


def _type(column: Column) -> str:
    if column.kind is Kind.DECIMAL:
        return f"DECIMAL({column.digits}, {column.decimals})"
    return {Kind.INTEGER: "BIGINT", Kind.DATE: "DATE"}.get(column.kind, "VARCHAR")


def _tables(layouts: Sequence[Layout]) -> str:
    names = [table.name for one in layouts for table in one.tables]
    return f"tables: {', '.join(names)}; `DESCRIBE <table>` lists the columns of one"
