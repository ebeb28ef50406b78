"""Text exports whose truth was written down by eye: values and rows right, and wrong values without an issue.

The truth lies outside of the project, one JSON file for each text: {"text": path, "forms": [{"form": id, "values":
{pointer: value}}]}, the values that are not null, without the parts of quantities.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

from extract.batch.session import source_of
from extract.forms.declaration.loader import load_forms
from extract.forms.values.data import scalars
from extract.model import JsonValue, Record
from extract.pipeline import Pipeline
from extract.settings.defaults import Settings

_ROW = re.compile(r"(/[^/]+/\d+)/")
_PART = re.compile(r"_value/(?:comparator|number|unit)$")

Form = Mapping[str, Any]
"""A form of the truth: its id below "form", its values by pointer below "values"."""


@dataclass(frozen=True)
class TextScore:
    """What was read of one text: counts of values and rows, and pointers that are wrong without an issue."""

    name: str
    forms: str
    statuses: str
    values: int
    right: int
    rows: int
    rows_right: int
    wrong: int
    silent: tuple[str, ...]
    accepted_wrong: int


def report(truth: Path) -> str:
    """A Markdown table of all texts whose truth lies in a folder."""
    pipeline = Pipeline(load_forms(), Settings())
    scores = [score_text(pipeline, file) for file in sorted(truth.glob("*.json"))]
    head = "| text | form | status | values right | rows right | wrong | wrong without an issue |\n" + "|---" * 7 + "|"
    lines = [_line(score) for score in scores]
    silent = [f"{s.name} {pointer}" for s in scores for pointer in s.silent]
    total = TextScore(
        "all",
        "",
        f"{sum(s.accepted_wrong for s in scores)} wrong in accepted records",
        sum(s.values for s in scores),
        sum(s.right for s in scores),
        sum(s.rows for s in scores),
        sum(s.rows_right for s in scores),
        sum(s.wrong for s in scores),
        tuple(silent),
        0,
    )
    return "\n".join([head, *lines, _line(total), "", *silent])


def score_text(pipeline: Pipeline, file: Path) -> TextScore:
    """Read one text and compare it with its truth."""
    known = json.loads(file.read_text("utf-8"), parse_float=Decimal)
    path = Path(known["text"])
    records = pipeline.digitise(path, source_of(path)).records
    values = right = rows = rows_right = wrong = accepted_wrong = 0
    silent: list[str] = []
    for form, record in zip_longest(_aligned(known["forms"], records), records):
        expected: Mapping[str, JsonValue] = form["values"] if form else {}
        got = _read(record) if record and (not form or record.form == form["form"]) else {}
        bad = {p for p in {*expected, *got} if not _same(expected.get(p), got.get(p))}
        off = {p for p in bad if p in got}
        values += len(expected)
        right += len(expected) - len(bad & set(expected))
        lists = _rows(expected)
        rows += len(lists)
        rows_right += len(lists - _rows(bad))
        wrong += len(off)
        issues = {issue.pointer for issue in record.issues} if record else set()
        silent += sorted(p for p in off if not _doubted(p, issues))
        accepted_wrong += len(off) if record and record.status == "accepted" else 0
    return TextScore(
        file.stem, ", ".join(r.form for r in records) or "none", ", ".join(r.status for r in records) or "no form",
        values, right, rows, rows_right, wrong, tuple(silent), accepted_wrong,
    )  # fmt: skip


def _aligned(forms: Sequence[Form], records: Sequence[Record]) -> list[Form | None]:
    """The expected forms beside the records; one that no record is of stands beside none, at the end."""
    left = list(forms)
    found: list[Form | None] = []
    for record in records:
        form = next((f for f in left if f["form"] == record.form), None)
        if form is not None:
            left.remove(form)
        found.append(form)
    return [*found, *left]


def _read(record: Record) -> dict[str, JsonValue]:
    return {p: v for p, v in scalars(dict(record.data)) if not _PART.search(p)}


def _same(expected: JsonValue, got: JsonValue) -> bool:
    numbers = isinstance(expected, (int, Decimal)) and isinstance(got, (int, Decimal))
    return Decimal(str(expected)) == Decimal(str(got)) if numbers else expected == got


def _rows(pointers: Iterable[str]) -> set[str]:
    return {found[1] for pointer in pointers if (found := _ROW.match(pointer))}


def _doubted(pointer: str, issues: set[str]) -> bool:
    """Whether an issue stands at a value or at what it is part of."""
    return any(issue and (pointer == issue or pointer.startswith(f"{issue}/")) for issue in issues)


def _line(s: TextScore) -> str:
    share = f"{s.right}/{s.values} ({100 * s.right / max(s.values, 1):.1f} %)"
    rows = f"{s.rows_right}/{s.rows}"
    return f"| {s.name} | {s.forms} | {s.statuses} | {share} | {rows} | {s.wrong} | {len(s.silent)} |"
