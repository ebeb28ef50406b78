"""Workers as processes: what they are started with, and what is left of it here."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from extract.batch.local_workers import LocalWorkers
from extract.batch.session import Session
from extract.batch.worker import Ready, Setup
from extract.storage.output_dir import OutputDir


def test_the_environment_of_this_process_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    OutputDir(tmp_path / "out").prepare()
    before = dict(os.environ)
    with closing(LocalWorkers(Setup(Session(), tmp_path / "out", 1, 4000), 1)) as backend:
        worker = backend.start()
        try:
            assert dict(os.environ) == before
            (told,) = [told for _, told in backend.poll(60.0)]
            assert isinstance(told, Ready)
            started_with = Path(f"/proc/{worker.process_id}/environ").read_bytes().split(b"\0")
        finally:
            worker.end()
    assert {b"OMP_NUM_THREADS=1", b"MALLOC_ARENA_MAX=1"} <= set(started_with)
