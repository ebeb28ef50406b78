from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

DONE = (0, 1)
"""Exit codes of a run in which every input gave its records."""

Digitise = Callable[[Sequence[Path]], Path]


@pytest.fixture(scope="session")
def digitise(tmp_path_factory: pytest.TempPathFactory) -> Digitise:
    """Runs the command over files or folders and gives the output folder."""

    def run(paths: Sequence[Path]) -> Path:
        out = tmp_path_factory.mktemp("out")
        command = [sys.executable, "-m", "extract", "run", *map(str, paths), "-o", str(out), "--jobs", "2"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        assert done.returncode in DONE, f"exit {done.returncode}: {done.stderr[-3000:]}"
        return out

    return run
