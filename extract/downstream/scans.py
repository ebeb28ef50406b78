"""Where the scans of records lie."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from extract.downstream.records import Stored
from extract.explain import find_scan


def scan_of(record: Stored) -> Path | None:
    """The scan that a record was read from, where it still lies; None where it is gone or another file now."""
    return _scan(str(Path(record.file).parent), record.source.path, record.source.sha256)


@lru_cache(maxsize=256)
def _scan(folder: str, path: str, sha256: str) -> Path | None:
    return find_scan(Path(folder) / "record", {"path": path, "sha256": sha256})


def page_link(scan: Path, page: int) -> str:
    """An address that opens the page of a scan; a viewer of pictures opens the first."""
    address = scan.absolute().as_uri()
    return f"{address}#page={page}" if scan.suffix.lower() == ".pdf" else address
