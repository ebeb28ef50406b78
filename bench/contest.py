"""Readers side by side on the same pages, in turn, so that what else the machine does hits all alike."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.process import memory_mb
from bench.sets import ROOT

PEERS = ROOT / "bench" / "out" / "peers" / "bin" / "python"
"""The interpreter of the peers whose dependencies are not ours: `make bench-peers`."""

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

OURS, BARE, SMALL = "zhibiao", "bare", "bare-small"
HERE = (OURS, BARE, SMALL, "paddleocr")
THERE = ("faster-paddle", "rapidocr", "img2table")


@dataclass(frozen=True)
class Answer:
    """What one reader needed for one page in one round; `told` is what it says itself."""

    reader: str
    round: int
    path: Path
    seconds: float
    cpu: float
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Contest:
    """All answers, and by reader what it is, the seconds until it could read, and the most memory it held, in MiB."""

    titles: Mapping[str, str]
    answers: tuple[Answer, ...]
    start_seconds: Mapping[str, float]
    peak_mb: Mapping[str, float]

    def of(self, reader: str) -> tuple[Answer, ...]:
        """The answers of one reader."""
        return tuple(answer for answer in self.answers if answer.reader == reader)


class Process:
    """A reader in a process of its own, with a number of threads and as many cores."""

    def __init__(self, name: str, threads: int, folder: Path) -> None:
        self.name = name
        python = str(PEERS) if name in THERE else sys.executable
        env = dict.fromkeys(THREAD_VARIABLES, str(threads)) | {"PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK": "True"}
        start = time.monotonic()
        with (folder / f"{name}.log").open("w") as log:
            self._process = subprocess.Popen(
                [python, "-m", "bench.readers", name, str(threads), str(folder)],
                cwd=ROOT, env=dict(os.environ) | env, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        self.title = str(self._hear()["title"])
        self.start_seconds = time.monotonic() - start

    def ask(self, path: Path, number: int) -> Answer:
        """Let it read a page."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        told = self._hear()
        return Answer(self.name, number, path, told.pop("seconds"), told.pop("cpu"), told)

    def _hear(self) -> dict[str, Any]:
        """Its next answer. Raises RuntimeError when it ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the reader {self.name} ended, code {self._process.wait()}; its .log says why")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def peak_mb(self) -> float:
        """The most memory it held so far, in MiB."""
        return memory_mb(self._process.pid, "VmHWM")

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def _started(name: str, threads: int, folder: Path) -> Iterator[Process]:
    process = Process(name, threads, folder)
    try:
        yield process
    finally:
        process.end()


def available() -> tuple[str, ...]:
    """The readers that can run on this machine."""
    return (*HERE, *(THERE if PEERS.is_file() else ()))


def hold(readers: Sequence[str], pages: Sequence[Path], threads: int, rounds: int, folder: Path) -> Contest:
    """Let readers read all pages, one after the other, in several rounds, after one that does not count.

    Ours goes first: in the round that does not count it records what its networks are fed, for the bare ones.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    answers: list[Answer] = []
    with ExitStack() as stack:
        processes = []
        for name in readers:
            process = stack.enter_context(_started(name, threads, folder))
            for path in pages if name == OURS else pages[:1]:
                process.ask(path, 0)
            processes.append(process)
        for number in range(1, rounds + 1):
            print(f"{threads} thread(s): round {number} of {rounds}", file=sys.stderr, flush=True)
            for path in pages:
                answers += [process.ask(path, number) for process in processes]
        titles = {process.name: process.title for process in processes}
        starts = {process.name: process.start_seconds for process in processes}
        peaks = {process.name: process.peak_mb for process in processes}
        for feed in folder.rglob("*.npz"):
            feed.unlink()
    return Contest(titles, tuple(answers), starts, peaks)
