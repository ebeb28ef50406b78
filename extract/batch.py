"""A run over many files: what is new is read, what is unchanged is skipped, one broken file costs one entry."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from extract import report
from extract.canonical import dumps
from extract.errors import ChangedFile, InputError, MissingFile, NotAForm, OutputError, UsageError
from extract.ledger import Known, Ledger, peek
from extract.load.sniff import check_size
from extract.load.walk import discover
from extract.place import local
from extract.pool import Pool
from extract.report import Entry, Tally
from extract.report_page import page
from extract.session import Session
from extract.settings import LoadSettings
from extract.stamp import stamp
from extract.store import STATE, Store
from extract.worker import Job, Setup


@dataclass(frozen=True)
class Plan:
    """What to read, where to write and how; `jobs` is the number of worker processes."""

    paths: tuple[Path, ...]
    output: Path
    session: Session
    jobs: int = field(default_factory=lambda: available_cores())
    force: bool = False

    @property
    def setup(self) -> Setup:
        """What each worker is told: the cores are shared out among them."""
        return Setup(
            session=replace(self.session),
            output=self.output.absolute(),
            threads=max(1, available_cores() // self.jobs),
            max_megabytes=self.session.settings.batch.max_worker_megabytes,
        )


@dataclass(frozen=True)
class Source:
    """An input file and its path below the input folder, fit for JSON."""

    path: Path
    name: str


class Run:
    """A run that is open: its entries as they come, and those that are finished."""

    def __init__(self, plan: Plan, store: Store, ledger: Ledger, identity: str) -> None:
        self._plan = plan
        self._store = store
        self._ledger = ledger
        self._identity = identity

    def entries(self, sources: Iterator[Source]) -> Iterator[Entry]:
        """Every source's entry, in no fixed order, each noted in the ledger before it is given out.

        Raises EngineError or OutputError when nothing more can be read or written.
        """
        limits = self._plan.session.settings.batch
        with closing(Pool(self._plan.setup, self._plan.jobs, limits)) as pool:
            for job, entry in pool.run(self._work(sources)):
                if job is not None and stamp(local(job.place)) != job.stamp:
                    entry = report.failed(entry.path, ChangedFile("Something wrote to the file while it was read."))
                if job is not None:
                    self._note(job.sha256, local(job.place), entry)
                yield entry

    def finished(self) -> Iterator[Entry]:
        """The entries of this run so far, by name."""
        return self._ledger.entries()

    def write_report(self) -> None:
        """Write report.json and report.html from what is finished."""
        with self._store.writing("report.json") as file:
            tally = Tally()
            file.write('{"files": [')
            for entry in self.finished():
                file.write(",\n" if tally.files else "\n")
                file.write(dumps(entry.plain()).rstrip())
                tally.add(entry)
            file.write(f'\n], "summary": {dumps(tally.plain()).rstrip()}}}\n')
        with self._store.writing("report.html") as file:
            file.writelines(page(self._store, tally, self.finished()))

    def _work(self, sources: Iterator[Source]) -> Iterator[Job | Entry]:
        """The sources that must be read, and the entries of those that need not be."""
        for source in sources:
            before = stamp(source.path)
            try:
                sha256 = _sha256(source.path, self._plan.session.settings.load)
            except InputError as error:
                yield self._note("", source.path, report.failed(source.name, error))
                continue
            entry = self._settle(source, sha256)
            if entry is None:
                yield Job(source.path.absolute(), source.name, sha256, before)
            else:
                yield self._note(sha256, source.path, entry)

    def _settle(self, source: Source, sha256: str) -> Entry | None:
        """The entry of a source that need not be read, or None."""
        first = self._ledger.first_with(sha256, source.name)
        if first != source.name:
            return report.duplicate(source.name, first)
        known = None if self._plan.force else self._ledger.known(source.name)
        if known is None or not self._holds(known, sha256):
            return None
        return report.unchanged(known.entry)

    def _holds(self, known: Known, sha256: str) -> bool:
        """Whether a known result is still the result: same content, same reader, records in place."""
        return (
            (known.sha256, known.identity) == (sha256, self._identity)
            and bool(known.entry.records)
            and self._store.has(record.path for record in known.entry.records)
        )

    def _note(self, sha256: str, path: Path, entry: Entry) -> Entry:
        if not entry.records:
            self._store.write_records(entry.path, ())
            if entry.code != NotAForm.code:
                self._store.write_picture(entry.path, None)
        self._ledger.add(sha256, self._identity, path.absolute(), entry)
        return entry


@contextmanager
def opened(plan: Plan) -> Iterator[Run]:
    """A run on the plan's output folder, alone there; on leaving, the reports are written, whatever happened.

    Raises UsageError, DeclarationError (before anything is written) and OutputError.
    """
    identity = plan.session.identity
    store = Store(plan.output)
    with _alone(plan.output):
        store.prepare()
        with closing(Ledger(store.ledger)) as ledger:
            run = Run(plan, store, ledger, identity)
            try:
                yield run
            finally:
                run.write_report()


def find_sources(paths: tuple[Path, ...], output: Path) -> list[Source]:
    """The files the paths mean, named by their path below the paths' common folder; nothing below the output folder.

    Raises UsageError when there is none.
    """
    own = os.path.realpath(output)
    found = [(file, root) for file, root in discover(paths) if not _is_below(file, own)]
    if not found:
        raise UsageError(f"no files in {', '.join(map(str, paths))}")
    common = os.path.commonpath([os.path.abspath(root) for _, root in found])
    return [Source(file, _name(file, common)) for file, _ in found]


def preview(plan: Plan, sources: Iterator[Source]) -> Iterator[tuple[Source, str]]:
    """What a run would do with each source, `read` or `skip`, without writing anything."""
    identity = plan.session.identity
    ledger, limits = Store(plan.output).ledger, plan.session.settings.load
    for source in sources:
        known = None if plan.force else peek(ledger, source.name)
        current = known is not None and known.identity == identity and _has(source.path, known.sha256, limits)
        yield source, "skip" if current else "read"


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _name(file: Path, common: str) -> str:
    """A name in valid Unicode with forward slashes; bytes that are no UTF-8 (old archives: GBK) are escaped."""
    relative = Path(os.path.relpath(file.absolute(), common)).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _is_below(file: Path, folder: str) -> bool:
    real = os.path.realpath(file)
    return real == folder or real.startswith(folder + os.sep)


def _has(path: Path, sha256: str, settings: LoadSettings) -> bool:
    try:
        return _sha256(path, settings) == sha256
    except InputError:
        return False


def _sha256(path: Path, settings: LoadSettings) -> str:
    """The content's hash. Raises InputError and its kin; opens nothing but regular files of a sane size."""
    if not path.is_file():
        raise MissingFile("The path does not exist or is not a file.")
    try:
        check_size(path.stat().st_size, settings)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror}.") from error


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Hold the output folder against a second run. Raises OutputError when another one has it."""
    try:
        (output / STATE).mkdir(parents=True, exist_ok=True)
        lock = (output / STATE / "lock").open("w")
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            failure = OutputError(f"another run is writing to {output}")
            failure.remedy = "Wait for it to end, or choose another folder with -o."
            raise failure from error
        yield
