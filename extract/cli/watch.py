"""`zhibiao watch`: reads what a scanner drops into a folder, until it is stopped."""

from __future__ import annotations

import time
from pathlib import Path

from extract.batch.folder_watcher import Watcher
from extract.batch.inputs import InputFile, find_inputs
from extract.batch.run import Plan, Run, open_run
from extract.cli.console import echo, note
from extract.cli.log import Log, logging_to
from extract.cli.progress import say_failure
from extract.cli.run import terminable
from extract.errors import UsageError
from extract.formatting import visible
from extract.records.outcomes import Entry, Outcome, Tally
from extract.storage.location import Url

POLL_SECONDS = 1.0


def watch(plan: Plan, settle_seconds: float, log_file: Path | None) -> int:
    """Read files as they come and stop growing; being stopped is how it ends, the exit code is the worst outcome.

    Raises UsageError when a path to watch is no folder.
    """
    for path in plan.paths:
        if isinstance(path, Url):
            raise UsageError(f"{path} cannot be watched; `zhibiao run` again reads what is new in it")
        if not path.is_dir():
            raise UsageError(f"{path} is no folder to watch")
    watcher = Watcher(settle_seconds)
    with terminable(), logging_to(log_file) as log, open_run(plan) as opened:
        note(f"watching {', '.join(map(str, plan.paths))}; stop with Ctrl-C")
        try:
            while True:
                _round(opened, watcher.ready(_present(plan), time.monotonic()), log)
                opened.rest()
                time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            note("stopped; finished records stay, what was being read is read next time")
        tally = Tally()
        for entry in opened.finished():
            tally.add(entry)
        echo(tally.sentence())
        log("end", tally.plain())
    return tally.exit_code


def _round(opened: Run, sources: list[InputFile], log: Log) -> None:
    """Read the files that are ready; the reports are renewed behind them."""
    for entry in opened.entries(iter(sources)):
        log("file", entry.plain())
        say_failure(entry)
        if entry.outcome in {Outcome.OK, Outcome.REVIEW}:
            echo(_line(entry))
    if sources:
        opened.write_report()


def _line(entry: Entry) -> str:
    return f"{visible(entry.path)}: {entry.outcome}, {entry.form}, {entry.fields} fields, {entry.doubts} doubts"


def _present(plan: Plan) -> list[InputFile]:
    """The files there are now; none is no error here."""
    try:
        return find_inputs(plan.paths, plan.output)
    except UsageError:
        return []
