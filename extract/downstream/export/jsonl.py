"""JSON lines: one record to a line, numbers as they stand in the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from extract.downstream.tables.atomic_file import unfinished
from extract.downstream.tables.record_rows import RecordRows


def write_jsonl(records: Iterator[RecordRows], target: Path) -> tuple[Path, ...]:
    """Write the records to one file. Raises OutputError."""
    with unfinished(target) as files:
        with files.file().open("wb") as file:
            for one in records:
                content = Path(one.record.file).read_bytes()
                file.write(msgspec.json.format(content, indent=-1) + b"\n")
        return files.finish()
