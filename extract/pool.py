"""Hands files to workers, wherever they run, and settles what becomes of a file whose worker fails."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from extract import report
from extract.errors import EngineError, TimeLimit, WorkerDied, ZhibiaoError
from extract.report import Entry
from extract.settings import BatchSettings
from extract.worker import Gone, Job, Ready, Word

START_SECONDS = 120.0
"""How long a worker may take to load its engine; a cold disk takes 20."""

IDLE_SECONDS = 120.0
"""How long a worker without work keeps its engine loaded; a folder that is watched gets its next scan sooner."""

POLL_SECONDS = 5.0
"""Between two looks at how many workers there may be."""

TRIES = 2
"""How often a file is tried whose worker dies: once more, as the memory that was short may have been another's."""

LOSSES = 5
"""How many lost machines a file may see, none of which is its fault."""


class Worker(Protocol):
    """A process that reads one file at a time."""

    def give(self, job: Job) -> None:
        """Send a job; a worker that has died says so when it is listened to."""

    def end(self) -> None:
        """Kill it; nothing more is heard of it, and what it was writing never takes its place."""


class Crew(Protocol):
    """Where workers come from: processes of this machine, or actors on a cluster."""

    @property
    def size(self) -> int:
        """How many workers there may be now."""

    def start(self) -> Worker:
        """A new worker, which says that it is ready once its engine is loaded."""

    def listen(self, seconds: float) -> Sequence[tuple[Worker, Word]]:
        """What workers say, after a wait of at most so long."""

    def late(self) -> ZhibiaoError:
        """What is wrong when no worker becomes ready."""

    def close(self) -> None:
        """Give back what the crew itself holds; its workers have been ended."""


@dataclass(slots=True)
class _Task:
    """A job that is not done, and what has befallen it."""

    job: Job
    deaths: int = 0
    losses: int = 0


@dataclass(slots=True)
class _Post:
    """What the pool knows of a worker: its task, and when its patience or its idleness ends."""

    deadline: float
    ready: bool = False
    task: _Task | None = None
    served: int = 0
    idle_since: float = field(default_factory=time.monotonic)

    @property
    def idle(self) -> bool:
        return self.ready and self.task is None


class Pool:
    """As many workers as there is work for, and room; one more job for each is at hand, so that none waits.

    A worker that exceeds the time limit or dies is replaced; one that has read its share of files is, too.
    """

    def __init__(self, crew: Crew, limits: BatchSettings) -> None:
        self._crew = crew
        self._limits = limits
        self._posts: dict[Worker, _Post] = {}
        self._waiting: deque[_Task] = deque()
        self._failed_starts = 0

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
        for worker in [w for w, post in self._posts.items() if post.idle and post.idle_since < long_ago]:
            self._drop(worker)

    def dismiss(self) -> None:
        """End all workers at once and forget what they were reading."""
        for worker in list(self._posts):
            self._drop(worker)
        self._waiting.clear()

    def close(self) -> None:
        """End all workers, and what they came from."""
        self.dismiss()
        self._crew.close()

    def _until_done(self, work: Iterator[Job | Entry]) -> Iterator[tuple[Job | None, Entry]]:
        ended = False
        while not ended or self._waiting or any(post.task for post in self._posts.values()):
            wanting = not ended and len(self._waiting) < max(1, self._crew.size)
            for worker, word in self._crew.listen(0.0 if wanting else self._patience()):
                yield from self._hear(worker, word)
            yield from self._end_overdue()
            if wanting:
                item = next(work, None)
                ended = item is None
                if isinstance(item, Entry):
                    yield None, item
                elif item is not None:
                    self._waiting.append(_Task(item))
            self._hand_out()
            self.release_idle()

    def _hand_out(self) -> None:
        """Give every idle worker a task, and start workers for the tasks that are left, where there is room."""
        for worker, post in self._posts.items():
            if not self._waiting:
                return
            if post.idle:
                post.task = self._waiting.popleft()
                post.deadline = time.monotonic() + self._limits.max_seconds
                worker.give(post.task.job)
        starting = sum(not post.ready for post in self._posts.values())
        while len(self._waiting) > starting and len(self._posts) < self._crew.size:
            self._posts[self._crew.start()] = _Post(time.monotonic() + START_SECONDS)
            starting += 1

    def _patience(self) -> float:
        """Seconds until the nearest deadline, or until the crew may have another size."""
        nearest = min((post.deadline for post in self._posts.values() if not post.idle), default=math.inf)
        return min(max(0.0, nearest - time.monotonic()), POLL_SECONDS)

    def _hear(self, worker: Worker, word: Word) -> Iterator[tuple[Job, Entry]]:
        if isinstance(word, ZhibiaoError):
            raise word
        post = self._posts.get(worker)
        if post is None:
            return  # its last word crossed with its end
        if isinstance(word, Ready):
            self._failed_starts = 0
            post.ready, post.idle_since = True, time.monotonic()
        elif isinstance(word, Gone):
            yield from self._bury(worker, word)
        elif post.task is not None:
            task, post.task = post.task, None
            post.served, post.idle_since = post.served + 1, time.monotonic()
            if post.served >= self._limits.max_worker_files:
                self._drop(worker)
            yield task.job, word

    def _bury(self, worker: Worker, gone: Gone) -> Iterator[tuple[Job, Entry]]:
        """Take leave of a worker that died; its file is tried again, or reported."""
        post = self._drop(worker)
        if not post.ready and not gone.lost:
            self._failed_starts += 1
            if self._failed_starts >= TRIES:
                raise EngineError(f"the reading process ends while it starts; {gone.reason}")
        if post.task is None:
            return
        post.task.losses += gone.lost
        post.task.deaths += not gone.lost
        if post.task.deaths < TRIES and post.task.losses < LOSSES:
            self._waiting.appendleft(post.task)
        else:
            name = post.task.job.name
            yield post.task.job, report.failed(name, WorkerDied(_epitaph(post.task)))

    def _end_overdue(self) -> Iterator[tuple[Job, Entry]]:
        now = time.monotonic()
        for worker, post in [(w, p) for w, p in self._posts.items() if p.deadline <= now and not p.idle]:
            if post.task is not None:
                self._drop(worker)
                limit = TimeLimit(f"The file took longer than {self._limits.max_seconds:g} s.")
                yield post.task.job, report.failed(post.task.job.name, limit, {"all": self._limits.max_seconds})
            elif any(other.ready for other in self._posts.values()):
                post.deadline = now + START_SECONDS  # the work goes on without it
            else:
                raise self._crew.late()

    def _drop(self, worker: Worker) -> _Post:
        worker.end()
        return self._posts.pop(worker)


def _epitaph(task: _Task) -> str:
    if task.deaths >= TRIES:
        return "The process that read the file ended, twice."
    return f"The machine that read the file was lost, {task.losses} times."
