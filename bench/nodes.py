"""A Ray cluster of several nodes on this machine, each with a raylet of its own, all on the loopback interface."""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}
"""What nodes and drivers are started with: loopback only, and a key that no other user of the machine has."""

OBJECT_STORE_BYTES = 80 * 2**20
WAIT_S = 60.0


class Nodes:
    """A cluster whose head has no cores: files are read on the nodes that are added."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._cluster: Any = Cluster()
        self._cluster.add_node(num_cpus=0, include_dashboard=False, object_store_memory=OBJECT_STORE_BYTES)

    @property
    def address(self) -> str:
        """What a driver joins."""
        return str(self._cluster.address)

    def add(self, **environment: str) -> Node:
        """A node with one core; its actors have the variables."""
        return Node(self._cluster.add_node(num_cpus=1, object_store_memory=OBJECT_STORE_BYTES, env_vars=environment))

    def lose(self, node: Node) -> None:
        """Kill a node with all that runs on it, as if its machine had lost power."""
        for process in node.processes():
            os.kill(process, signal.SIGKILL)
        self._cluster.remove_node(node.handle, allow_graceful=False)

    def close(self) -> None:
        """End all nodes."""
        self._cluster.shutdown()


class Node:
    """A raylet and what it started."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    def processes(self) -> list[int]:
        """The raylet's process and its children."""
        raylet = self.handle.all_processes["raylet"][0].process.pid
        return [raylet, *_children(raylet)]

    def reading(self) -> int | None:
        """The process that reads a file at this moment."""
        return next(
            (process for process in self.processes() if _command(process).startswith("ray::ReadingActor.read")), None
        )

    def wait_for_reading(self) -> int:
        """The process that reads a file, once one does. Raises TimeoutError."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            process = self.reading()
            if process is not None:
                return process
            time.sleep(0.02)
        raise TimeoutError("no file is read on the node")


@contextmanager
def cluster() -> Iterator[Nodes]:
    """A cluster, and the environment in which it can be joined."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="ray") as folder:
        (Path(folder) / "ray").mkdir()
        os.environ.update(ENVIRONMENT, RAY_TMPDIR=folder)
        nodes = Nodes()
        try:
            yield nodes
        finally:
            nodes.close()
            os.environ.clear()
            os.environ.update(before)


def _children(parent: int) -> list[int]:
    listings = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(child) for listing in listings for child in _text(listing).split()]


def _command(process: int) -> str:
    return _text(Path(f"/proc/{process}/cmdline"))


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # the process ended between being listed and being read
        return ""
