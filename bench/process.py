"""Runs a command and watches how long it takes and how much memory its processes hold."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class Usage:
    """How a command went: exit code, seconds, and the most memory one of its processes held, in MiB.

    `peak_mb` is None where the system has no /proc.
    """

    code: int
    seconds: float
    peak_mb: float | None


def run_watched(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Usage:
    """Run a command to its end, both its outputs into a log file."""
    start = time.monotonic()
    peak = 0.0
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, env=env)
        while process.poll() is None:
            peak = max([peak, *(memory_mb(pid, "VmHWM") for pid in family(process.pid))])
            time.sleep(POLL_S)
    return Usage(process.returncode, time.monotonic() - start, peak or None)


def family(root: int) -> list[int]:
    """A process and all that descend from it."""
    found = [root]
    for pid in found:
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in _text(listing).split()]
    return found


def memory_mb(pid: int, kind: str) -> float:
    """Resident memory of a process in MiB, now (VmRSS) or the most it ever held (VmHWM); 0 once it is gone."""
    for line in _text(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, user and system; 0 once it is gone."""
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:  # the process ended between being listed and being read
        return ""
