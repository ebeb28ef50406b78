"""The output folder, on a disk or behind a URL: records and the report, each file whole or absent."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from extract.errors import BadName, OutputError
from extract.model import Record
from extract.records.decode import RECORDS
from extract.records.encode import dumps, plain
from extract.storage.backends import OF_THE_NAME, folder
from extract.storage.location import Location

STATE = ".zhibiao"
"""Folder of the ledger, the worker log and unfinished files; safe to delete, then everything is read anew."""

LEDGER = f"{STATE}/ledger.sqlite"
"""Where the ledger is below the root; behind a URL it is a copy of the one in the local state."""

LOG = f"{STATE}/workers.log"
"""Where the workers' log is below the root; behind a URL it is put there when a run ends."""

LINES = f"{STATE}/lines"
"""Where what was read of each scan's pages is below the root."""

MAX_NAME_BYTES = 255
"""Longest file name of ext4, XFS, Btrfs, NTFS and APFS."""

MAX_PATH_BYTES = 800
"""Longest path of a record below the root: keys of S3 have at most 1024 bytes, paths of Linux 4096."""

_TAIL_BYTES = 40
"""Room for a name's hash, the record's number and `.json`."""


class Written(NamedTuple):
    """A record file: its path below the output folder, and the SHA-256 of its content."""

    path: str
    sha256: str


class OutputDir:
    """An output folder.

    What cannot be behind a URL, the ledger that is written to and the workers' log, is in `state`: a folder of this
    machine. All methods raise OutputError when they cannot do their work.
    """

    def __init__(self, root: Location) -> None:
        self.root = root
        self.state = root / STATE if isinstance(root, Path) else _state_of(str(root))
        self._folder = folder(root, self.state / "unfinished")

    @property
    def ledger(self) -> Path:
        """The file that remembers what was read from what."""
        return self.state / "ledger.sqlite"

    @property
    def log(self) -> Path:
        """Where the workers' decoders and networks chatter."""
        return self.state / "workers.log"

    def prepare(self) -> None:
        """Make the folders and clear what an interrupted run left unfinished."""
        with _as_output_error(self.root):
            self.state.mkdir(parents=True, exist_ok=True)
            self._folder.prepare()
            self.log.write_bytes(b"")

    def write_records(self, name: str, records: Iterable[Record]) -> tuple[Written, ...]:
        """Write the records of one scan and remove those it no longer gives.

        Raises BadName where the disk takes others, but not theirs.
        """
        written = []
        for number, record in enumerate(records, start=1):
            path = record_path(name, number)
            content = dumps(plain(record)).encode()
            with _as_output_error(self.root, path), _as_bad_name(path):
                self._folder.write(path, content)
            written.append(Written(path, hashlib.sha256(content).hexdigest()))
        self._remove_from(name, len(written) + 1)
        return tuple(written)

    def write_text(self, path: str, text: str) -> None:
        """Write one file below the root, whole or not at all."""
        self._write(path, text.encode())

    def write_picture(self, name: str, content: bytes | None) -> None:
        """Write the thumbnail of a scan, or remove it."""
        self._write_or_remove(_picture_path(name), content)

    def picture(self, name: str) -> bytes | None:
        """The thumbnail of a scan, if it has one."""
        return self.read(_picture_path(name))

    def write_lines(self, name: str, content: bytes | None) -> None:
        """Write what was read of a scan's pages, or remove it."""
        self._write_or_remove(lines_path(name), content)

    def remove_scan(self, name: str) -> None:
        """Remove all that was written of a scan."""
        self._remove_from(name, 1)
        self.write_picture(name, None)
        self.write_lines(name, None)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[str]]:
        """A text file that takes its place below the root when the block ends well, and not otherwise."""
        with _as_output_error(self.root, path), self._folder.writing(path) as file:
            yield file

    @contextmanager
    def reading(self, path: str) -> Iterator[IO[bytes]]:
        """A file below the root, read in pieces."""
        with _as_output_error(self.root, path), self._folder.open(path) as file:
            yield file

    def read(self, path: str) -> bytes | None:
        """The content of a file below the root; None where it cannot be read."""
        try:
            with self._folder.open(path) as file:
                return file.read()
        except OSError:
            return None

    def has(self, path: str) -> bool:
        """Whether a file stands below the root."""
        with _as_output_error(self.root, path):
            return self._folder.has(path)

    def holds(self, path: str, sha256: str) -> bool:
        """Whether a file stands below the root and has the content with this hash."""
        content = self.read(path)
        return content is not None and hashlib.sha256(content).hexdigest() == sha256

    def records(self) -> Iterator[str]:
        """The paths of the record files below the root, folder by folder, by name."""
        with _as_output_error(self.root):
            yield from self._folder.below(RECORDS, ".json")

    def free_megabytes(self) -> int:
        """Space left on the file system that holds the folder (or would hold it); behind a URL, that of the state."""
        nearest = (self.root if isinstance(self.root, Path) else self.state).absolute()
        while not nearest.exists():
            nearest = nearest.parent
        return shutil.disk_usage(nearest).free // 1_000_000

    def _write(self, path: str, content: bytes) -> None:
        with _as_output_error(self.root, path):
            self._folder.write(path, content)

    def _write_or_remove(self, path: str, content: bytes | None) -> None:
        if content is not None:
            self._write(path, content)
        else:
            with _as_output_error(self.root, path):
                self._folder.remove(path)

    def _remove_from(self, name: str, number: int) -> None:
        """Remove records from a number on; the last one first, so that being killed leaves no gap to stop at."""
        stale = []
        with _as_output_error(self.root):
            while self._folder.has(path := record_path(name, number)):
                stale.append(path)
                number += 1
            for path in reversed(stale):
                self._folder.remove(path)


