"""Worker processes with limits, each reading one file at a time."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection, wait

from extract import report
from extract.errors import EngineError, TimeLimit, WorkerDied, ZhibiaoError
from extract.report import Entry
from extract.settings import BatchSettings
from extract.worker import THREAD_VARIABLES, Job, Ready, Setup, serve

START_SECONDS = 120.0
"""How long a worker may take to load its engine; a cold disk takes 20."""

TRIES = 2
"""How often a file is tried whose worker dies: once more, as the memory that was short may have been another's."""


class Pool:
    """Up to `size` workers, started by spawn when there is work for them: the networks' threads do not survive a fork.

    A worker that exceeds the time limit or dies is replaced; one that has read its share of files is, too.
    """

    def __init__(self, setup: Setup, size: int, limits: BatchSettings) -> None:
        self._setup = setup
        self._size = size
        self._limits = limits
        self._workers: list[_Worker] = []
        self._again: deque[Job] = deque()
        self._failed_starts = 0

    def run(self, work: Iterator[Job | Entry]) -> Iterator[tuple[Job | None, Entry]]:
        """Each job with what became of it, as they are done; entries among the jobs pass through without one.

        Raises EngineError or OutputError when a worker says that no further file can be read.
        """
        yield from self._assign(work)
        while self._workers:
            for worker in self._next_ready():
                yield from self._hear(worker)
            yield from self._end_overdue()
            yield from self._assign(work)

    def close(self) -> None:
        """End all workers at once; what they were writing never takes its place."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _assign(self, work: Iterator[Job | Entry]) -> Iterator[tuple[None, Entry]]:
        """Give every idle worker a job, start workers while there are jobs, let idle ones go when there are none."""
        while self._room() or any(worker.idle for worker in self._workers):
            job = self._again.popleft() if self._again else next(work, None)
            if job is None:
                for worker in [w for w in self._workers if w.idle]:
                    self._drop(worker)
                return
            if isinstance(job, Entry):
                yield None, job
                continue
            worker = next((w for w in self._workers if w.idle), None) or self._start()
            worker.give(job, self._limits.max_seconds)

    def _room(self) -> bool:
        return len(self._workers) < self._size

    def _start(self) -> _Worker:
        worker = _Worker(self._setup)
        self._workers.append(worker)
        return worker

    def _drop(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)

    def _next_ready(self) -> list[_Worker]:
        """The workers that have something to say (or died), after a wait no longer than the nearest deadline."""
        nearest = min(worker.deadline for worker in self._workers)
        ready = wait([worker.connection for worker in self._workers], max(0.0, nearest - time.monotonic()))
        return [worker for worker in self._workers if worker.connection in ready]

    def _hear(self, worker: _Worker) -> Iterator[tuple[Job, Entry]]:
        try:
            word = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._bury(worker)
            return
        if isinstance(word, ZhibiaoError):
            raise word
        if isinstance(word, Ready):
            self._failed_starts = 0
            worker.begin(self._limits.max_seconds)
            return
        job = worker.finish()
        if worker.served >= self._limits.max_worker_files:
            self._drop(worker)
        yield job, word

    def _bury(self, worker: _Worker) -> Iterator[tuple[Job, Entry]]:
        """Replace a worker that died; its file is tried again, or reported."""
        job, started = worker.job, worker.ready
        self._drop(worker)
        if job is None:
            return
        if not started:
            self._failed_starts += 1
            if self._failed_starts >= TRIES:
                raise EngineError("the reading process ends while it starts; .zhibiao/workers.log says why")
            self._again.append(job)
        elif job.tries + 1 < TRIES:
            self._again.append(replace(job, tries=job.tries + 1))
        else:
            yield job, report.failed(job.name, WorkerDied("The process that read the file ended, twice."))

    def _end_overdue(self) -> Iterator[tuple[Job, Entry]]:
        now = time.monotonic()
        for worker in [w for w in self._workers if w.deadline <= now]:
            job, started = worker.job, worker.ready
            self._drop(worker)
            if not started:
                raise EngineError(f"the engine did not load within {START_SECONDS:.0f} s")
            if job is not None:
                limit = TimeLimit(f"The file took longer than {self._limits.max_seconds:g} s.")
                yield job, report.failed(job.name, limit, {"all": self._limits.max_seconds})


class _Worker:
    """A process, the way to it, and the job it has."""

    def __init__(self, setup: Setup) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(setup.threads)))  # read when a library is loaded
        self._process = context.Process(target=serve, args=(theirs, setup), daemon=True, name="zhibiao-worker")
        self._process.start()
        theirs.close()
        self.job: Job | None = None
        self.ready = False
        self.served = 0
        self.deadline = time.monotonic() + START_SECONDS

    @property
    def idle(self) -> bool:
        """Whether it has nothing to do."""
        return self.job is None

    def give(self, job: Job, max_seconds: float) -> None:
        """Send a job; its time runs from when the engine is ready."""
        self.job = job
        try:
            self.connection.send(job)
        except OSError:
            return  # it died while idle: the next word from it is the end of the connection
        if self.ready:
            self.deadline = time.monotonic() + max_seconds

    def begin(self, max_seconds: float) -> None:
        """The engine is loaded: the job's time starts."""
        self.ready = True
        self.deadline = time.monotonic() + max_seconds

    def finish(self) -> Job:
        """Take the job off it."""
        if self.job is None:
            raise RuntimeError("an answer without a job")
        job, self.job = self.job, None
        self.served += 1
        return job

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self._process.kill()
        self._process.join()
        self.connection.close()
