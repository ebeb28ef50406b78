"""`zhibiao status`: how an output folder stands, and which papers need a person or a new scan."""

from __future__ import annotations

from collections.abc import Iterator

from extract.cli.console import echo, echo_json
from extract.cli.options import Format
from extract.errors import ExitCode, UsageError
from extract.formatting import visible
from extract.records.outcomes import Entry, Outcome, Tally
from extract.review.issues import Doubt, doubts
from extract.storage.ledger import viewed
from extract.storage.ledger_sync import ledger_of
from extract.storage.location import place
from extract.storage.output_dir import OutputDir

MOST_DOUBTS = 5
"""Doubts listed of one file; JSON has them all."""


def status(output: str, failed: bool, review: bool, report: Format) -> int:
    """Print the lists asked for (both where neither is), then the counts; the exit code is the worst of all files'.

    Raises UsageError for a folder in which nothing was run.
    """
    store = OutputDir(place(output))
    both = failed == review
    tally = Tally()
    with ledger_of(store) as ledger:
        if ledger is None:
            raise UsageError(f"{output} is no output folder of `zhibiao run`")
        with viewed(ledger) as view:
            listed = _listed(store, view.entries(), tally, (failed or both, review or both))
            if report is Format.JSON:
                files = [{**entry.plain(), "issues": [doubt.plain() for doubt in found]} for entry, found in listed]
                echo_json({"files": files, "summary": tally.plain()})
            else:
                for entry, found in listed:
                    _print(entry, found)
                echo(tally.sentence())
    return tally.exit_code


def _listed(
    store: OutputDir, entries: Iterator[Entry], tally: Tally, wanted: tuple[bool, bool]
) -> Iterator[tuple[Entry, list[Doubt]]]:
    """The failed files, the doubtful ones or both with their doubts; every file is counted."""
    failed, review = wanted
    for entry in entries:
        tally.add(entry)
        if (
            entry.gone
            or (failed and _gave_nothing(entry))
            or (review and entry.records and entry.exit_code is not ExitCode.OK)
        ):
            yield entry, doubts(store, entry)


def _gave_nothing(entry: Entry) -> bool:
    return entry.outcome is Outcome.FAILED


def _print(entry: Entry, found: list[Doubt]) -> None:
    if _gave_nothing(entry):
        echo(f"failed  {visible(entry.path)}")
        echo(visible(f"        {entry.code}: {entry.message} {entry.remedy or ''}".rstrip()))
        return
    if entry.gone:
        echo(f"gone    {visible(entry.path)}")
        echo("        the scan is no longer where it was read; its records stand")
        if entry.exit_code is ExitCode.OK:
            return
    echo(f"review  {visible(entry.path)}")
    for warning in entry.warnings:
        echo(visible(f"        {warning}"))
    for doubt in found[:MOST_DOUBTS]:
        echo(visible(f"        {doubt.severity} {doubt.code} {doubt.pointer}: {doubt.message}"))
    if len(found) > MOST_DOUBTS:
        echo(f"        and {len(found) - MOST_DOUBTS} more; report.html shows them on the page")
