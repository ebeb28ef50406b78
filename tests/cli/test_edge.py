"""What a shell or a scheduler may do to a program: close its streams, fill them, remove the folder it works in."""

import subprocess
import sys
from pathlib import Path

import pytest

from extract.errors import ExitCode
from tests.commands import zhibiao
from tests.paths import ROOT


def in_shell(redirections: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    script = f'"$@" {redirections}'
    command = ["sh", "-c", script, "sh", sys.executable, "-m", "extract", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_closed_streams(scans: Path, tmp_path: Path) -> None:
    done = in_shell("<&- >&- 2>&-", "run", scans, "-o", tmp_path / "out")
    assert done.returncode in {ExitCode.OK, ExitCode.REVIEW}
    assert (tmp_path / "out" / "report.json").is_file()


def test_a_full_disk_behind_standard_output() -> None:
    done = in_shell("> /dev/full", "forms", "list")
    assert (done.returncode, done.stderr.count("\n")) == (ExitCode.OUTPUT, 1)
    assert "cannot write the output" in done.stderr


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = 'cd "$1" && rmdir "$1" && exec "$2" -c "from extract.cli import main; raise SystemExit(main())" run a -o b'
    root = ROOT
    done = subprocess.run(
        ["sh", "-c", script, "sh", tmp_path / "gone", sys.executable],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(root)},
    )
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "zhibiao: the working folder was removed; cd to another one\n"


@pytest.mark.parametrize("command", ["run in -o {}", "watch {} -o out", "status {}", "load {}"])
def test_a_path_that_is_too_long(command: str, tmp_path: Path) -> None:
    done = zhibiao(*command.format("/".join(["x" * 250] * 20)).split(), cwd=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert "too long" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["run", "", "-o", "out"], ["run", ".", "-o", ""], ["watch", ".", "-o", ""]])
def test_a_variable_that_is_not_set(arguments: list[str], tmp_path: Path) -> None:
    done = zhibiao(*arguments, cwd=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert "an empty path" in done.stderr
    assert not list(tmp_path.iterdir())
