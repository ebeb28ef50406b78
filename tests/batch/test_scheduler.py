"""The same workers from one round to the next; how they fare with bad files is told in test_batch."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extract.batch import scheduler
from extract.batch.inputs import find_inputs
from extract.batch.run import Plan, open_run
from extract.batch.scheduler import Pool, Worker
from extract.batch.session import Session
from extract.batch.worker import Job, PageRead, Ready, WorkerMessage
from extract.errors import EngineError
from extract.records.outcomes import Entry, Outcome
from extract.settings.defaults import BatchSettings
from tests.batch.test_run import OTHER, SMALL, workers


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "in").mkdir()
    shutil.copy(SMALL, tmp_path / "in" / "a.txt")
    shutil.copy(OTHER, tmp_path / "in" / "b.txt")
    return Plan((tmp_path / "in",), tmp_path / "out", Session(), 1)


def test_workers_stay_until_they_have_nothing_to_do(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = find_inputs(plan.paths, plan.output)
    with open_run(plan) as run:
        assert not workers()
        assert len(list(run.entries(iter([first])))) == 1
        started = workers()
        run.rest()
        assert workers() == started
        assert len(list(run.entries(iter([second])))) == 1
        assert workers() == started
        monkeypatch.setattr(scheduler, "IDLE_SECONDS", 0.0)
        run.rest()
        assert not workers()
        assert len(started) == 1


def test_a_worker_that_dies_between_rounds_costs_no_file_a_try(plan: Plan) -> None:
    first, second = find_inputs(plan.paths, plan.output)
    with open_run(plan) as run:
        list(run.entries(iter([first])))
        (worker,) = workers()
        os.kill(worker, signal.SIGKILL)
        while worker in workers():
            time.sleep(0.01)
        (entry,) = run.entries(iter([second]))
    assert entry.records


def test_a_round_that_is_broken_off_ends_its_workers(plan: Plan) -> None:
    with open_run(plan) as run:
        entries = run.entries(iter(find_inputs(plan.paths, plan.output)))
        next(entries)
        assert workers()
        entries.close()  # type: ignore[attr-defined]
        assert not workers()


class Scripted:
    """A worker that answers each job at once, unless it hangs while it starts."""

    def __init__(self, backend: "ScriptedBackend", hangs: bool) -> None:
        self.told: list[WorkerMessage] = [] if hangs else [Ready()]
        self.backend = backend
        self.ended = False

    def send(self, job: Job) -> None:
        self.told.append(Entry(job.name, Outcome.OK))

    def end(self) -> None:
        self.ended = True


class ScriptedBackend:
    """Two workers at a time, of which the first never answers."""

    size = 2
    tells_pages = True

    def __init__(self) -> None:
        self.started: list[Scripted] = []

    def start(self) -> Scripted:
        self.started.append(Scripted(self, hangs=not self.started))
        return self.started[-1]

    def poll(self, seconds: float) -> list[tuple[Worker, WorkerMessage]]:
        time.sleep(min(seconds, 0.01))
        return [(worker, worker.told.pop(0)) for worker in self.started if worker.told and not worker.ended]

    def start_failure(self) -> EngineError:
        return EngineError("none starts")

    def close(self) -> None:
        pass


def test_a_start_that_never_answers_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "START_SECONDS", 0.05)
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0.01)
    backend = ScriptedBackend()
    jobs = (Job(Path(f"/{number}"), str(number), "", None) for number in range(200))
    with closing(Pool(backend, BatchSettings())) as pool:
        done = [entry.path for _, entry in pool.run(_slowly(jobs))]
    assert len(done) == 200
    hanging, *others = backend.started
    assert hanging.ended
    assert len(others) == 2


def _slowly(jobs: Iterator[Job]) -> Iterator[Job]:
    for job in jobs:
        time.sleep(0.002)
        yield job


class Reading:
    """A worker that reads a page every 50 ms, and then has the file."""

    def __init__(self, pages: int) -> None:
        self.left = pages
        self.job: Job | None = None
        self.ended = self.ready = self.started = False
        self.next_at = 0.0

    def send(self, job: Job) -> None:
        self.job, self.next_at = job, time.monotonic() + 0.05

    def end(self) -> None:
        self.ended = True

    def told(self) -> list[WorkerMessage]:
        if self.started and not self.ready:
            self.ready = True
            return [Ready()]
        if self.job is None or self.ended or time.monotonic() < self.next_at:
            return []
        self.next_at += 0.05
        self.left -= 1
        return [PageRead()] if self.left else [Entry(self.job.name, Outcome.OK)]


class ReadingBackend(ScriptedBackend):
    """One worker, which reads files of so many pages."""

    size = 1

    def __init__(self, pages: int, tells_pages: bool) -> None:
        super().__init__()
        self.worker = Reading(pages)
        self.tells_pages = tells_pages

    def start(self) -> Reading:  # type: ignore[override]
        self.worker.started = True
        return self.worker

    def poll(self, seconds: float) -> list[tuple[Worker, WorkerMessage]]:
        time.sleep(min(seconds, 0.005))
        return [(self.worker, word) for word in self.worker.told()]


@pytest.mark.parametrize(
    ("tells_pages", "limits", "message"),
    [
        (True, BatchSettings(max_seconds=20, max_page_seconds=0.5), None),
        (True, BatchSettings(max_seconds=0.5, max_page_seconds=20), "The file took longer than 0.5 s."),
        (True, BatchSettings(max_seconds=20, max_page_seconds=0.02), "A page of the file took longer than 0.02 s."),
        (False, BatchSettings(max_seconds=20, max_page_seconds=0.02), None),
    ],
)
def test_each_page_has_its_time_and_the_file_its_own(
    monkeypatch: pytest.MonkeyPatch, tells_pages: bool, limits: BatchSettings, message: str | None
) -> None:
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0.01)
    with closing(Pool(ReadingBackend(24, tells_pages), limits)) as pool:
        ((_, entry),) = pool.run(iter([Job(Path("/a"), "a", "", None)]))
    assert (entry.code, entry.message) == ("timeout" if message else None, message)
