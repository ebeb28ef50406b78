"""Records as files that other programs open: JSON lines, CSV, XLSX, Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from extract.downstream.export.csv import write_csv
from extract.downstream.export.jsonl import write_jsonl
from extract.downstream.export.paper import write_paper
from extract.downstream.export.parquet import write_parquet
from extract.downstream.export.xlsx import write_xlsx
from extract.downstream.tables.record_rows import RecordRows
from extract.errors import UsageError

Exporter = Callable[[Iterator[RecordRows], Path], tuple[Path, ...]]
"""Writes records to a file, or to several named after it, and returns their paths."""

EXPORTERS: Mapping[str, Exporter] = {
    ".jsonl": write_jsonl,
    ".csv": write_csv,
    ".xlsx": write_xlsx,
    ".parquet": write_parquet,
}


def exporter(target: Path, paper: bool) -> Exporter:
    """What writes a file of this name; `paper` asks for sheets like the form on paper. Raises UsageError."""
    suffix = target.suffix.lower()
    if paper:
        if suffix != ".xlsx":
            raise UsageError(f"{target.name}: --layout form writes .xlsx")
        return write_paper
    if suffix not in EXPORTERS:
        raise UsageError(f"{target.name}: exports are written as {', '.join(EXPORTERS)}")
    return EXPORTERS[suffix]
