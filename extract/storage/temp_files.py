"""Files of one's own for as long as they are needed: scans fetched from elsewhere, reports on their way there."""

from __future__ import annotations

import atexit
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from extract.errors import InputError, MissingFile, OutputError, StorageError
from extract.storage import object_store
from extract.storage.location import Location

_PREFIX = "zhibiao-scratch-"
_MOST_SUFFIX = 20
"""Characters of a suffix that are kept; a key's last dot may stand anywhere."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def at_hand(place: Location) -> Iterator[Path]:
    """A scan as a file on this machine, fetched if it must be and removed afterwards; it keeps its suffix.

    Raises MissingFile and InputError for what cannot be fetched, StorageError where nothing can be.
    """
    if isinstance(place, Path):
        yield place
        return
    with scratch_file(place.suffix[:_MOST_SUFFIX]) as path:
        try:
            object_store.fetch(place, path)
        except FileNotFoundError as error:
            raise MissingFile("There is no such object, folder or bucket.") from error
        except PermissionError as error:
            raise InputError(f"The object may not be read: {error}") from error
        except OSError as error:
            if error.errno in _FULL:
                raise _no_space(error) from error
            raise InputError(f"The object cannot be read: {error}") from error
        yield path


@contextmanager
def scratch_file(suffix: str = "") -> Iterator[Path]:
    """An empty file that is gone after the block. Raises StorageError where none can be made."""
    try:
        descriptor, name = tempfile.mkstemp(suffix, dir=_folder())
    except OSError as error:
        raise _no_space(error) from error
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def sweep() -> None:
    """Remove the scratch files of processes that are gone, however they ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = _locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


@cache
def _folder() -> Path:
    """This process's folder: locked for as long as it lives, so that no other takes it for a dead one's.

    It gets the name that `sweep` knows only when it is locked.
    """
    sweep()
    made = Path(tempfile.mkdtemp(prefix=".zhibiao-"))
    _locked(made)
    folder = made.rename(made.with_name(_PREFIX + made.name.removeprefix(".zhibiao-")))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _locked(folder: Path) -> int | None:
    """A descriptor that holds a folder of this user; None where another process does."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(descriptor).st_uid == os.getuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
    except BlockingIOError:
        pass
    os.close(descriptor)
    return None


def _no_space(error: OSError) -> OutputError:
    failure = StorageError(f"no scratch file can be written in {tempfile.gettempdir()}: {error.strerror or error}")
    failure.remedy = "Free disk space there, or set TMPDIR to another folder."
    return failure
