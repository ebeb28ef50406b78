"""Workers as processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait

from extract.batch.worker import Job, Setup, WorkerGone, WorkerMessage, serve, worker_environment
from extract.errors import EngineError


class LocalWorkers:
    """Up to `size` processes, started by spawn: the networks' threads do not survive a fork."""

    tells_pages = True

    def __init__(self, setup: Setup, size: int) -> None:
        self._setup = setup
        self.size = size
        self._workers: list[_Process] = []

    def start(self) -> _Process:
        """A new process."""
        self._workers = [worker for worker in self._workers if not worker.connection.closed]
        self._workers.append(_Process(self._setup))
        return self._workers[-1]

    def poll(self, seconds: float) -> Sequence[tuple[_Process, WorkerMessage]]:
        """One word of each process that says something or has died."""
        workers = [worker for worker in self._workers if not worker.connection.closed]
        ready = set(wait([worker.connection for worker in workers], seconds))
        return [(worker, worker.receive()) for worker in workers if worker.connection in ready]

    def start_failure(self) -> EngineError:
        """No process has loaded its engine."""
        return EngineError("the engine does not load; .zhibiao/workers.log in the output folder may say why")

    def close(self) -> None:
        """Nothing is held but the processes."""


class _Process:
    """A process and this end of the pipe to it."""

    def __init__(self, setup: Setup) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, setup), daemon=True, name="zhibiao-worker")
        with _environment(worker_environment(setup.threads)):
            self._process.start()
        theirs.close()

    @property
    def process_id(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def send(self, job: Job) -> None:
        """Send a job."""
        try:
            self.connection.send(job)
        except OSError:
            return  # it died while idle: the next word from it is the end of the connection

    def receive(self) -> WorkerMessage:
        """The word that is there."""
        try:
            word: WorkerMessage = self.connection.recv()
        except (EOFError, OSError):
            return WorkerGone(".zhibiao/workers.log in the output folder says why")
        return word

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self._process.kill()
        self._process.join()
        self.connection.close()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for the processes that the block starts, and leave this process's own as they were.

    `multiprocessing` hands its own environment on and takes no other (CPython, popen_spawn_posix.py).
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
