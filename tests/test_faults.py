"""Kills, full disks, files that change or hang: nothing half written, and the same bytes after a clean run."""

import os
import random
import shutil
from pathlib import Path

import pytest

from bench import faults
from bench.faults import Records
from extract.errors import ExitCode

KILLS = 4
ROOMY = ("--set", "batch.max_worker_megabytes=12000")
"""So that the page that takes for ever meets the limit on time, not the one on memory."""

needs_mount = pytest.mark.skipif(not faults.can_mount(), reason="no disk can be mounted here")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faults.make_inputs(tmp_path_factory.mktemp("faults") / "in", copies=1)


@pytest.fixture(scope="module")
def whole(inputs: Path) -> Records:
    """The records of an undisturbed run."""
    return faults.finish(inputs, inputs.parent / "whole")


def test_kills_at_any_moment(inputs: Path, whole: Records, tmp_path: Path) -> None:
    toll = faults.kill_often(inputs, tmp_path / "out", whole, KILLS, random.Random(4))
    assert toll.kills == KILLS
    assert faults.finish(inputs, tmp_path / "out") == whole


@needs_mount
def test_a_full_disk(inputs: Path, whole: Records, tmp_path: Path) -> None:
    assert faults.starved(inputs, tmp_path / "out", whole)


@needs_mount
def test_an_output_folder_that_cannot_be_written(inputs: Path, tmp_path: Path) -> None:
    assert faults.read_only(inputs, tmp_path / "out") == ExitCode.OUTPUT


def test_a_file_that_is_cut_while_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(faults.SCAN, folder)
    scan = folder / faults.SCAN.name
    assert faults.cut_short(folder, tmp_path / "out", scan) == "changed"
    assert not faults.records(tmp_path / "out")
    assert faults.finish(folder, tmp_path / "out") == faults.finish(folder, tmp_path / "whole")


def test_files_that_never_end(inputs: Path, whole: Records, tmp_path: Path) -> None:
    """A page that takes years to render, a pipe nobody writes to, and a file of a terabyte that is not there."""
    folder = tmp_path / "in"
    shutil.copytree(inputs, folder)
    (folder / "endless.pdf").write_bytes(faults.endless_pdf())
    os.mkfifo(folder / "pipe.tif")
    with (folder / "sparse.tif").open("wb") as sparse:
        sparse.truncate(10**12)
    assert faults.finish(folder, tmp_path / "out", "--set", "batch.max_seconds=8", *ROOMY) == whole
    codes = [faults.code_of(tmp_path / "out", name) for name in ("endless.pdf", "pipe.tif", "sparse.tif")]
    assert codes == ["timeout", "not-found", "too-large"]
