"""Hands files to workers, wherever they run, and settles what becomes of a file whose worker fails."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from extract.batch.worker import Job, PageRead, Ready, WorkerGone, WorkerMessage
from extract.errors import EngineError, TimeLimit, WorkerDied, ZhibiaoError
from extract.records import outcomes
from extract.records.outcomes import Entry
from extract.settings.defaults import BatchSettings
from extract.storage.location import Url

START_SECONDS = 120.0
"""How long a worker may take to load its engine; a cold disk takes 20."""

IDLE_SECONDS = 120.0
"""How long a worker without work keeps its engine loaded; a folder that is watched gets its next scan sooner."""

LOOK_SECONDS = 0.5
"""Between two looks at who is overdue and who has been idle; with thousands of workers each look takes a while."""

TRIES = 2
"""How often a file is tried whose worker dies: once more, as the memory that was short may have been another's."""

LOSSES = 5
"""How many lost machines a file may see, none of which is its fault."""


class Worker(Protocol):
    """A process that reads one file at a time."""

    def send(self, job: Job) -> None:
        """Send a job; a worker that has died says so when it is listened to."""

    def end(self) -> None:
        """Kill it; nothing more is heard of it, and what it was writing never takes its place."""


class WorkerBackend(Protocol):
    """Where workers come from: processes of this machine, or actors on a cluster."""

    @property
    def size(self) -> int:
        """How many workers there may be now."""

    @property
    def tells_pages(self) -> bool:
        """Whether its workers say that a page is read, so that each page has a time limit of its own."""

    def start(self) -> Worker:
        """A new worker, which says that it is ready once its engine is loaded."""

    def poll(self, seconds: float) -> Sequence[tuple[Worker, WorkerMessage]]:
        """What workers say, after a wait of at most so long."""

    def start_failure(self) -> ZhibiaoError:
        """What is wrong when no worker becomes ready."""

    def close(self) -> None:
        """Give back what the backend itself holds; its workers have been ended."""


@dataclass(slots=True)
class _Task:
    """A job that is not done, and what has befallen it."""

    job: Job
    deaths: int = 0
    losses: int = 0


@dataclass(slots=True)
class _WorkerState:
    """What the pool knows of a worker.

    That is when it must have said something, since when it has had its task, and how many it has done.
    """

    deadline: float
    begun: float = 0.0
    task: _Task | None = None
    served: int = 0
    idle_since: float = 0.0


