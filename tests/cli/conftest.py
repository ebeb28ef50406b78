"""Exports digitised by the command, shared by its tests."""

import shutil
from pathlib import Path

import pytest

from extract.errors import ExitCode
from tests.batch.test_run import SMALL
from tests.commands import zhibiao


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    shutil.copy(SMALL, folder / "乙.txt")
    return folder


@pytest.fixture
def digitised(scans: Path, tmp_path: Path) -> Path:
    assert zhibiao("run", scans, "-o", tmp_path / "输出").returncode in {ExitCode.OK, ExitCode.REVIEW}
    return tmp_path / "输出"
