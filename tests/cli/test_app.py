"""The commands and their options: help, version, usage errors."""

import subprocess
import sys
from pathlib import Path

import pytest

import extract
from extract.errors import ExitCode
from tests.commands import zhibiao

COMMANDS = ["run", "watch", "status", "show", "explain", "doctor"]
COMMANDS += ["forms list", "forms check", "forms schema", "models list", "models fetch"]
HEAVY = ("cv2", "onnxruntime", "paddleocr", "pandas", "camelot", "pypdfium2", "PIL.Image")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = zhibiao(*command.split(), "--help")
    assert done.returncode == ExitCode.OK
    assert f"Usage: zhibiao {command}" in done.stdout
    assert not done.stderr


def test_version() -> None:
    assert zhibiao("--version").stdout == f"zhibiao {extract.__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "extract", "--help"], capture_output=True, text=True, check=True
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {*HEAVY, "numpy"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("nonsense", "nonsense"),
        ("run", "PATH"),
        ("run x", "-o"),
        ("run x -o out --jobs 0", "jobs"),
        ("run x -o out --set grid.min_segment_char=3", "did you mean 'grid.min_segment_chars'"),
        ("run x -o out --config none.toml", "none.toml"),
        ("run x -o out --form nonsense", "project_self_evaluation"),
        ("forms schema nonsense", "project_self_evaluation"),
        ("show x -o x.png --stage nonsense", "stage"),
        ("models fetch x --size huge", "small"),
    ],
)
def test_usage_errors(arguments: str, said: str, tmp_path: Path) -> None:
    done = zhibiao(*arguments.split(), cwd=tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert said in done.stderr
    assert not done.stdout
    assert not list(tmp_path.iterdir())
