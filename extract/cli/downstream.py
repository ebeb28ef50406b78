"""`zhibiao load`, `export`, `searchable`, `query`, `stats`: what becomes of records."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.batch.session import Session
from extract.cli.console import echo, echo_json, echo_table, note
from extract.cli.options import Format, Printed
from extract.errors import BadRecord, ExitCode, UsageError
from extract.records.encode import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.downstream.analytics.stats import Figures

_STATS = ("form", "year", "organisation", "forms", "accepted", "mean score", "mean rate", "most frequent issues")
_STATS_NUMBERS = frozenset({"year", "forms", "accepted", "mean score", "mean rate"})


@contextmanager
def _extra(name: str) -> Iterator[None]:
    """Say which extra of the distribution brings a library that is missing. Raises UsageError."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "extract":
            raise
        raise UsageError(f"this needs {error.name}: pip install 'zhibiao[{name}]'") from error


class _Refusals:
    """Names each record that is left out, and remembers that there was one."""

    def __init__(self) -> None:
        self.exit_code = ExitCode.OK

    def __call__(self, error: BadRecord) -> None:
        note(f"left out: {error}")
        if self.exit_code is ExitCode.OK:
            note(error.remedy)
        self.exit_code = ExitCode.INPUT


@dataclass(frozen=True)
class Choice:
    """Which records a load takes, and whether it takes out all others."""

    only_accepted: bool
    prune: bool


def load(output: Path, to: str | None, forms: Sequence[Path], choice: Choice, report: Format) -> int:
    """Load records into a database and print what became of them."""
    from extract.downstream.database import connection
    from extract.downstream.database.loader import load as load_records
    from extract.downstream.tables.record_rows import Selection

    url = connection.address(to, output)
    refusals = _Refusals()
    selection = Selection(refusals, choice.only_accepted)
    summary = load_records(output, url, Session(forms_dirs=tuple(forms)).forms, selection, choice.prune)
    if report is Format.JSON:
        echo_json({"database": url.render_as_string(), **vars(summary)})
    else:
        echo(f"{url.render_as_string()}: {summary.sentence()}")
    return refusals.exit_code


def export(output: Path, target: Path, forms: Sequence[Path], only_accepted: bool, paper: bool) -> int:
    """Write records to files and print the files' paths."""
    from extract.downstream.export import exporter
    from extract.downstream.tables.record_rows import Selection, record_rows

    write = exporter(target, paper)
    refusals = _Refusals()
    records = record_rows(output, Session(forms_dirs=tuple(forms)).forms, Selection(refusals, only_accepted))
    for path in write(records, target):
        echo(str(path))
    return refusals.exit_code


def searchable(output: Path, target: Path, report: Format) -> int:
    """Write searchable PDFs; the exit code says whether a scan was missing."""
    with _extra("pdf"):
        from extract.downstream.searchable.make import searchable as make_all
    made = []
    refusals = _Refusals()
    for one in make_all(output, target, refusals):
        made.append(one)
        if report is Format.TEXT and one.pdf is not None:
            echo(str(one.pdf))
        elif one.pdf is None:
            note(f"{one.scan}: {one.reason}")
    if report is Format.JSON:
        echo_json(
            [{"scan": m.scan, "pdf": m.pdf and str(m.pdf), "texts": m.texts, "reason": m.reason or None} for m in made]
        )
    return refusals.exit_code if all(one.pdf for one in made) else ExitCode.INPUT


def query(output: Path, sql: str, forms: Sequence[Path], only_accepted: bool, printed: Printed) -> int:
    """Print the answer to a query."""
    from extract.downstream.analytics.query import query as answer_to
    from extract.downstream.tables.record_rows import Selection

    refusals = _Refusals()
    answer = answer_to(output, sql, Session(forms_dirs=tuple(forms)).forms, Selection(refusals, only_accepted))
    if printed is Printed.JSON:
        echo_json([dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows])
    elif printed is Printed.CSV:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows([_text(value) for value in row] for row in answer.rows)
    elif answer.columns:
        echo_table(answer.columns, [tuple(map(_text, row)) for row in answer.rows], _numeric(answer))
    return refusals.exit_code


def _numeric(answer: Any) -> frozenset[str]:
    """Columns that hold nothing but numbers."""
    numbers = set(answer.columns)
    for row in answer.rows:
        for name, value in zip(answer.columns, row, strict=True):
            if not isinstance(value, int | float | Decimal | None):
                numbers.discard(name)
    return frozenset(numbers)


def _plain(value: Any) -> Any:
    """A value as JSON has it; dates and the like as their text."""
    return value if value is None or isinstance(value, bool | int | float | Decimal | str | list) else str(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return number(value) if isinstance(value, Decimal) else str(value)


def stats(
    output: Path, by: str | None, forms: Sequence[Path], only_accepted: bool, chart: Path | None, report: Format
) -> int:
    """Print the figures of the records, and draw them where a picture is wanted."""
    from extract.downstream.analytics.stats import stats as figures_of
    from extract.downstream.tables.record_rows import Selection

    refusals = _Refusals()
    lines = figures_of(output, Session(forms_dirs=tuple(forms)).forms, by, Selection(refusals, only_accepted))
    if report is Format.JSON:
        echo_json([{**vars(line), "issues": dict(line.issues)} for line in lines])
    elif lines:
        echo_table(_STATS, [_stats_row(line) for line in lines], _STATS_NUMBERS)
    if chart is not None:
        _draw(lines, chart)
    return refusals.exit_code


def _stats_row(line: Figures) -> tuple[str, ...]:
    figures = (line.year, line.organisation, line.forms, line.accepted, line.mean_score, line.mean_rate)
    issues = ", ".join(f"{code} {count}" for code, count in line.issues)
    return (line.form, *map(_text, figures), issues)


def _draw(lines: Sequence[Figures], target: Path) -> None:
    """Draw the chart. Raises UsageError for another format than PNG, NoFont where no font has its characters."""
    if target.suffix.lower() != ".png":
        raise UsageError(f"{target.name}: charts are written as .png")
    with _extra("charts"):
        from extract.downstream.analytics.chart import draw

        note(f"chart: {draw(lines, target)}")
