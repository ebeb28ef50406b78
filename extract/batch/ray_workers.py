"""Workers as actors of Ray, on every node of a cluster."""

from __future__ import annotations

import os
import pickle
import secrets
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from types import ModuleType
from typing import TYPE_CHECKING, Any

import extract
from extract.batch.ray_cluster import Cluster, RayConnection
from extract.batch.worker import (
    Job,
    Ready,
    Setup,
    WorkerGone,
    WorkerMessage,
    read_file,
    redirect,
    restrain,
    worker_environment,
)
from extract.errors import EngineError, MissingFile, OutputError, ZhibiaoError
from extract.ocr.engines.weights import MODELS_VARIABLE
from extract.records.outcomes import BUG, Entry
from extract.storage.location import Url
from extract.storage.output_dir import STATE, OutputDir

if TYPE_CHECKING:
    from extract.pipeline import Pipeline

LOOK_SECONDS = 5.0
"""Between two looks at whether the cluster is there, and how many cores it has."""

MARK = f"{STATE}/run"
"""A file that says which run the output folder belongs to, so that every node can tell that it sees that folder."""


@dataclass(frozen=True, slots=True)
class ActorSetup:
    """What an actor is made of; `setup` is pickled, so that the version can be compared before it is opened."""

    version: str
    identity: str
    mark: str
    setup: bytes
    log: Path | None


class ReadingActor:
    """An actor: it holds the pipeline and reads one file at a time."""

    _pipeline: Pipeline
    _store: OutputDir
    _setup: Setup
    _has_log: bool

    def load(self, parcel: ActorSetup) -> tuple[str, WorkerMessage]:
        """Build the engine; answers with the node's id and whether the node is fit."""
        import ray

        try:
            self._load(parcel)
            word: WorkerMessage = Ready()
        except ZhibiaoError as error:
            word = error
        return ray.get_runtime_context().get_node_id(), word

    def read(self, job: Job) -> WorkerMessage:
        """What became of a file; an error means that no further one can be read."""
        try:
            entry = read_file(self._pipeline, self._store, job, self._setup.max_megabytes)
            return entry if self._has_log else blaming_rays_log(entry)
        except (EngineError, OutputError) as error:
            return error

    def _load(self, parcel: ActorSetup) -> None:
        self._setup = unpack(parcel)
        self._store = OutputDir(self._setup.output)
        restrain(self._setup)
        self._has_log = parcel.log is not None
        if parcel.log is not None:
            redirect(parcel.log)
        self._pipeline = self._setup.session.pipeline(self._setup.threads)


def pack(setup: Setup, log: Path | None) -> ActorSetup:
    """A parcel for any node: the forms go with the session, what is compared does not."""
    session = replace(setup.session)
    _ = session.forms
    pickled = pickle.dumps(replace(setup, session=session))
    return ActorSetup(extract.__version__, setup.session.identity, secrets.token_hex(8), pickled, log)


def unpack(parcel: ActorSetup) -> Setup:
    """The setup in a parcel, on a node that sees and reads what the driver does. Raises EngineError and OutputError."""
    here = f"node {socket.gethostname()}"
    if parcel.version != extract.__version__:
        raise _unfit(f"{here} has zhibiao {extract.__version__}, this machine {parcel.version}")
    setup: Setup = pickle.loads(parcel.setup)
    if OutputDir(setup.output).read(MARK) != parcel.mark.encode():
        failure = OutputError(f"{here} does not see the output folder {setup.output} of this run")
        failure.remedy = "Share the folder with every node under the same path, or write to s3://."
        raise failure
    if setup.session.identity != parcel.identity:
        raise _unfit(f"{here} would read otherwise than this machine: it has other weights or libraries")
    return setup


