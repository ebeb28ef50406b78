"""The process that reads files one after the other; a fault in it costs one file."""

from __future__ import annotations

import ctypes
import faulthandler
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from extract.batch.session import Session
from extract.errors import ChangedFile, EngineError, ExitCode, NotAForm, OutputError, TooLarge, ZhibiaoError
from extract.model import Source
from extract.records import outcomes
from extract.records.outcomes import Entry, Outcome
from extract.records.page_text import ScanLines
from extract.storage.file_version import Stamp, sha256
from extract.storage.location import Location, Url
from extract.storage.output_dir import OutputDir
from extract.storage.temp_files import at_hand

if TYPE_CHECKING:
    from extract.model import Record
    from extract.pipeline import Digitised, Pipeline

_PR_SET_PDEATHSIG = 1
"""From linux/prctl.h: the signal a process gets when its parent ends."""

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT")
"""What the networks' and the matrix library's thread pools read when they are loaded."""


def worker_environment(threads: int) -> dict[str, str]:
    """The environment that a worker must be started in, for libraries look at it when they are loaded.

    With one heap for all threads instead of one for each, a worker of two holds 100 MB less, at the same speed.
    """
    return {**dict.fromkeys(_THREAD_VARIABLES, str(threads)), "MALLOC_ARENA_MAX": "1"}


_OPENCV_NO_MEMORY = -4
"""`cv::Error::StsNoMem` (opencv2/core/base.hpp): the code that OpenCV's one exception bears when it gets no memory."""

_ONNX_NO_MEMORY = ("bad_alloc", "Failed to allocate memory")
"""What ONNX Runtime's exceptions say when it gets no memory; they have neither class nor code for it
(onnxruntime 1.31: core/framework/bfc_arena.cc and the C++ library's own std::bad_alloc)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read.

    `place` is absolute; `name` is its path below the input folder, with forward slashes; `stamp` is from before it was
    hashed.
    """

    place: Location
    name: str
    sha256: str
    stamp: Stamp | None


@dataclass(frozen=True)
class Setup:
    """What a worker needs to know before its first file."""

    session: Session
    output: Location
    threads: int
    max_megabytes: int


class Ready:
    """The worker's first word: its engine can be built and files may come."""


class PageRead:
    """A page of the file is read: the worker goes on, and the next page has its own time."""


@dataclass(frozen=True, slots=True)
class WorkerGone:
    """The last that is heard of a worker; `reason` says where to look, `lost` that its machine went with it."""

    reason: str
    lost: bool = False


WorkerMessage = Ready | PageRead | Entry | ZhibiaoError | WorkerGone
"""What a pool hears from a worker: it is ready, a page or a file is done, no further file can be read, it has died."""


def serve(connection: Connection, setup: Setup) -> None:
    """Read the jobs that come through the connection and answer each with its Entry, until None comes.

    A ZhibiaoError instead of an Entry means that no further file can be read: engine or output folder are at fault.
    """
    store = OutputDir(setup.output)
    _isolate(store.log, setup)
    try:
        pipeline = setup.session.pipeline(setup.threads)
        connection.send(Ready())
        for job in iter(connection.recv, None):
            connection.send(read_file(pipeline, store, job, setup.max_megabytes, lambda: connection.send(PageRead())))
    except (EngineError, OutputError) as error:
        connection.send(error)
    except EOFError:
        pass  # the parent is gone


