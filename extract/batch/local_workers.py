"""Workers as processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait

from extract.batch.worker import Gone, Job, Setup, Word, serve, surroundings
from extract.errors import EngineError


class Processes:
    """Up to `size` processes, started by spawn: the networks' threads do not survive a fork."""

    def __init__(self, setup: Setup, size: int) -> None:
        self._setup = setup
        self.size = size
        self._workers: list[_Process] = []

    def start(self) -> _Process:
        """A new process."""
        self._workers = [worker for worker in self._workers if not worker.connection.closed]
        self._workers.append(_Process(self._setup))
        return self._workers[-1]

    def listen(self, seconds: float) -> Sequence[tuple[_Process, Word]]:
        """One word of each process that says something or has died."""
        workers = [worker for worker in self._workers if not worker.connection.closed]
        ready = set(wait([worker.connection for worker in workers], seconds))
        return [(worker, worker.hear()) for worker in workers if worker.connection in ready]

    def late(self) -> EngineError:
        """No process has loaded its engine."""
        return EngineError("the engine does not load; .zhibiao/workers.log in the output folder may say why")

    def close(self) -> None:
        """Nothing is held but the processes."""


class _Process:
    """A process and the way to it."""

    def __init__(self, setup: Setup) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        os.environ.update(surroundings(setup.threads))
        self._process = context.Process(target=serve, args=(theirs, setup), daemon=True, name="zhibiao-worker")
        self._process.start()
        theirs.close()

    def give(self, job: Job) -> None:
        """Send a job."""
        try:
            self.connection.send(job)
        except OSError:
            return  # it died while idle: the next word from it is the end of the connection

    def hear(self) -> Word:
        """The word that is there."""
        try:
            word: Word = self.connection.recv()
        except (EOFError, OSError):
            return Gone(".zhibiao/workers.log in the output folder says why")
        return word

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self._process.kill()
        self._process.join()
        self.connection.close()