class Pool:
    """As many workers as there is work for, and room; one more job for each is at hand, so that none waits.

    A worker that exceeds the time limit or dies is replaced; one that has read its share of files is, too.
    """

    def __init__(self, backend: WorkerBackend, limits: BatchSettings) -> None:
        self._backend = backend
        self._limits = limits
        self._states: dict[Worker, _WorkerState] = {}
        self._starting: set[Worker] = set()
        self._idle: dict[Worker, None] = {}
        self._waiting: deque[_Task] = deque()
        self._failed_starts = 0
        self._next_look = 0.0

    def run(self, work: Iterator[Job | Entry]) -> Generator[tuple[Job | None, Entry]]:
        """Each job with what became of it, as they are done; entries among the jobs pass through without one.

        Workers stay for the next round; when this one is broken off, they are ended. Raises EngineError or OutputError
        when a worker says that no further file can be read.
        """
        try:
            yield from self._until_done(work)
        except BaseException:
            self.dismiss()
            raise

    def release_idle(self) -> None:
        """Let workers go that have had nothing to do for a while."""
        long_ago = time.monotonic() - IDLE_SECONDS
        for worker in [worker for worker in self._idle if self._states[worker].idle_since < long_ago]:
            self._drop(worker)

    def dismiss(self) -> None:
        """End all workers at once and forget what they were reading."""
        for worker in list(self._states):
            self._drop(worker)
        self._waiting.clear()

    def close(self) -> None:
        """End all workers, and what they came from."""
        self.dismiss()
        self._backend.close()

    def _until_done(self, work: Iterator[Job | Entry]) -> Iterator[tuple[Job | None, Entry]]:
        ended = False
        while not ended or self._waiting or len(self._states) > len(self._idle) + len(self._starting):
            wanting = not ended and len(self._waiting) < max(1, self._backend.size)
            for worker, word in self._backend.poll(0.0 if wanting else LOOK_SECONDS):
                yield from self._on_message(worker, word)
            if wanting:
                item = next(work, None)
                ended = item is None
                if isinstance(item, Entry):
                    yield None, item
                elif item is not None:
                    self._waiting.append(_Task(item))
            self._hand_out()
            if time.monotonic() >= self._next_look:
                self._next_look = time.monotonic() + LOOK_SECONDS
                self.release_idle()
                yield from self._end_overdue()

    def _hand_out(self) -> None:
        """Give idle workers a task, and start workers for the tasks that are left, where there is room."""
        while self._waiting and self._idle:
            worker, _ = self._idle.popitem()
            state = self._states[worker]
            state.task = self._waiting.popleft()
            state.begun = time.monotonic()
            state.deadline = self._deadline(state, fetching=isinstance(state.task.job.place, Url))
            worker.send(state.task.job)
        while len(self._waiting) > len(self._starting) and len(self._states) < self._backend.size:
            worker = self._backend.start()
            self._states[worker] = _WorkerState(time.monotonic() + START_SECONDS)
            self._starting.add(worker)

    def _deadline(self, state: _WorkerState, fetching: bool) -> float:
        """When the next page must be read, and at the latest the file; an object is fetched in the file's time."""
        whole = state.begun + self._limits.max_seconds
        if fetching or not self._backend.tells_pages:
            return whole
        return min(whole, time.monotonic() + self._limits.max_page_seconds)

    def _rest(self, worker: Worker) -> None:
        self._states[worker].idle_since = time.monotonic()
        self._idle[worker] = None

    def _on_message(self, worker: Worker, word: WorkerMessage) -> Iterator[tuple[Job, Entry]]:
        if isinstance(word, ZhibiaoError):
            raise word
        state = self._states.get(worker)
        if state is None:
            return  # its last word crossed with its end
        if isinstance(word, Ready):
            self._failed_starts = 0
            self._starting.discard(worker)
            self._rest(worker)
        elif isinstance(word, PageRead):
            state.deadline = self._deadline(state, fetching=False)
        elif isinstance(word, WorkerGone):
            yield from self._on_death(worker, word)
        elif state.task is not None:
            task, state.task = state.task, None
            state.served += 1
            if state.served < self._limits.max_worker_files:
                self._rest(worker)
            else:
                self._drop(worker)
            yield task.job, word

    def _on_death(self, worker: Worker, gone: WorkerGone) -> Iterator[tuple[Job, Entry]]:
        """Take leave of a worker that died; its file is tried again, or reported."""
        starting = worker in self._starting
        state = self._drop(worker)
        if starting and not gone.lost:
            self._failed_starts += 1
            if self._failed_starts >= TRIES:
                raise EngineError(f"the reading process ends while it starts; {gone.reason}")
        if state.task is None:
            return
        state.task.losses += gone.lost
        state.task.deaths += not gone.lost
        if state.task.deaths < TRIES and state.task.losses < LOSSES:
            self._waiting.appendleft(state.task)
        else:
            name = state.task.job.name
            yield state.task.job, outcomes.failed(name, WorkerDied(_death_message(state.task)))

    def _end_overdue(self) -> Iterator[tuple[Job, Entry]]:
        now = time.monotonic()
        overdue = [(w, state) for w, state in self._states.items() if state.deadline <= now and w not in self._idle]
        for worker, state in overdue:
            if state.task is not None:
                self._drop(worker)
                job, seconds = state.task.job, {"all": now - state.begun}
                yield job, outcomes.failed(job.name, self._late(state), seconds)
            elif len(self._starting) < len(self._states):
                self._drop(worker)  # the work goes on, and another takes its place
            else:
                raise self._backend.start_failure()

    def _late(self, state: _WorkerState) -> TimeLimit:
        if state.deadline < state.begun + self._limits.max_seconds:
            failure = TimeLimit(f"A page of the file took longer than {self._limits.max_page_seconds:g} s.")
            failure.remedy = "Raise it with --set batch.max_page_seconds=N, or scan the paper again."
            return failure
        return TimeLimit(f"The file took longer than {self._limits.max_seconds:g} s.")

    def _drop(self, worker: Worker) -> _WorkerState:
        worker.end()
        self._starting.discard(worker)
        self._idle.pop(worker, None)
        return self._states.pop(worker)


def _death_message(task: _Task) -> str:
    if task.deaths >= TRIES:
        return "The process that read the file ended, twice."
    return f"The machine that read the file was lost, {task.losses} times."