def read_file(
    pipeline: Pipeline, store: OutputDir, job: Job, max_megabytes: int, on_page: Callable[[], None] | None = None
) -> Entry:
    """Read one file and write its records; `on_page` is called after each page.

    Raises EngineError and OutputError, which concern every file.
    """
    started = time.monotonic()
    try:
        with at_hand(job.place) as path:
            if isinstance(job.place, Url) and sha256(path) != job.sha256:
                raise ChangedFile("Something wrote to the object after it was first looked at.")
            fetching = time.monotonic() - started
            if on_page is not None:
                on_page()  # the file is here: its first page has its own time
            digitised = pipeline.digitise(path, Source(job.name, job.sha256), on_page)
            return _written(pipeline, store, job, path, digitised, fetching)
    except (EngineError, OutputError):
        raise
    except ZhibiaoError as error:
        return outcomes.failed(job.name, error, {"all": time.monotonic() - started})
    except Exception as error:  # the boundary of the batch: a bug of ours costs one file, and says so
        if is_out_of_memory(error):
            return _short_of_memory(job.name, max_megabytes)
        traceback.print_exc()
        return _bug(job.name, error)


def is_out_of_memory(error: Exception) -> bool:
    """Whether an exception of Python, NumPy, OpenCV or ONNX Runtime means that memory ran out.

    The libraries are not imported for it: an exception of theirs is there only when they are.
    """
    if isinstance(error, MemoryError):
        return True
    library = type(error).__module__.partition(".")[0]
    if library == "cv2":
        return getattr(error, "code", None) == _OPENCV_NO_MEMORY
    return library == "onnxruntime" and any(said in str(error) for said in _ONNX_NO_MEMORY)


def _written(
    pipeline: Pipeline, store: OutputDir, job: Job, path: Path, digitised: Digitised, fetching: float
) -> Entry:
    store.write_lines(job.name, ScanLines(job.name, job.sha256, digitised.lines).encode())
    if not digitised.records:
        _picture(pipeline, store, job, path, ())
        raise NotAForm(f"None of the {digitised.pages} page(s) shows the title and labels of a declared form.")
    written = store.write_records(job.name, digitised.records)
    entry = outcomes.completed(
        job.name,
        [outcomes.summarise(*file, record) for file, record in zip(written, digitised.records, strict=True)],
        pages=digitised.pages,
        seconds={**({"fetch": fetching} if isinstance(job.place, Url) else {}), **digitised.seconds},
        warnings=digitised.warnings,
    )
    if entry.outcome is Outcome.OK:
        store.write_picture(job.name, None)
    else:
        _picture(pipeline, store, job, path, digitised.records)
    return entry


def _picture(pipeline: Pipeline, store: OutputDir, job: Job, path: Path, records: Sequence[Record]) -> None:
    from extract.review.thumbnail import thumbnail

    store.write_picture(job.name, thumbnail(path, records, pipeline.settings.load))


def _short_of_memory(name: str, max_megabytes: int) -> Entry:
    return outcomes.failed(name, TooLarge(f"The file needs more than {max_megabytes} MB of memory."))


def _bug(name: str, error: Exception) -> Entry:
    return Entry(
        name,
        Outcome.FAILED,
        code=outcomes.BUG,
        message=f"{type(error).__name__}: {error}",
        remedy="This is a fault of the program; .zhibiao/workers.log in the output folder has the details.",
        exit_code=ExitCode.BUG,
    )


def _isolate(log: Path, setup: Setup) -> None:
    """Let nothing a decoder does reach the terminal, the machine's memory or a life after the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    end_with_parent()
    redirect(log)
    restrain(setup)


def end_with_parent() -> None:
    """Let the system kill this process when the one that started it ends, and end now where that is gone already.

    A parent that ends before the request is made is not noticed by the system (man prctl, PR_SET_PDEATHSIG).
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        sys.exit("the process that started this worker is gone")


def restrain(setup: Setup) -> None:
    """Bound this process's memory and threads."""
    if sys.platform == "linux":
        # RLIMIT_DATA counts what is really allocated; RLIMIT_AS would count mapped weights and thread stacks as well.
        limit = setup.max_megabytes * 1_000_000
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    import cv2

    cv2.setNumThreads(setup.threads)


def redirect(log: Path) -> None:
    """Let this process's chatter, and that of its libraries, go to a file."""
    chatter = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(chatter, 1)
    os.dup2(chatter, 2)
    faulthandler.enable()
