"""Runs the product over a folder of scans as its user would, and reads what it wrote."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.process import Usage, run_watched
from bench.score import load_json

DONE = (0, 1, 3)
"""Exit codes of a run that came to its end: all accepted, some to review, some inputs without a record."""


class ProductError(RuntimeError):
    """The run ended before it was done."""


@dataclass(frozen=True)
class Output:
    """What a run wrote: the report's entries by file name below the input folder, and its records."""

    entries: Mapping[str, Mapping[str, Any]]
    records: Mapping[tuple[str, int], Mapping[str, Any]]

    def of_file(self, name: str) -> list[Mapping[str, Any]]:
        """The records of one file, in order."""
        return [self.records[key] for key in sorted(self.records) if key[0] == name]

    def seconds(self, name: str) -> float | None:
        """Seconds of all stages that the report states for a file."""
        spent = self.stages(name)
        return sum(spent.values()) if spent else None

    def stages(self, name: str) -> dict[str, float]:
        """Seconds of each stage that the report states for a file."""
        spent = self.entries.get(name, {}).get("seconds", {})
        return {stage: float(value) for stage, value in spent.items()}


def run_product(scans: Sequence[Path], out: Path, jobs: int) -> Usage:
    """Digitise files or folders into `out`. Raises ProductError with the log's end."""
    command = [sys.executable, "-m", "extract", "run", *map(str, scans)]
    command += ["-o", str(out), "--jobs", str(jobs), "--force"]
    out.parent.mkdir(parents=True, exist_ok=True)
    log = out.with_suffix(".log")
    usage = run_watched(command, log, dict(os.environ))
    if usage.code not in DONE:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ProductError(f"exit code {usage.code} of {' '.join(command)}\n{tail}")
    return usage


def read_output(out: Path) -> Output:
    """Everything below an output folder. Raises OSError when it holds no report."""
    entries = {entry["path"]: entry for entry in load_json(out / "report.json")["files"]}
    records = {
        (name, number): load_json(out / summary["path"])
        for name, entry in entries.items()
        for number, summary in enumerate(entry["records"], 1)
    }
    return Output(entries, records)
