"""Real batches over many pages: pages a second of one and of two workers, and a worker's memory over thousands."""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.copies import PNG, at_a4, commented
from bench.process import cpu_seconds, memory_mb
from bench.text import markdown, seconds
from extract.batch.inputs import InputFile
from extract.batch.run import Plan, open_run
from extract.batch.session import Session

FOR_LIFE = {"batch": {"max_worker_files": 1_000_000}}
"""Settings under which a worker is never replaced."""

MARKS = (100, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True)
class Moment:
    """The workers as an entry came: seconds since the start, the most memory and the memory now, in MiB."""

    outcome: str
    seconds: float
    cpu: float
    resident_mb: float
    peak_mb: float


def moments(images: Sequence[bytes], count: int, jobs: int) -> Iterator[Moment]:
    """Digitise `count` copies of some images, all different files; one moment for each as it is done."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        plan = Plan((), folder / "out", Session(command=FOR_LIFE), jobs)
        cpu: dict[int, float] = {}
        peak, start = 0.0, time.monotonic()
        with open_run(plan) as run:
            for entry in run.entries(_sources(images, count, folder)):
                (folder / Path(entry.path).name).unlink()
                workers = [process.pid for process in multiprocessing.active_children() if process.pid]
                cpu |= {pid: cpu_seconds(pid) for pid in workers}
                peak = max([peak, *(memory_mb(pid, "VmHWM") for pid in workers)])
                now = max((memory_mb(pid, "VmRSS") for pid in workers), default=0.0)
                yield Moment(entry.outcome, time.monotonic() - start, sum(cpu.values()), now, peak)


def _sources(images: Sequence[bytes], count: int, folder: Path) -> Iterator[InputFile]:
    """Copies, each written when its turn comes."""
    for number, image in enumerate(islice(cycle(images), count)):
        suffix = ".png" if image.startswith(PNG) else ".jpg"
        path = folder / f"{number:06}{suffix}"
        path.write_bytes(commented(image, f"copy {number}"))
        yield InputFile(path, path.name)


def rates(pages: Sequence[Path], rounds: int, jobs: Sequence[int]) -> str:
    """Pages a second by number of workers, from when each has read a page, as Markdown."""
    images = [page.read_bytes() for page in pages]
    lines = []
    for workers in jobs:
        seen = list(moments(images, workers + len(images) * rounds, workers))
        first, last = seen[workers - 1], seen[-1]
        count, spent = len(seen) - workers, last.seconds - first.seconds
        page, cpu = seconds(spent / count), seconds((last.cpu - first.cpu) / count)
        lines.append((workers, count, f"{count / spent:.2f}", page, cpu, f"{last.peak_mb:.0f}"))
    return markdown(("workers", "pages", "pages/s", "s/page", "CPU s/page", "peak MiB of one"), lines)


def memory(pages: Sequence[Path], count: int) -> str:
    """What one worker holds after so many A4 pages at 300 dpi, as Markdown."""
    images = [at_a4(page) for page in pages]
    seen: list[Moment] = []
    outcomes: Counter[str] = Counter()
    lines = []
    marks = {*MARKS, count}
    for moment in moments(images, count, 1):
        seen.append(moment)
        outcomes[moment.outcome] += 1
        if len(seen) in marks:
            lines.append(_mark(seen, len(images)))
            print(f"{len(seen)} pages, {lines[-1][1]} MiB", file=sys.stderr, flush=True)
    table = markdown(("pages", "MiB now", "peak MiB", "s/page"), lines)
    return f"{table}\n\n{', '.join(f'{name} {number}' for name, number in sorted(outcomes.items()))}"


def _mark(seen: Sequence[Moment], cycle_length: int) -> tuple[object, ...]:
    """The memory between pages, its median over the last time all images came by."""
    now = statistics.median(moment.resident_mb for moment in seen[-cycle_length:])
    spent = (seen[-1].seconds - seen[0].seconds) / max(len(seen) - 1, 1)
    return len(seen), f"{now:.0f}", f"{seen[-1].peak_mb:.0f}", seconds(spent)
