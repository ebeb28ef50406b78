"""The two kinds of output folder: each file in them is whole or absent."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from extract.storage import object_store
from extract.storage.file_version import stamp
from extract.storage.location import Location, Url
from extract.storage.temp_files import scratch_file

REPORTS = ("report.json", "report.html")
"""What a run leaves at its end."""

OF_THE_NAME = frozenset(
    {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP}
)
"""What a disk says to a path that it does not take: too long, characters it knows not, a file where a folder is."""


class Folder(Protocol):
    """Files by their paths below a root; every method raises OSError when it cannot be done."""

    def prepare(self) -> None:
        """Make it fit to be written to, and clear what an interrupted run left unfinished."""

    def has(self, path: str) -> bool:
        """Whether there is a file."""

    def below(self, folder: str, suffix: str) -> Iterator[str]:
        """The paths of the files below a folder whose names end with a suffix, folder by folder, by name."""

    def open(self, path: str) -> IO[bytes]:
        """A file for reading."""

    def write(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all."""

    def remove(self, path: str) -> None:
        """Remove a file, if there is one."""

    def writing(self, path: str) -> Any:
        """A text file that takes its place when the block ends well, and not otherwise."""


@dataclass(frozen=True)
class LocalFolder:
    """A folder on a disk of this machine.

    Unfinished files live in a folder of their own on the same file system, so that nothing half written is ever seen
    in its place, whatever kills the process.
    """

    root: Path
    unfinished: Path

    def prepare(self) -> None:
        """Make the folders and remove unfinished files; nothing may be where the reports will go but files."""
        self.unfinished.mkdir(parents=True, exist_ok=True)
        for leftover in self.unfinished.iterdir():
            leftover.unlink()
        (self.root / "records").mkdir(exist_ok=True)
        for report in REPORTS:
            if (self.root / report).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self.root / report))

    def has(self, path: str) -> bool:
        """Whether there is a file."""
        try:
            return (self.root / path).is_file()
        except OSError as error:
            if error.errno in OF_THE_NAME:
                return False
            raise

    def below(self, folder: str, suffix: str) -> Iterator[str]:
        """The paths of the files below a folder whose names end with a suffix, folder by folder, by name."""
        with os.scandir(self.root / folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self.below(f"{folder}/{entry.name}", suffix)
            elif entry.name.endswith(suffix):
                yield f"{folder}/{entry.name}"

    def open(self, path: str) -> IO[bytes]:
        """A file for reading."""
        return (self.root / path).open("rb")

    def write(self, path: str, content: bytes) -> None:
        """Write a file by moving it into place."""
        with self._placing(path, "wb") as file:
            file.write(content)

    def remove(self, path: str) -> None:
        """Remove a file, if there is one."""
        (self.root / path).unlink(missing_ok=True)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[str]]:
        """A text file that is moved into place when the block ends well."""
        with self._placing(path, "w", encoding="utf-8", newline="\n") as file:
            yield file

    @contextmanager
    def _placing(self, path: str, mode: str, **how: str) -> Iterator[IO[Any]]:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.unfinished.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=self.unfinished)
        try:
            with os.fdopen(descriptor, mode, **how) as file:  # type: ignore[call-overload]
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).chmod(0o666 & ~_umask())
            put_in_place(Path(unfinished), target)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


@dataclass(frozen=True)
class RemoteFolder:
    """A folder of objects: a store shows an object when all of it is there, so that there is nothing to move."""

    root: Url

    def prepare(self) -> None:
        """Object stores have no folders to make."""

    def has(self, path: str) -> bool:
        """Whether there is an object."""
        return object_store.exists(self.root / path)

    def below(self, folder: str, suffix: str) -> Iterator[str]:
        """The paths of the objects below a folder whose names end with a suffix, folder by folder, by name."""
        for entry in object_store.listing(self.root / folder):
            if entry.is_folder:
                yield from self.below(f"{folder}/{entry.name}", suffix)
            elif entry.name.endswith(suffix):
                yield f"{folder}/{entry.name}"

    def open(self, path: str) -> IO[bytes]:
        """An object for reading, in pieces."""
        return object_store.reading(self.root / path)

    def write(self, path: str, content: bytes) -> None:
        """Put an object."""
        object_store.write(self.root / path, content)

    def remove(self, path: str) -> None:
        """Remove an object, if there is one."""
        object_store.remove(self.root / path)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[str]]:
        """A text file that is uploaded when the block ends well."""
        with scratch_file() as scratch:
            with scratch.open("w", encoding="utf-8", newline="\n") as file:
                yield file
            object_store.upload(self.root / path, scratch)


def folder(root: Location, unfinished: Path) -> Folder:
    """The folder at a place."""
    return RemoteFolder(root) if isinstance(root, Url) else LocalFolder(root, unfinished)


def exists(location: Location) -> bool:
    """Whether there is a file, or an object, at a location."""
    return object_store.exists(location) if isinstance(location, Url) else stamp(location) is not None


def put_in_place(file: Path, target: Path) -> None:
    """Rename a file that is on the disk, and put the new name on the disk, too: a power cut loses neither.

    See man 2 fsync, which asks for the folder's own; what is no file system of a disk may not know it.
    """
    file.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(folder)


def _umask() -> int:
    """The process's mask; reading it means setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
