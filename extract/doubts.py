"""Why the records of a file need a person: the issues that stand in them, gravest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from extract.report import Entry
from extract.store import Store

_GRAVITY = ("error", "warning")
"""Severities that ask for a person, the gravest first; `info` does not."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One issue of one record, with the path of that record below the output folder."""

    record: str
    severity: str
    code: str
    pointer: str
    message: str

    def plain(self) -> dict[str, Any]:
        """The doubt as JSON has it."""
        return asdict(self)


def doubts(store: Store, entry: Entry) -> list[Doubt]:
    """The doubts in the records of a file below an output folder; a record that is gone has none."""
    found = [doubt for record in entry.records if record.doubts for doubt in _of_record(store, record.path)]
    return sorted(found, key=lambda doubt: _GRAVITY.index(doubt.severity))


def _of_record(store: Store, path: str) -> Iterator[Doubt]:
    try:
        issues = json.loads(store.read(path) or b"")["issues"]
    except (ValueError, KeyError, TypeError):
        return
    for issue in issues:
        if issue["severity"] in _GRAVITY:
            yield Doubt(path, issue["severity"], issue["code"], issue["pointer"], issue["message"])
