"""Why the records of a file need a person: the issues that stand in them, gravest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from extract.records.outcomes import Entry
from extract.storage.output_dir import OutputDir

_GRAVITY = ("error", "warning")
"""Severities that ask for a person, the gravest first; `info` does not."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One issue of one record, with the path of that record below the output folder.

    `page` is where the value stands in the scan, from 1, and `actual` what was read there, as far as is known.
    """

    record: str
    severity: str
    code: str
    pointer: str
    message: str
    page: int | None = None
    actual: str | None = None

    def plain(self) -> dict[str, Any]:
        """The doubt as JSON has it."""
        return asdict(self)


def doubts(store: OutputDir, entry: Entry) -> list[Doubt]:
    """The doubts in the records of a file below an output folder; a record that is gone has none."""
    found = [doubt for record in entry.records if record.doubts for doubt in _of_record(store, record.path)]
    return sorted(found, key=lambda doubt: _GRAVITY.index(doubt.severity))


def _of_record(store: OutputDir, path: str) -> Iterator[Doubt]:
    try:
        record = json.loads(store.read(path) or b"")
        issues, evidence, pages = record["issues"], record["evidence"], record["source"]["pages"]
    except (ValueError, KeyError, TypeError):
        return
    for issue in issues:
        if issue["severity"] in _GRAVITY:
            pointer, actual = issue["pointer"], issue["actual"]
            page = evidence.get(pointer, {}).get("page", pages[0] if len(pages) == 1 else None)
            read = None if actual is None else str(actual)
            yield Doubt(path, issue["severity"], issue["code"], pointer, issue["message"], page, read)
