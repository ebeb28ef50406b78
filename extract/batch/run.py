"""A run over many files: what is new is read, what is unchanged is skipped, one broken file costs one entry."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from extract.batch.change_detection import LOOKS_AT_ONCE, ChangeDetector
from extract.batch.inputs import InputFile
from extract.batch.local_workers import LocalWorkers
from extract.batch.naming import Names
from extract.batch.ray_cluster import Cluster
from extract.batch.ray_workers import RayWorkers
from extract.batch.report_files import write_reports
from extract.batch.scheduler import Pool, WorkerBackend
from extract.batch.session import Session
from extract.batch.settlement import Settlement, note_gone
from extract.batch.worker import Job, Setup
from extract.errors import ChangedFile, NotAForm
from extract.records import outcomes
from extract.records.outcomes import Entry, Tally
from extract.storage.file_version import Version, stamp
from extract.storage.ledger import Ledger, viewed_if_readable
from extract.storage.ledger_rows import LedgerRow
from extract.storage.ledger_sync import Checkpoint, ledger_of, resume
from extract.storage.location import Location, Url, absolute
from extract.storage.output_dir import OutputDir
from extract.storage.output_guard import OutputGuard
from extract.storage.output_lock import locked
from extract.storage.temp_files import sweep


@dataclass(frozen=True)
class Plan:
    """What to read, where to write and how; `jobs` is the number of worker processes, one for each core by default.

    `cluster` says where they run, if not on this machine alone.
    """

    paths: tuple[Location, ...]
    output: Location
    session: Session
    jobs: int | None = None
    force: bool = False
    cluster: Cluster | None = None

    def backend(self) -> WorkerBackend:
        """Who reads. Raises EngineError for a cluster that does not answer."""
        if self.cluster is not None and self.cluster.address is not None:
            return RayWorkers(self._setup(threads=1), self.cluster, self.jobs)
        jobs = self.jobs or available_cores()
        if self.cluster is not None:
            return RayWorkers(self._setup(threads=1), self.cluster, jobs)
        return LocalWorkers(self._setup(threads=max(1, available_cores() // jobs)), jobs)

    def change_detector(self, store: OutputDir) -> ChangeDetector:
        """How its sources are looked at."""
        is_remote = any(isinstance(one, Url) for one in (self.output, *self.paths))
        return ChangeDetector(
            store, self.session.identity, self.session.settings.load, LOOKS_AT_ONCE if is_remote else 1
        )

    def _setup(self, threads: int) -> Setup:
        return Setup(
            session=replace(self.session),
            output=absolute(self.output),
            threads=threads,
            max_megabytes=self.session.settings.batch.max_worker_megabytes,
        )


@dataclass(frozen=True)
class Output:
    """An output folder that is held: where records go, what it remembers, its copies, and whether it still stands."""

    store: OutputDir
    guard: OutputGuard
    ledger: Ledger
    checkpoint: Checkpoint


class Run:
    """A run that is open: its entries as they come, and those that are finished.

    Its workers stay from one round of sources to the next, as long as there is enough for them to do.
    """

    def __init__(self, plan: Plan, output: Output, pool: Pool) -> None:
        self._plan = plan
        self._pool = pool
        self._store = output.store
        self._guard = output.guard
        self._ledger = output.ledger
        self._checkpoint = output.checkpoint
        self._detector = plan.change_detector(output.store)
        self._settlement = Settlement(output.ledger, output.store, self._detector, plan.force)
        self._begun = time.monotonic()

    def entries(self, sources: Iterator[InputFile]) -> Iterator[Entry]:
        """Every source's entry, in no fixed order, each noted in the ledger before it is given out.

        Copies of a file that is being read wait until it is known whether they must be read themselves. Raises
        EngineError or OutputError when nothing more can be read or written.
        """
        waiting = list(sources)
        while waiting:
            with closing(self._pool.run(self._work(iter(waiting)))) as results:
                for job, entry in results:
                    yield entry if job is None else self._note(job, _unless_changed(job, entry))
            waiting = list(self._settlement.left_over())

    def rest(self) -> None:
        """Let workers go that have had nothing to do for a while; the next round starts what it needs.

        Raises OutputGone where somebody removed the output folder meanwhile.
        """
        self._guard.check()
        self._pool.release_idle()

    def finished(self) -> Iterator[Entry]:
        """The entries of this run so far, by name."""
        return self._ledger.of_this_run()

    def write_report(self) -> None:
        """Write report.json and report.html of the whole output folder. Raises OutputError."""
        self._guard.check()
        last_run = Tally()
        for entry in self.finished():
            last_run.add(entry)
        write_reports(self._store, self._ledger.entries, last_run, time.monotonic() - self._begun)

    def note_gone(self) -> None:
        """Note which files of earlier runs are no longer where this run was told to look."""
        self._guard.check()
        note_gone(self._ledger, self._store, tuple(map(absolute, self._plan.paths)))

    def _work(self, sources: Iterator[InputFile]) -> Generator[Job | Entry]:
        """The sources that must be read, and the entries of those that need not be."""
        known = _nothing if self._plan.force else self._ledger.at
        with closing(self._detector.states(sources, known)) as states:
            for state in states:
                settled = self._settlement.settle(state)
                if settled is None:
                    continue
                if settled.entry is None:
                    yield settled.job
                else:
                    yield self._note(settled.job, settled.entry) if settled.is_noted else settled.entry

    def _note(self, job: Job, entry: Entry) -> Entry:
        self._guard.check()
        if not entry.records:
            self._store.write_records(entry.path, ())
            if entry.code != NotAForm.code:
                self._store.write_picture(entry.path, None)
                self._store.write_lines(entry.path, None)
        tag = job.stamp.tag if isinstance(job.stamp, Version) else None
        self._settlement.note(LedgerRow(job.sha256, self._plan.session.identity, job.place, tag, entry))
        self._checkpoint.save_if_due()
        return entry


@contextmanager
def open_run(plan: Plan) -> Iterator[Run]:
    """A run on the plan's output folder, alone there; on leaving, the reports are written, whatever happened.

    Raises UsageError, DeclarationError, EngineError (all before anything is written) and OutputError.
    """
    _ = plan.session.identity  # a bad declaration is said before anything is written
    store = OutputDir(plan.output)
    with closing(Pool(plan.backend(), plan.session.settings.batch)) as pool, locked(store) as claim:
        store.prepare()
        resume(store)
        with closing(Ledger(store.ledger)) as ledger, closing(OutputGuard(store)) as guard:
            checkpoint = Checkpoint(store, ledger, claim)
            ledger.forget_missing()
            checkpoint.save()
            run = Run(plan, Output(store, guard, ledger, checkpoint), pool)
            try:
                yield run
            finally:
                pool.dismiss()
                claim.check()
                run.note_gone()
                checkpoint.save()
                run.write_report()
                sweep()


def preview_run(plan: Plan, sources: Iterator[InputFile]) -> Iterator[tuple[InputFile, str]]:
    """What a run would do with each source, `read` or `skip`, without writing anything."""
    store = OutputDir(plan.output)
    detector = plan.change_detector(store)
    with ledger_of(store) as ledger, viewed_if_readable(ledger) as view:
        names = Names(view, store)
        for state in detector.states(sources, _nothing if plan.force else view.at):
            named = replace(state.source, name=names.name_of(state.source, state.sha256))
            yield named, "read" if state.holds is None else "skip"


def available_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _unless_changed(job: Job, entry: Entry) -> Entry:
    """The entry of a job, unless somebody wrote to its file meanwhile; of an object, the worker knows what it got."""
    if isinstance(job.place, Url) or stamp(job.place) == job.stamp:
        return entry
    return outcomes.failed(entry.path, ChangedFile("Something wrote to the file while it was read."))


def _nothing(_place: Location) -> None:
    """What is known of files that are all to be read."""