def record_path(name: str, number: int) -> str:
    """Where the n-th record (from 1) of a scan goes, below the output folder; `name` uses forward slashes.

    A name too long for a file system is cut and keeps its hash; so are the folders of a path that is too long.
    Raises OutputError for a name that would leave the folder.
    """
    parts = name.split("/")
    if not name or name.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        raise OutputError(f"{name!r} is not a name below a folder")
    last = f"{_shortened(parts[-1], MAX_NAME_BYTES - _TAIL_BYTES)}.{number}.json"
    folders = ["records", *(_shortened(part, MAX_NAME_BYTES) for part in parts[:-1])]
    if len("/".join((*folders, last)).encode()) > MAX_PATH_BYTES:
        folders = _fewer(folders, MAX_PATH_BYTES - MAX_NAME_BYTES)
    return "/".join((*folders, last))


def _fewer(folders: list[str], most: int) -> list[str]:
    """As many folders as have at most so many bytes, and one that stands for all of them."""
    stand_in = f"~{_hashed('/'.join(folders))}"
    kept = folders
    while len("/".join((*kept, stand_in)).encode()) >= most:
        kept = kept[:-1]
    return [*kept, stand_in]


def _shortened(name: str, most: int) -> str:
    """A name of at most so many bytes; keys of objects have longer ones than files."""
    raw = name.encode()
    if len(raw) <= most:
        return name
    return f"{raw[: most - 9].decode(errors='ignore')}~{hashlib.sha256(raw).hexdigest()[:8]}"


def lines_path(name: str) -> str:
    """Where what was read of a scan's pages lies below the output folder."""
    return f"{LINES}/{_hashed(name)}.json.gz"


def _picture_path(name: str) -> str:
    return f"{STATE}/thumbnails/{_hashed(name)}.jpg"


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _state_of(url: str) -> Path:
    """This machine's folder for an output folder behind a URL (XDG Base Directory Specification: user cache)."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return cache / "zhibiao" / "outputs" / hashlib.sha256(url.encode()).hexdigest()[:32]


def cannot_write(where: object, error: OSError) -> OutputError:
    """What the system's error says of a place that is written to, and what to do about it."""
    failure = OutputError(f"cannot write {where}: {error.strerror or error}")
    failure.remedy = _REMEDIES.get(error.errno or 0, OutputError.remedy)
    return failure


_RIGHTS = "Ask for the right to write there, or choose another folder with -o."
_IN_THE_WAY = "Something else has that name: move it away, or choose another folder with -o."
_REMEDIES = {
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.EEXIST: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.ENOENT: "Something removed the folder; run again, or choose another folder with -o.",
    errno.ENAMETOOLONG: "Choose a folder with a shorter path with -o.",
    errno.ELOOP: "Links lead in a circle; choose another folder with -o.",
    errno.EMFILE: "Raise the number of files that a process may have open (ulimit -n), then run again.",
    errno.EIO: "Check the disk or its connection, then run again.",
    errno.ESTALE: "Check the disk or its connection, then run again.",
}


@contextmanager
def _as_output_error(root: Location, path: str = "") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(root / path if path else error.filename or root, error) from error


@contextmanager
def _as_bad_name(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in OF_THE_NAME:
            raise
        raise BadName(f"The record cannot be written as {path}: {error.strerror or error}.") from error
