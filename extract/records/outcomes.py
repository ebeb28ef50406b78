"""What became of each input file, the table of it, and what the exit code says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from extract.errors import ExitCode, ZhibiaoError
from extract.formatting import counted
from extract.model import JsonValue, Record, Severity


class Outcome(StrEnum):
    """What became of an input file."""

    OK = "ok"
    REVIEW = "review"
    FAILED = "failed"
    SKIPPED = "skipped"


ACCEPTED = "accepted"
DUPLICATE = "duplicate"
UNCHANGED = "unchanged"
BUG = "bug"


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """One record written: its path below the output folder, values that are not blank, and issues to look at.

    `sha256` is the hash of the record file's content.
    """

    path: str
    form: str
    status: str
    fields: int
    doubts: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One input file: `code`, `message` and `remedy` say why it failed or was skipped, seconds are by stage.

    `gone` is a file that is no longer where it was read; its records stand.
    """

    path: str
    outcome: Outcome
    code: str | None = None
    message: str | None = None
    remedy: str | None = None
    exit_code: ExitCode = ExitCode.OK
    pages: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    records: tuple[RecordSummary, ...] = ()
    warnings: tuple[str, ...] = ()
    same_as: str | None = None
    gone: bool = False

    @property
    def fields(self) -> int:
        """Values that are not blank, over all records."""
        return sum(record.fields for record in self.records)

    @property
    def doubts(self) -> int:
        """Issues to look at, over all records."""
        return sum(record.doubts for record in self.records)

    @property
    def form(self) -> str:
        """The forms found, with how many of each where it is more than one."""
        counts: dict[str, int] = {}
        for record in self.records:
            counts[record.form] = counts.get(record.form, 0) + 1
        return ", ".join(form if n == 1 else f"{form} x{n}" for form, n in counts.items())

    @property
    def total_seconds(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    def plain(self) -> dict[str, Any]:
        """The entry as `report.json` has it."""
        return {
            "path": self.path,
            "outcome": str(self.outcome),
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy,
            "same_as": self.same_as,
            "gone": self.gone,
            "pages": self.pages,
            "fields": self.fields,
            "doubts": self.doubts,
            "seconds": {stage: round(value, 3) for stage, value in self.seconds.items()},
            "warnings": list(self.warnings),
            "records": [
                {name: getattr(record, name) for name in RecordSummary.__dataclass_fields__} for record in self.records
            ],
        }


def completed(path: str, records: Iterable[RecordSummary], **details: Any) -> Entry:
    """The entry of a file that gave records: ok when all of them were accepted and nothing was left unread."""
    records = tuple(records)
    clean = all(record.status == ACCEPTED for record in records) and not details.get("warnings")
    if clean:
        return Entry(path, Outcome.OK, records=records, **details)
    return Entry(path, Outcome.REVIEW, records=records, exit_code=ExitCode.REVIEW, **details)


def failed(path: str, error: ZhibiaoError, seconds: Mapping[str, float] | None = None) -> Entry:
    """The entry of a file that gave no record."""
    return Entry(
        path,
        Outcome.FAILED,
        code=error.code,
        message=str(error),
        remedy=error.remedy or None,
        exit_code=error.exit_code,
        seconds=seconds or {},
    )


def unchanged(entry: Entry) -> Entry:
    """The entry of a file whose earlier result still holds; its records and its exit code stay."""
    message = "Unchanged since it was read; its records stand."
    return replace(entry, outcome=Outcome.SKIPPED, code=UNCHANGED, message=message, seconds={}, gone=False)


def duplicate(path: str, first: str) -> Entry:
    """The entry of a file with the same content as an earlier one."""
    message = f"Same content as {first}, whose records stand for both."
    return Entry(path, Outcome.SKIPPED, code=DUPLICATE, message=message, same_as=first)


def summarise(path: str, sha256: str, record: Record) -> RecordSummary:
    """What the report says of a record whose file lies at a path and has a hash."""
    doubts = sum(issue.severity is not Severity.INFO for issue in record.issues)
    return RecordSummary(path, record.form, record.status, count_values(dict(record.data)), doubts, sha256)


def count_values(value: JsonValue) -> int:
    """How many scalars are not null."""
    if isinstance(value, dict):
        return sum(count_values(item) for item in value.values())
    if isinstance(value, list):
        return sum(count_values(item) for item in value)
    return value is not None


@dataclass
class Tally:
    """Counts of a run as its entries come by; holds no entry."""

    files: int = 0
    records: int = 0
    fields: int = 0
    doubts: int = 0
    pages: int = 0
    pages_read: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    worst: ExitCode = ExitCode.OK

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        self.files += 1
        self.records += len(entry.records)
        self.fields += entry.fields
        self.doubts += entry.doubts
        self.pages += entry.pages
        self.pages_read += entry.pages if entry.outcome is not Outcome.SKIPPED else 0
        self.outcomes[entry.outcome] += 1
        self.worst = max(self.worst, entry.exit_code)

    @property
    def exit_code(self) -> ExitCode:
        """The worst of the outcomes; a file skipped as unchanged counts as what it was."""
        return self.worst

    def plain(self) -> dict[str, Any]:
        """The counts as `report.json` has them."""
        return {
            "files": self.files,
            "outcomes": {str(outcome): count for outcome, count in self.outcomes.items()},
            "pages": self.pages,
            "records": self.records,
            "fields": self.fields,
            "doubts": self.doubts,
            "exit_code": int(self.exit_code),
        }

    def sentence(self) -> str:
        """The run in one line."""
        parts = [f"{n} {outcome}" for outcome, n in self.outcomes.items() if n]
        ended = ", ".join(parts) or "none"
        counts = [counted(n, noun) for n, noun in ((self.records, "record"), (self.doubts, "doubt"))]
        return f"{counted(self.files, 'file')}: {ended}; {', '.join(counts)}"
