"""`zhibiao run`: a batch with a progress bar, then its table."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType

from extract.batch.inputs import InputFile, find_inputs
from extract.batch.ray_cluster import Cluster
from extract.batch.run import Plan, open_run, preview_run
from extract.batch.session import Session
from extract.cli.console import echo, echo_json, echo_table, note
from extract.cli.log import logging_to
from extract.cli.options import Format
from extract.cli.progress import progress
from extract.errors import ExitCode, OutputGone, UsageError, ZhibiaoError
from extract.formatting import visible
from extract.records.outcomes import Entry, Outcome, Tally
from extract.storage.location import place
from extract.storage.output_dir import OutputDir

_COLUMNS = ("file", "form", "status", "fields", "doubts", "seconds")
_NUMBERS = frozenset({"fields", "doubts", "seconds"})


def plan(
    paths: list[str], output: str, session: Session, jobs: int | None, force: bool, cluster: Cluster | None
) -> Plan:
    """What the options mean. Raises UsageError when the output folder is a file."""
    folder = place(output)
    if isinstance(folder, Path) and folder.exists() and not folder.is_dir():
        raise UsageError(f"{output} is a file; -o takes a folder")
    return Plan(tuple(map(place, paths)), folder, session, jobs, force, cluster)


def run(plan: Plan, report: Format, log_file: Path | None = None) -> int:
    """Digitise and print the table, or report.json; the exit code is the worst of the outcomes.

    An interrupt ends the run in order: what is finished is reported, what is not is left out.
    """
    sources = find_inputs(plan.paths, plan.output)
    tally, stopped = Tally(), None
    with terminable(), logging_to(log_file) as log, open_run(plan) as opened:
        log("start", {"files": len(sources), "output": str(plan.output)})
        try:
            with progress(len(sources)) as advance:
                for entry in opened.entries(iter(sources)):
                    tally.add(entry)
                    advance(entry)
                    log("file", entry.plain())
        except KeyboardInterrupt:
            stopped = ExitCode.INTERRUPTED
            note("zhibiao: interrupted; finished records stay, the next run goes on from there")
        except OutputGone:
            raise  # there is nothing left to tell of
        except ZhibiaoError as error:
            stopped = error.exit_code
            note(f"zhibiao: {error}\n{error.remedy}")
        log("end", {**tally.plain(), "exit_code": int(stopped or tally.exit_code)})
        if report is Format.TEXT:
            _print_table(opened.finished(), tally, plan.session.settings.batch.max_table_rows)
    if report is Format.JSON:
        _copy(OutputDir(plan.output))
    return stopped or tally.exit_code


def preview(plan: Plan, report: Format) -> int:
    """Print what a run would do with each file."""
    sources = iter(find_inputs(plan.paths, plan.output))
    planned: Iterable[tuple[InputFile, str]] = preview_run(plan, sources)
    if report is Format.JSON:
        echo_json([{"path": source.name, "action": action} for source, action in planned])
    else:
        for source, action in planned:
            echo(f"{action}  {visible(source.name)}")
    return ExitCode.OK


def _print_table(entries: Iterator[Entry], tally: Tally, most: int) -> None:
    """All files when they are not too many, else those somebody has to look at, as many as fit."""
    if tally.files > most:
        entries = (entry for entry in entries if entry.outcome in {Outcome.FAILED, Outcome.REVIEW})
    shown = [_row(entry) for entry in islice(entries, most)]
    if shown:
        echo_table(_COLUMNS, shown, _NUMBERS)
    echo(tally.sentence() + ("; report.json has them all" if tally.files > len(shown) else ""))


def _row(entry: Entry) -> tuple[str, ...]:
    seconds = f"{entry.total_seconds:.1f}" if entry.seconds else ""
    if not entry.records:
        reason = f"{entry.outcome}: {entry.code}"
        return (visible(entry.path), entry.form, reason, "", "", seconds)
    return (visible(entry.path), entry.form, _status(entry), str(entry.fields), str(entry.doubts), seconds)


def _status(entry: Entry) -> str:
    """ok or review, also of what was skipped."""
    if entry.outcome is not Outcome.SKIPPED:
        return entry.outcome
    was = Outcome.OK if entry.exit_code is ExitCode.OK else Outcome.REVIEW
    return f"{entry.outcome} ({was})"


@contextmanager
def terminable() -> Iterator[None]:
    """Let a polite request to end (SIGTERM), or a terminal that closes (SIGHUP), do what Ctrl-C does.

    A signal that whoever started the program has it ignore stays ignored, as `nohup` wants it.
    """

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = [one for one in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(one) is not signal.SIG_IGN]
    before = [signal.signal(one, interrupt) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


def _copy(store: OutputDir) -> None:
    for line in _lines(store):
        sys.stdout.write(line)


def _lines(store: OutputDir) -> Iterator[str]:
    """The report; a fault of whoever takes the lines is none of the store's."""
    with store.reading("report.json") as file:
        for line in file:
            yield line.decode()
