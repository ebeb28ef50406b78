"""The same workers from one round to the next; how they fare with bad files is told in test_batch."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from extract.batch import run as batch
from extract.batch import scheduler
from extract.batch.inputs import find_sources
from extract.batch.run import Plan
from extract.batch.session import Session
from tests.batch.test_run import OTHER, SMALL, workers


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "in").mkdir()
    shutil.copy(SMALL, tmp_path / "in" / "a.txt")
    shutil.copy(OTHER, tmp_path / "in" / "b.txt")
    return Plan((tmp_path / "in",), tmp_path / "out", Session(), 1)


def test_workers_stay_until_they_have_nothing_to_do(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = find_sources(plan.paths, plan.output)
    with batch.opened(plan) as run:
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
    first, second = find_sources(plan.paths, plan.output)
    with batch.opened(plan) as run:
        list(run.entries(iter([first])))
        (worker,) = workers()
        os.kill(worker, signal.SIGKILL)
        while worker in workers():
            time.sleep(0.01)
        (entry,) = run.entries(iter([second]))
    assert entry.records


def test_a_round_that_is_broken_off_ends_its_workers(plan: Plan) -> None:
    with batch.opened(plan) as run:
        entries = run.entries(iter(find_sources(plan.paths, plan.output)))
        next(entries)
        assert workers()
        entries.close()  # type: ignore[attr-defined]
        assert not workers()
