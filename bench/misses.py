"""Every wrong value with what is known about it, for looking into."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.fields import Records
from bench.score import FormScore, LeafPair
from bench.totals import FileScore

HEADER = (
    "kind", "file", "form", "pointer", "expected", "got", "only punctuation", "status", "doubted",
    "confidence", "origin", "read as", "issues",
)  # fmt: skip


def write_misses(path: Path, files: Sequence[FileScore], records: Records) -> int:
    """Write one tab-separated line per wrong value, the gravest first; returns how many."""
    lines = [line for file in files for form in file.forms for line in _lines(file, form, records)]
    lines.sort(key=lambda line: (line[7] != "accepted", line[8] == "yes", line[6] == "yes"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, delimiter="\t", lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(lines)
    return len(lines)


def _lines(file: FileScore, form: FormScore, records: Records) -> Iterator[tuple[str, ...]]:
    record = records.get((file.file, form.index), {}) if form.status is not None else {}
    for leaf in form.wrong:
        evidence = record.get("evidence", {}).get(leaf.pointer, {})
        yield (
            file.kind, file.file, str(form.index), leaf.pointer, _shown(leaf.expected), _shown(leaf.got),
            "yes" if leaf.alike else "", form.status or "no record", "yes" if leaf.covered else "",
            _shown(evidence.get("confidence")), evidence.get("origin", ""), evidence.get("text", "").replace("\n", "⏎"),
            _issues(record, leaf),
        )  # fmt: skip


def _shown(value: object) -> str:
    return "∅" if value is None else str(value)


def _issues(record: Mapping[str, Any], leaf: LeafPair) -> str:
    own = (i for i in record.get("issues", ()) if i["pointer"] and f"{leaf.pointer}/".startswith(f"{i['pointer']}/"))
    return "; ".join(f"{issue['severity']} {issue['code']}" for issue in own)
