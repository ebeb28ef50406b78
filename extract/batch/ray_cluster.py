"""The way to a cluster of Ray: one that is there, or one of a run's own."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from extract.errors import EngineError, UsageError

CONNECT_SECONDS = 5.0
"""How long a cluster may take to answer the first call."""

SILENT_SECONDS = 30.0
"""How long a cluster may be silent in the middle of a run; after 60, Ray ends this process without a word of ours."""

OBJECT_STORE_BYTES = 80 * 2**20
"""Shared memory of a cluster of one's own: Ray takes no less than 75 MiB, and jobs and entries are small."""

_LOOPBACK = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Despite its name, what keeps Ray's servers on the loopback interface when it is 0 (Ray 2.60, get_node_ip_address)."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of Ray: `address` is `HOST:PORT` or `auto`; None means one on this machine that ends with the run."""

    address: str | None = None


class RayConnection:
    """This process as a driver of the cluster; there is one cluster in the life of a process.

    Raises EngineError when Ray is not installed or the cluster does not answer, UsageError for what is no address.
    """

    def __init__(self, cluster: Cluster, cores: int | None, environment: Mapping[str, str]) -> None:
        self.own = cluster.address is None
        self._folder: str | None = None
        runtime = {"env_vars": dict(environment)}
        if cluster.address is None:
            self._start(cores, runtime)
        else:
            self._join(cluster.address, runtime)
        self._head: str = self.ray.get_runtime_context().gcs_address
        self._heard = time.monotonic()

    def _join(self, address: str, runtime: Mapping[str, object]) -> None:
        _call(address)
        self.ray = _import(loopback=_host(address) in {"localhost", "127.0.0.1", "::1"})
        with _said(f"the Ray cluster at {address} cannot be joined", self.ray), _handlers_kept():
            self.ray.init(address, log_to_driver=False, logging_level=logging.ERROR, runtime_env=runtime)

    def _start(self, cores: int | None, runtime: Mapping[str, object]) -> None:
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # not in a file of the user's
        self.ray = _import(loopback=True)
        self._folder = tempfile.mkdtemp(prefix="zhibiao-")
        try:
            with _said("Ray does not start on this machine", self.ray), _handlers_kept():
                self.ray.init(
                    "local",
                    num_cpus=cores,
                    include_dashboard=False,
                    log_to_driver=False,
                    logging_level=logging.ERROR,
                    object_store_memory=OBJECT_STORE_BYTES,
                    runtime_env=runtime,
                    _temp_dir=self._folder,
                )
        except BaseException:
            self.close()
            raise

    def answers(self) -> bool:
        """Whether the cluster's head takes a call. Raises EngineError when it has been silent for too long."""
        now = time.monotonic()
        try:
            _reach(self._head)
        except OSError as error:
            if now - self._heard > SILENT_SECONDS:
                raise _silent(f"the head of the Ray cluster at {self._head} is gone: {error}") from error
            return False
        self._heard = now
        return True

    def close(self) -> None:
        """Leave the cluster; one of one's own ends, with all of its processes and files."""
        self.ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _import(loopback: bool) -> ModuleType:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_DEDUP_LOGS_SKIP_REGEX"] = "."  # else the cluster's troubles go to standard output
    if loopback:
        os.environ[_LOOPBACK] = "0"
    try:
        import ray
    except ImportError as error:
        failure = EngineError(f"Ray cannot be loaded: {error}")
        failure.remedy = "Install it with: pip install 'zhibiao[ray]'"
        raise failure from error
    return ray


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")


def _call(address: str) -> None:
    """Make sure that somebody listens: Ray itself takes minutes to notice that nobody does."""
    if address == "auto":
        return
    port = address.rpartition(":")[2]
    if "://" in address or not _host(address) or not port.isdecimal():
        raise UsageError(f"--address takes HOST:PORT or auto, not {address}")
    try:
        _reach(address)
    except (OSError, OverflowError) as error:
        raise _silent(f"no Ray cluster answers at {address}: {error}") from error


def _reach(address: str) -> None:
    socket.create_connection((_host(address), int(address.rpartition(":")[2])), CONNECT_SECONDS).close()


@contextmanager
def _said(what: str, ray: ModuleType) -> Iterator[None]:
    """Ray's complaints as ours."""
    try:
        yield
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise _silent(f"{what}: {str(error).strip()}") from error


def _silent(message: str) -> EngineError:
    failure = EngineError(message)
    failure.remedy = "Start it with `ray start`, on this machine as well, with the same versions of Ray and Python."
    return failure


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray takes the request to end (SIGTERM) for itself; it stays with whoever had it."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
