"""Broken, encrypted, fuzzed and odd public files through the product, with good files among them."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.process import Usage, run_watched
from bench.product import read_output
from bench.sets import ROOT
from bench.text import markdown

PUBLIC = ROOT.parent / "shared" / "real"
FOLDERS = ("bad_inputs", "odd_inputs")
GOOD = (ROOT / "fixtures" / "exports", ROOT / "fixtures" / "scans" / "clean")


def report() -> str:
    """Outcomes by folder, what was wrong, and what it cost, as Markdown."""
    if not PUBLIC.is_dir():
        return f"skipped, no public files here ({PUBLIC})"
    files = [file for name in FOLDERS for file in sorted((PUBLIC / name).iterdir())]
    good = [file for folder in GOOD for file in sorted(folder.iterdir()) if file.is_file()]
    with tempfile.TemporaryDirectory() as name:
        entries, usage = through(files, good, Path(name))
    groups = {folder: [e for path, e in entries.items() if path.startswith(folder)] for folder in (*FOLDERS, "good")}
    rows = [
        (folder, len(found), *(sum(e["outcome"] == outcome for e in found) for outcome in ("ok", "review", "failed")))
        for folder, found in groups.items()
    ]
    codes = Counter(entry["code"] for entry in entries.values() if entry["code"])
    slowest = max(entries.values(), key=lambda entry: sum(entry["seconds"].values()))
    said = ", ".join(f"{code} {count}" for code, count in codes.most_common())
    cost = (
        f"{usage.seconds:.0f} s by the clock; most memory held by one process: {usage.peak_mb or 0:.0f} MiB; "
        f"slowest: {slowest['path']}, {sum(slowest['seconds'].values()):.1f} s"
    )
    return "\n\n".join([markdown(("folder", "files", "ok", "review", "failed"), rows), f"codes: {said}", cost])


def through(
    files: Sequence[Path], good: Sequence[Path], folder: Path, jobs: int = 2
) -> tuple[Mapping[str, Mapping[str, Any]], Usage]:
    """The entries of one run over all files, by path: below the name of its folder each, good ones below good/."""
    for file, group in [*((file, file.parent.name) for file in files), *((file, "good") for file in good)]:
        target = folder / "in" / group / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    command = [sys.executable, "-m", "extract", "run", str(folder / "in"), "-o", str(folder / "out"), "-j", str(jobs)]
    usage = run_watched(command, folder / "out.log")
    return read_output(folder / "out").entries, usage
