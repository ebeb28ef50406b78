"""CSV as Excel opens it right: UTF-8 with a byte order mark, a file per table.

Text stands in quotes and null is nothing at all, so that an empty text differs from a blank (as in PostgreSQL's CSV).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from extract.downstream.export.harmless import harmless
from extract.downstream.tables.atomic_file import unfinished
from extract.downstream.tables.record_rows import RecordRows
from extract.downstream.tables.row_mapping import Row, Value
from extract.records.encode import number


def write_csv(records: Iterator[RecordRows], target: Path) -> tuple[Path, ...]:
    """Write `NAME.TABLE.csv` for each table of the forms met. Raises OutputError."""
    with unfinished(target) as files:
        with ExitStack() as stack:
            opened: dict[str, TextIO] = {}
            for one in records:
                for table, rows in one.tables():
                    if table.name not in opened:
                        path = files.file(table.name)
                        opened[table.name] = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
                        opened[table.name].write(_line(table.names))
                    opened[table.name].writelines(map(_line, rows))
        return files.finish()


def _line(row: Row) -> str:
    return ",".join(map(_cell, row)) + "\r\n"


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + harmless(value).replace('"', '""') + '"'
    return number(value) if isinstance(value, Decimal) else str(value)
