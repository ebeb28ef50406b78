"""Parquet: a file per table, decimals exact, labels in the fields' metadata."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq

from extract.downstream.tables.arrow import arrow_table, schema
from extract.downstream.tables.atomic_file import Unfinished, unfinished
from extract.downstream.tables.record_rows import RecordRows
from extract.downstream.tables.row_mapping import Row, Rows
from extract.downstream.tables.table_layout import Table

GROUP_ROWS = 50_000
"""Rows that are held of a table before they are written as a group."""


def write_parquet(records: Iterator[RecordRows], target: Path) -> tuple[Path, ...]:
    """Write `NAME.TABLE.parquet` for each table of the forms met. Raises OutputError."""
    with unfinished(target) as files:
        with ExitStack() as stack:
            writers = _Writers(files, stack)
            for one in records:
                for table, rows in one.tables():
                    writers.take(table, rows)
            writers.flush()
        return files.finish()


class _Writers:
    """One writer per table, with the rows that wait to be a group."""

    def __init__(self, files: Unfinished, stack: ExitStack) -> None:
        self._files = files
        self._stack = stack
        self._open: dict[Table, pq.ParquetWriter] = {}
        self._waiting: dict[Table, list[Row]] = defaultdict(list)

    def take(self, table: Table, rows: Rows) -> None:
        waiting = self._waiting[table]
        waiting.extend(rows)
        if len(waiting) >= GROUP_ROWS:
            self._write(table)

    def flush(self) -> None:
        for table in self._waiting:
            self._write(table)

    def _write(self, table: Table) -> None:
        if table not in self._open:
            writer = pq.ParquetWriter(self._files.file(table.name), schema(table))
            self._open[table] = self._stack.enter_context(writer)
        self._open[table].write_table(arrow_table(table, self._waiting[table]))
        self._waiting[table].clear()
