"""Where the scans of records lie."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from extract.records.decode import StoredRecord
from extract.review.explain import find_scan


def scan_of(record: StoredRecord) -> Path | None:
    """The scan that a record was read from, where it still lies; None where it is gone or another file now."""
    return _scan(str(Path(record.file).parent), record.source.path, record.source.sha256)


@lru_cache(maxsize=256)
def _scan(folder: str, path: str, sha256: str) -> Path | None:
    return find_scan(Path(folder) / "record", {"path": path, "sha256": sha256})


def page_link(scan: Path, page: int, folder: Path) -> str:
    """The way from a folder to the page of a scan, for a workbook in it; a viewer of pictures opens the first page."""
    way = os.path.relpath(scan.absolute(), folder.absolute())
    return f"external:{way}#page={page}" if scan.suffix.lower() == ".pdf" else f"external:{way}"
