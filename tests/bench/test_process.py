from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.process import run_watched

GREEDY = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {!r}]))"
CHILD = "import time; print('here'); x = b'x' * 120_000_000; time.sleep(1.0); raise SystemExit(3)"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_of_child_processes_is_seen(tmp_path: Path) -> None:
    log = tmp_path / "log"
    usage = run_watched([sys.executable, "-c", GREEDY.format(CHILD)], log)
    assert usage.code == 3
    assert usage.seconds > 1.0
    assert usage.peak_mb is not None
    assert 115 < usage.peak_mb < 250
    assert log.read_text() == "here\n"
