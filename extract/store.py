"""The output folder: records and the report, each file whole or absent."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from extract.canonical import dumps, plain
from extract.errors import OutputError
from extract.model import Record

STATE = ".zhibiao"
"""Folder of the ledger, the worker log and unfinished files; safe to delete, then everything is read anew."""

MAX_NAME_BYTES = 255
"""Longest file name of ext4, XFS, Btrfs, NTFS and APFS."""

_TAIL_BYTES = 40
"""Room for a name's hash, the record's number and `.json`."""


class Store:
    """An output folder.

    Unfinished files live in a folder of their own on the same file system, so that nothing half written is ever seen
    among the records, whatever kills the process. All methods raise OutputError when the folder cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def ledger(self) -> Path:
        """The file that remembers what was read from what."""
        return self.root / STATE / "ledger.sqlite"

    @property
    def log(self) -> Path:
        """Where the workers' decoders and networks chatter."""
        return self.root / STATE / "workers.log"

    @property
    def report(self) -> Path:
        """One entry per input file of the last run."""
        return self.root / "report.json"

    @property
    def page(self) -> Path:
        """The last run for the eye."""
        return self.root / "report.html"

    def picture(self, name: str) -> Path:
        """Where the thumbnail of a scan is, if it has one."""
        return self.root / STATE / "thumbnails" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.jpg"

    def prepare(self) -> None:
        """Make the folder and clear what an interrupted run left unfinished."""
        with _as_output_error(self.root):
            self._unfinished.mkdir(parents=True, exist_ok=True)
            for leftover in self._unfinished.iterdir():
                leftover.unlink()
            (self.root / "records").mkdir(exist_ok=True)
            self.log.write_bytes(b"")

    def write_records(self, name: str, records: Iterable[Record]) -> tuple[str, ...]:
        """Write the records of one scan and remove those it no longer gives; returns their paths below the root."""
        written = []
        for number, record in enumerate(records, start=1):
            path = record_path(name, number)
            self.write_text(path, dumps(plain(record)))
            written.append(path)
        self._remove_from(name, len(written) + 1)
        return tuple(written)

    def write_text(self, path: str, text: str) -> None:
        """Write one file below the root, whole or not at all."""
        with self.writing(path) as file:
            file.write(text)

    def write_picture(self, name: str, content: bytes | None) -> None:
        """Write the thumbnail of a scan, or remove it."""
        target = self.picture(name)
        if content is not None:
            with self._placing(target, "wb") as file:
                file.write(content)
        else:
            with _as_output_error(target):
                target.unlink(missing_ok=True)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[str]]:
        """A text file that takes its place below the root when the block ends well, and not otherwise."""
        with self._placing(self.root / path, "w", "utf-8") as file:
            yield file

    @contextmanager
    def _placing(self, target: Path, mode: str, encoding: str | None = None) -> Iterator[IO[Any]]:
        with _as_output_error(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            self._unfinished.mkdir(parents=True, exist_ok=True)
            descriptor, unfinished = tempfile.mkstemp(dir=self._unfinished)
            try:
                with os.fdopen(descriptor, mode, encoding=encoding, newline="\n" if encoding else None) as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                Path(unfinished).chmod(0o666 & ~_umask())
                Path(unfinished).replace(target)
            except BaseException:
                Path(unfinished).unlink(missing_ok=True)
                raise

    def has(self, paths: Iterable[str]) -> bool:
        """Whether all of the files stand below the root."""
        return all((self.root / path).is_file() for path in paths)

    def free_megabytes(self) -> int:
        """Space left on the file system that holds the folder (or would hold it)."""
        folder = self.root.absolute()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free // 1_000_000

    @property
    def _unfinished(self) -> Path:
        return self.root / STATE / "unfinished"

    def _remove_from(self, name: str, number: int) -> None:
        """Remove records from a number on; the last one first, so that being killed leaves no gap to stop at."""
        stale = []
        while (path := self.root / record_path(name, number)).is_file():
            stale.append(path)
            number += 1
        with _as_output_error(self.root):
            for path in reversed(stale):
                path.unlink()


def record_path(name: str, number: int) -> str:
    """Where the n-th record (from 1) of a scan goes, below the output folder; `name` uses forward slashes.

    A name too long for the file system is cut and keeps its hash. Raises OutputError for a name that would leave
    the folder.
    """
    parts = name.split("/")
    if not name or name.startswith("/") or any(part in {"", ".", ".."} for part in parts):
        raise OutputError(f"{name!r} is not a name below a folder")
    return "/".join(("records", *parts[:-1], f"{_shortened(parts[-1])}.{number}.json"))


def _shortened(name: str) -> str:
    raw = name.encode()
    if len(raw) <= MAX_NAME_BYTES - _TAIL_BYTES:
        return name
    kept = raw[: MAX_NAME_BYTES - _TAIL_BYTES - 9].decode(errors="ignore")
    return f"{kept}~{hashlib.sha256(raw).hexdigest()[:8]}"


def _umask() -> int:
    """The process's mask; reading it means setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@contextmanager
def _as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
