"""What a million pages take, and a hundred million: computed from what is measured on this machine.

A file is one page here. The driver is the process that lists and hashes the files, hands them out and keeps the ledger;
its figures are processor time, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.batches import moments
from bench.text import markdown
from extract.batch.inputs import InputFile, content_hash, find_inputs
from extract.batch.ray_cluster import Cluster
from extract.batch.run import Plan, open_run
from extract.batch.scheduler import Pool
from extract.batch.session import Session
from extract.batch.worker import Job, Ready, WorkerMessage
from extract.errors import EngineError, NotAForm
from extract.records.outcomes import Entry, Outcome
from extract.records.outcomes import failed as report_failed
from extract.settings.defaults import BatchSettings, LoadSettings

WORKERS = 2
TRIVIAL_FILES = 2000
LISTED_FILES = 20_000
HASHED_BYTES = 256_000_000
SIZES = (1_000_000, 100_000_000)
CORES = 16
"""Of the machine that the table is for."""

NIGHT_H = 10

NETWORK_BYTES_S = 125e6
"""1 Gbit/s: what a driver reads of scans that are not on a disk of its own."""

MANY_WORKERS = 2000
"""For the bookkeeping of the pool."""

AGAIN = 20
"""How often the unchanged pages are looked at."""


@dataclass(frozen=True)
class Measured:
    """Processor seconds and bytes, all for one page or file, but for `hash_s`, which is for a megabyte of scan."""

    read_s: float
    scan_bytes: float
    record_bytes: float
    picture_bytes: float
    lines_bytes: float
    ledger_bytes: float
    report_bytes: float
    list_s: float
    list_bytes: float
    hash_s: float
    report_s: float
    known_s: float
    local_s: float
    ray_s: float
    books_s: float

    @property
    def driver_s(self) -> float:
        """What a page costs the driver of a cluster, from its listing to its entry in the report."""
        return self.list_s + self.hash_s * self.scan_bytes / 1e6 + self.ray_s + self.report_s

    @property
    def cores(self) -> float:
        """How many cores one driver can keep busy."""
        return self.read_s / self.driver_s

    @property
    def cores_by_network(self) -> float:
        """How many, when the scans come to it through a network."""
        return self.read_s / max(self.driver_s, self.scan_bytes / NETWORK_BYTES_S)


def report(pages: Sequence[Path]) -> str:
    """The measured figures and what follows from them, as Markdown."""
    with TemporaryDirectory() as name:
        measured = measure(pages, Path(name))
    return f"{measured_table(measured)}\n\n{table(measured)}\n\n{len(pages)} scans: {', '.join(p.name for p in pages)}"


def measure(pages: Sequence[Path], folder: Path) -> Measured:
    """All figures; leaves its files in the folder."""
    images = [page.read_bytes() for page in pages]
    seen = list(moments(images, WORKERS + len(images), WORKERS))
    output = folder / "pages"
    _run(Plan(tuple(pages), output, Session(), WORKERS))
    local = folder / "local"
    trivial = _trivial(folder / "trivial", TRIVIAL_FILES)
    local_s, report_s = _driver_seconds(Plan((trivial,), local, Session(), WORKERS))
    ray_s, _ = _driver_seconds(Plan((trivial,), folder / "ray", Session(), WORKERS, cluster=Cluster()))
    list_s, list_bytes = _listing(_trivial(folder / "many", LISTED_FILES))
    return Measured(
        read_s=(seen[-1].cpu - seen[WORKERS - 1].cpu) / len(images),
        scan_bytes=sum(map(len, images)) / len(images),
        record_bytes=_size(output / "records", "*.json") / len(images),
        picture_bytes=_size(output / ".zhibiao" / "thumbnails", "*.jpg") / len(images),
        lines_bytes=_size(output / ".zhibiao" / "lines", "*.json.gz") / len(images),
        ledger_bytes=(local / ".zhibiao" / "ledger.sqlite").stat().st_size / TRIVIAL_FILES,
        report_bytes=(output / "report.json").stat().st_size / len(images),
        list_s=list_s,
        list_bytes=list_bytes,
        hash_s=_hashing(folder / "hashed.bin"),
        known_s=_looking_again(Plan(tuple(pages), output, Session(), WORKERS)),
        report_s=report_s,
        local_s=local_s,
        ray_s=ray_s,
        books_s=_bookkeeping(MANY_WORKERS),
    )


def measured_table(found: Measured) -> str:
    """The figures that all others follow from."""
    rows = [
        ("reading a page, one core", f"{found.read_s:.2f} s"),
        ("a scan", _bytes(found.scan_bytes)),
        ("its record", _bytes(found.record_bytes)),
        ("its thumbnail, where it has one; on average", _bytes(found.picture_bytes)),
        ("its lines of text, for searching", _bytes(found.lines_bytes)),
        ("its row in the ledger", _bytes(found.ledger_bytes)),
        ("its entry in report.json", _bytes(found.report_bytes)),
        ("driver: listing a file", f"{found.list_s * 1e6:.0f} µs, {_bytes(found.list_bytes)} of memory"),
        ("driver: hashing", f"{1 / found.hash_s:.0f} MB/s"),
        ("driver: a file that is new, processes of this machine", f"{found.local_s * 1e3:.2f} ms"),
        ("driver: a file that is new, Ray", f"{found.ray_s * 1e3:.2f} ms"),
        (f"driver: its bookkeeping among {MANY_WORKERS:,} workers", f"{found.books_s * 1e6:.0f} µs"),
        ("driver: a file that is unchanged", f"{found.known_s * 1e3:.2f} ms"),
        ("driver: reporting a file", f"{found.report_s * 1e3:.2f} ms"),
    ]
    return markdown(("measured", "figure"), rows)


def table(found: Measured) -> str:
    """What so many pages take."""
    rows = [(name, *(of(found, pages) for pages in SIZES)) for name, of in LINES]
    return markdown(("", *(f"{pages:,} pages" for pages in SIZES)), rows)


LINES: tuple[tuple[str, Callable[[Measured, int], str]], ...] = (
    ("core-hours of reading", lambda m, n: f"{n * m.read_s / 3600:,.0f}"),
    (f"hours on one machine of {CORES} cores", lambda m, n: f"{n * m.read_s / 3600 / CORES:,.0f}"),
    (
        f"machines of {CORES} cores for one night of {NIGHT_H} h",
        lambda m, n: f"{_up(n * m.read_s / 3600 / CORES / NIGHT_H):,}",
    ),
    ("pages a second in that night", lambda m, n: f"{n / NIGHT_H / 3600:,.0f}"),
    ("hours of one driver", lambda m, n: f"{n * m.driver_s / 3600:,.1f}"),
    ("drivers for that night", lambda m, n: f"{_up(n * m.driver_s / 3600 / NIGHT_H):,}"),
    ("memory of one driver that lists them all", lambda m, n: _bytes(n * m.list_bytes)),
    ("scans", lambda m, n: _bytes(n * m.scan_bytes)),
    ("records", lambda m, n: _bytes(n * m.record_bytes)),
    ("thumbnails", lambda m, n: _bytes(n * m.picture_bytes)),
    ("lines of text", lambda m, n: _bytes(n * m.lines_bytes)),
    ("ledger", lambda m, n: _bytes(n * m.ledger_bytes)),
    ("report.json", lambda m, n: _bytes(n * m.report_bytes)),
    ("a second run that finds all unchanged, hours", lambda m, n: f"{n * _again(m) / 3600:,.1f}"),
    ("cores one driver keeps busy", lambda m, _: f"{m.cores:,.0f}"),
    ("the same, scans through 1 Gbit/s", lambda m, _: f"{m.cores_by_network:,.0f}"),
)


def _again(found: Measured) -> float:
    """Seconds of the driver for a page that is unchanged: it is listed, hashed, looked up and reported."""
    return found.list_s + found.hash_s * found.scan_bytes / 1e6 + found.known_s + found.report_s


def _run(plan: Plan) -> tuple[Entry, ...]:
    with open_run(plan) as run:
        return tuple(run.entries(iter(find_inputs(plan.paths, plan.output))))


def _driver_seconds(plan: Plan) -> tuple[float, float]:
    """Processor time of this process for each file, from the first that comes back to the last, and to report it."""
    sources = find_inputs(plan.paths, plan.output)
    with open_run(plan) as run:
        entries = run.entries(iter(sources))
        next(entries)
        start = time.process_time()
        count = sum(1 for _ in entries)
        noted = time.process_time()
        run.write_report()
        return (noted - start) / count, (time.process_time() - noted) / count


class _Idlers:
    """Workers that do nothing: each says that it is done when all are at work, or no more comes."""

    tells_pages = False

    def __init__(self, size: int) -> None:
        self.size = size
        self._words: deque[tuple[_Idler, WorkerMessage]] = deque()

    def start(self) -> _Idler:
        idler = _Idler(self._words)
        self._words.append((idler, Ready()))
        return idler

    def poll(self, seconds: float) -> list[tuple[_Idler, WorkerMessage]]:
        full = len(self._words) >= self.size or seconds > 0
        return [self._words.popleft()] if self._words and full else []

    def start_failure(self) -> EngineError:
        return EngineError("no worker became ready")

    def close(self) -> None:
        self._words.clear()


class _Idler:
    def __init__(self, words: deque[tuple[_Idler, WorkerMessage]]) -> None:
        self._words = words

    def send(self, job: Job) -> None:
        self._words.append((self, report_failed(job.name, NotAForm("nothing is read"))))

    def end(self) -> None:
        pass


def _bookkeeping(workers: int) -> float:
    """Seconds of the pool for each file, whoever reads it."""
    jobs = (Job(Path(), str(number), "", None) for number in range(LISTED_FILES))
    start = time.process_time()
    count = sum(1 for _ in Pool(_Idlers(workers), BatchSettings(max_worker_files=LISTED_FILES)).run(jobs))
    return (time.process_time() - start) / count


def _looking_again(plan: Plan) -> float:
    """Processor time of this process for each file that is unchanged, less that for hashing it."""
    sources = find_inputs(plan.paths, plan.output)
    with open_run(plan) as run:
        start = time.process_time()
        for _ in range(AGAIN):
            assert all(entry.outcome is Outcome.SKIPPED for entry in run.entries(iter(sources)))
        looked = time.process_time() - start
    start = time.process_time()
    for source in sources * AGAIN:
        content_hash(source, LoadSettings())
    return (looked - (time.process_time() - start)) / (len(sources) * AGAIN)


def _trivial(folder: Path, count: int) -> Path:
    """Files that are read in no time, each another."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:06}.txt").write_text(f"{number}\n", encoding="utf-8")
    return folder


def _listing(folder: Path) -> tuple[float, float]:
    """Seconds and bytes for each file of a folder that is listed."""
    start = time.process_time()
    count = len(find_inputs((folder,), folder / "out"))
    spent = time.process_time() - start
    tracemalloc.start()
    kept = find_inputs((folder,), folder / "out")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return spent / count, held / len(kept)


def _hashing(path: Path) -> float:
    """Seconds for a megabyte of a file that is in the cache."""
    path.write_bytes(os.urandom(1_000_000) * (HASHED_BYTES // 1_000_000))
    source = InputFile(path, path.name)
    content_hash(source, LoadSettings())
    start = time.process_time()
    content_hash(source, LoadSettings())
    return (time.process_time() - start) / (HASHED_BYTES / 1e6)


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern))


def _up(number: float) -> int:
    return -int(-number // 1)


def _bytes(number: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 10 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"