class RayWorkers:
    """As many actors as the cluster has cores (or `jobs`), each with a core, on all nodes; it follows their number."""

    tells_pages = False

    def __init__(self, setup: Setup, cluster: Cluster, jobs: int | None) -> None:
        self._jobs = jobs
        self._store = OutputDir(setup.output)
        self._connection = RayConnection(cluster, jobs, _environment(setup.threads))
        self._ray = self._connection.ray
        self._reader = self._ray.remote(ReadingActor).options(num_cpus=1, scheduling_strategy="SPREAD")
        self._parcel = pack(setup, self._store.log if self._connection.own else None)
        self._parcel_there: Any = None
        self._heard: SimpleQueue[tuple[_Actor, Future[Any]]] = SimpleQueue()
        self._cores = self._count()
        self._next_look = time.monotonic() + LOOK_SECONDS

    @property
    def size(self) -> int:
        """The cluster's cores as of a moment ago; never none, so that a cluster without any is noticed."""
        return max(1, min(self._cores, self._jobs or self._cores))

    def start(self) -> _Actor:
        """A new actor, wherever there is a core."""
        if self._parcel_there is None:
            self._store.write_text(MARK, self._parcel.mark)
            self._parcel_there = self._ray.put(self._parcel)
        return _Actor(self._ray, self._reader.remote(), self._parcel_there, self._nodes(), self._heard)

    def poll(self, seconds: float) -> Sequence[tuple[_Actor, WorkerMessage]]:
        """What actors have answered, or how they died. Raises EngineError when the cluster's head is gone."""
        if time.monotonic() >= self._next_look and self._connection.answers():
            self._cores = self._count()
            self._next_look = time.monotonic() + LOOK_SECONDS
        heard = []
        try:
            heard.append(self._heard.get(timeout=seconds) if seconds else self._heard.get_nowait())
            while True:
                heard.append(self._heard.get_nowait())
        except Empty:
            return [(actor, self._word(actor, future)) for actor, future in heard if not actor.ended]

    def start_failure(self) -> EngineError:
        """No actor has found a core and loaded its engine."""
        free = self._ray.available_resources().get("CPU", 0)
        all_of_them = self._ray.cluster_resources().get("CPU", 0)
        failure = EngineError(f"no actor became ready; {free:g} of the cluster's {all_of_them:g} cores are free")
        failure.remedy = "Wait until the cluster has a free core, or add a node."
        return failure

    def close(self) -> None:
        """Leave the cluster; one of the run's own ends."""
        self._connection.close()

    def _count(self) -> int:
        return int(self._ray.cluster_resources().get("CPU", 0))

    def _nodes(self) -> frozenset[str]:
        return frozenset(node["NodeID"] for node in self._ray.nodes() if node["Alive"])

    def _word(self, actor: _Actor, future: Future[Any]) -> WorkerMessage:
        error = future.exception()
        if error is not None:
            return self._death(actor, error)
        word: WorkerMessage
        if actor.ready:
            word = future.result()
            return word if actor.job is None else _seen(word, actor.job)
        node, word = future.result()
        if isinstance(word, Ready):
            actor.ready, actor.nodes = True, frozenset((node,))
        return word

    def _death(self, actor: _Actor, error: BaseException) -> WorkerMessage:
        """A node that is gone, or cannot be reached, takes its actors along."""
        exceptions = self._ray.exceptions
        failed = isinstance(error, exceptions.RayTaskError) or getattr(error, "actor_init_failed", False)
        if failed and not actor.ready:
            return _unfit(f"zhibiao does not start on a node: {str(error).strip().splitlines()[-1]}")
        unreachable = isinstance(error, exceptions.ActorUnavailableError) or getattr(error, "preempted", False)
        lost = unreachable or not self._connection.answers() or not actor.nodes <= self._nodes()
        return WorkerGone(f"the logs of Ray on its node say why ({str(error).strip().splitlines()[0]})", lost)


class _Actor:
    """The way to an actor; `nodes` holds its node, or all there were while it has none."""

    def __init__(
        self,
        ray: ModuleType,
        handle: Any,
        parcel: Any,
        nodes: frozenset[str],
        heard: SimpleQueue[tuple[_Actor, Future[Any]]],
    ) -> None:
        self._ray = ray
        self._handle = handle
        self._heard = heard
        self.nodes = nodes
        self.job: Job | None = None
        self.ready = False
        self.ended = False
        self._expect(handle.load.remote(parcel))

    def send(self, job: Job) -> None:
        """Send a job."""
        self.job = job
        self._expect(self._handle.read.remote(job))

    def end(self) -> None:
        """Kill the actor; its core is free for another."""
        self.ended = True
        self._ray.kill(self._handle)

    def _expect(self, answer: Any) -> None:
        answer.future().add_done_callback(lambda future: self._heard.put((self, future)))


def _seen(word: WorkerMessage, job: Job) -> WorkerMessage:
    """An error instead of the entry of a file that is there, and not for the node."""
    if not isinstance(word, Entry) or word.code != MissingFile.code or isinstance(job.place, Url):
        return word
    if not job.place.is_file():
        return word
    failure = EngineError(f"a node of the cluster does not see {job.place}")
    failure.remedy = "Share the folder with every node under the same path, or name an s3:// URL."
    return failure


def blaming_rays_log(entry: Entry) -> Entry:
    """An entry of a node whose processes write to Ray's log there, not to the run's."""
    if entry.code != BUG:
        return entry
    where = f"Ray's log of the actor on node {socket.gethostname()}"
    return replace(entry, remedy=f"This is a fault of the program; {where} has the details.")


def _unfit(message: str) -> EngineError:
    failure = EngineError(message)
    failure.remedy = "Install the same zhibiao[ray], libraries and weights on every node of the cluster."
    return failure


def _environment(threads: int) -> Mapping[str, str]:
    """What the actors' processes are started with: variables that libraries read when they are loaded."""
    models = {MODELS_VARIABLE: os.environ[MODELS_VARIABLE]} if MODELS_VARIABLE in os.environ else {}
    return {**worker_environment(threads), **models}
