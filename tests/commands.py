"""The command as a user runs it, for tests."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable

ZHIBIAO = [sys.executable, "-m", "extract"]


def zhibiao(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [*ZHIBIAO, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)  # type: ignore[call-overload,no-any-return]


def interruptible() -> None:
    """For a child process: signals are heard, even where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
