"""How far a run is, on standard error: a bar on a terminal, now and then a line anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from extract.cli.console import note
from extract.formatting import duration, visible
from extract.records.outcomes import Entry, Outcome, Tally

LINE_SECONDS = 10.0
"""Between two lines where there is no terminal."""

Advance = Callable[[Entry], None]


class Meter:
    """Counts entries as they come, and says how fast they do and how long the rest will take."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.tally = Tally()
        self._clock = clock
        self._begun = clock()
        self._pages_read = 0

    def add(self, entry: Entry) -> None:
        """Count one entry; pages of skipped files were not read now."""
        self.tally.add(entry)
        if entry.outcome is not Outcome.SKIPPED:
            self._pages_read += entry.pages

    def text(self) -> str:
        """Pages, pages a minute, time left, and how many files ended how."""
        seconds = max(self._clock() - self._begun, 1e-3)
        parts = [f"{self.tally.pages} pages", f"{60 * self._pages_read / seconds:.0f} a minute"]
        read = self.tally.files - self.tally.outcomes[Outcome.SKIPPED]
        if read and self.tally.files < self.total:
            parts.append(f"{duration(seconds / read * (self.total - self.tally.files))} left")
        return ", ".join(parts) + "; " + ", ".join(f"{n} {o}" for o, n in self.tally.outcomes.items() if n)

    def line(self) -> str:
        """The same behind the number of files."""
        return f"{self.tally.files} of {self.total} files: {self.text()}"


@contextmanager
def progress(total: int) -> Iterator[Advance]:
    """A way to count files that shows how far the run is; failures are said in any case."""
    meter = Meter(total)
    with _bar(meter) if sys.stderr.isatty() else _lines(meter) as show:

        def advance(entry: Entry) -> None:
            say_failure(entry)
            meter.add(entry)
            show()

        yield advance


def say_failure(entry: Entry) -> None:
    """A line to standard error when a file gave no record."""
    if entry.outcome is Outcome.FAILED:
        note(visible(f"{entry.path}: {entry.message} {entry.remedy or ''}".rstrip()))


@contextmanager
def _lines(meter: Meter) -> Iterator[Callable[[], None]]:
    said = time.monotonic()

    def show() -> None:
        nonlocal said
        if time.monotonic() - said >= LINE_SECONDS:
            said = time.monotonic()
            note(meter.line())

    yield show


@contextmanager
def _bar(meter: Meter) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("starting", total=meter.total)
        yield lambda: bar.update(task, advance=1, description=meter.text())
