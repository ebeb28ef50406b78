"""report.json and report.html of an output folder: all of its files, whatever the last run was told to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extract.records.encode import dumps
from extract.records.outcomes import Entry, Tally
from extract.review.html_report.page import page
from extract.storage.output_dir import OutputDir


def write_reports(output: OutputDir, entries: Callable[[], Iterator[Entry]], last_run: Tally, seconds: float) -> None:
    """Write both reports; `entries` gives the folder's, `last_run` counts those of the last run, which took `seconds`.

    Raises OutputError.
    """
    with output.writing("report.json") as file:
        tally = Tally()
        file.write('{"files": [')
        for entry in entries():
            file.write(",\n" if tally.files else "\n")
            file.write(dumps(entry.plain()).rstrip())
            tally.add(entry)
        file.write(f'\n], "summary": {dumps(tally.plain()).rstrip()},\n')
        file.write(f'"last_run": {dumps(last_run.plain()).rstrip()}}}\n')
    with output.writing("report.html") as file:
        file.writelines(page(output, tally, entries(), last_run.pages_read, seconds))
