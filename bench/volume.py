"""How fast records load, and what workbooks look like: the records of public text exports, over and over."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.process import run_watched
from bench.product import run_product
from bench.sets import ROOT
from bench.text import markdown
from bench.workbook import pictures
from extract.storage.output_dir import OutputDir
from tests.downstream import servers

EXPORTS = ROOT / "fixtures" / "exports"

RECORDS = 100_000
PER_FOLDER = 1000

SMALLER = 10
"""The databases that are seldom used for much get this part of the records."""


def report(count: int, target: Path) -> str:
    """Rates, processor time and memory by database as Markdown; pictures of workbooks below `target`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # servers run as another user where we are root
        run_product([EXPORTS], folder / "out", jobs=1)
        rows = [
            *_rows(folder, count, ("sqlite", "postgresql")),
            *_rows(folder, count // SMALLER, ("duckdb", "mariadb")),
        ]
        shown = pictures(folder / "out", target)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    header = ("database", "records", "seconds", "a second", "loader's processor s", "MiB, largest process")
    return "\n\n".join([markdown(header, rows), f"load of the machine: {load}", shown])


def _rows(folder: Path, count: int, kinds: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    with TemporaryDirectory(dir=folder) as name:
        many = Path(name)
        multiply(folder / "out", many, count)
        for kind in kinds:
            try:
                yield kind, count, *_load(kind, many, count)
            except servers.NotToBeHad as missing:
                yield kind, str(missing), "", "", "", ""


def multiply(output: Path, target: Path, count: int) -> None:
    """The records of a folder over and over, each as if read from another scan."""
    records = [(output / path).read_text(encoding="utf-8") for path in OutputDir(output).records()]
    for number, text in enumerate(islice(cycle(records), count)):
        source = json.loads(text)["source"]
        name = f"{number // PER_FOLDER:04}/{number:07}.tif"
        text = text.replace(source["sha256"], hashlib.sha256(name.encode()).hexdigest(), 1)
        path = target / "records" / f"{name}.1.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(json.dumps(source["path"], ensure_ascii=False), f'"{name}"', 1), encoding="utf-8")


def _load(kind: str, output: Path, count: int) -> tuple[str, str, str, str]:
    """Seconds, records a second, processor seconds and MiB of a load as a user would start it."""
    with TemporaryDirectory() as name, _database(kind, Path(name)) as url:
        command = [sys.executable, "-m", "extract", "load", str(output), "--to", url.render_as_string(False)]
        before = _processor_seconds()
        usage = run_watched(command, output / "log")
        spent = _processor_seconds() - before
    if usage.code != 0:
        raise RuntimeError((output / "log").read_text(encoding="utf-8"))
    return f"{usage.seconds:.1f}", f"{count / usage.seconds:.0f}", f"{spent:.1f}", f"{usage.peak_mb or 0:.0f}"


def _processor_seconds() -> float:
    """Of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[sa.URL]:
    """An empty database of a kind. Raises NotToBeHad where its server is not installed."""
    if kind in {"sqlite", "duckdb"}:
        yield sa.URL.create(kind, database=str(folder / f"records.{kind}"))
        return
    serve = {"postgresql": servers.postgres, "mariadb": servers.mariadb}[kind]
    with serve(folder) as url:
        yield url
