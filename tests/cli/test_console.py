"""Terminals and pipes that take less than they are given."""

import os
import subprocess
import sys
from pathlib import Path

from extract.errors import ExitCode
from tests.commands import zhibiao


def test_terminals_without_chinese(scans: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = zhibiao("run", scans, "-o", tmp_path / "out", env=environment)
    assert done.returncode in {ExitCode.OK, ExitCode.REVIEW}
    assert r"\u4e59.txt" in done.stdout


def test_readers_that_stop_early() -> None:
    command = f"{sys.executable} -m extract forms schema project_self_evaluation | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{\n0\n", "")


def test_readers_of_a_report_that_stop_early(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.pdf").touch()
    command = (
        f"{sys.executable} -m extract run {tmp_path} -o {tmp_path}/out --report json | true; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
    assert "cannot write" not in done.stderr
