"""Whether an output folder is as it was written: nothing missing, nothing altered, nothing that no run wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from extract.storage.backends import exists
from extract.storage.ledger import LedgerView, faults_inside
from extract.storage.ledger_rows import LedgerRow
from extract.storage.output_dir import OutputDir


class Fault(StrEnum):
    """What can be wrong with an output folder."""

    MISSING = "missing"
    ALTERED = "altered"
    ORPHANED = "orphaned"
    GONE = "gone"
    LEDGER = "ledger"


MEANINGS = {
    Fault.MISSING: "the record is not there; run again and it is made anew",
    Fault.ALTERED: "the record is not what was written; run again and it is made anew",
    Fault.ORPHANED: "no run knows this record; run again on its scan, or remove it",
    Fault.GONE: "the scan is not where it was read; its records stand",
    Fault.LEDGER: "the ledger is damaged; the next run keeps what can be read of it",
}
"""A sentence for each fault, with what to do about it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a file: a record, or (where it is gone) a scan, or the ledger; `of` is the scan that it belongs to."""

    fault: Fault
    path: str
    of: str | None = None
    detail: str = ""


def verify(output: OutputDir, ledger: Path, view: LedgerView) -> Iterator[Finding]:
    """Each fault of an output folder and its ledger, scan by scan; nothing is changed."""
    for detail in faults_inside(ledger):
        yield Finding(Fault.LEDGER, str(ledger), detail=detail)
    for row in view.rows():
        yield from _of_scan(output, row)
    for path in output.records():
        if view.owner(path) is None:
            yield Finding(Fault.ORPHANED, path)


def _of_scan(output: OutputDir, row: LedgerRow) -> Iterator[Finding]:
    name = row.entry.path
    for record in row.entry.records:
        if not output.has(record.path):
            yield Finding(Fault.MISSING, record.path, name)
        elif not output.holds(record.path, record.sha256):
            yield Finding(Fault.ALTERED, record.path, name)
    if row.entry.records and not exists(row.source):
        yield Finding(Fault.GONE, str(row.source), name)
