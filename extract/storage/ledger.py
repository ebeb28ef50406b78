"""What was read from what: the memory of an output folder, so that unchanged work is skipped."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.errors import ExitCode, OutputError, UsageError
from extract.records.outcomes import Entry, Outcome, RecordSummary
from extract.storage.location import Location, place

MAX_PATH_BYTES = 504
"""Longest path of a SQLite file: 512 bytes (os_unix.c, MAX_PATHNAME), less what is appended for its journal."""

_COLUMNS = {
    "files": {"name", "run", "sha256", "identity", "source", "tag", "exit_code", "entry"},
    "runs": {"run", "id"},
}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, run INTEGER NOT NULL, sha256 TEXT NOT NULL, identity TEXT NOT NULL,
    source TEXT NOT NULL, tag TEXT, exit_code INTEGER NOT NULL, entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_run ON files (run, name);
CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, id TEXT NOT NULL);
CREATE TEMP TABLE seen (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A file as the ledger has it: its content, what it was read with, where it lay, what became of it.

    `tag` is an object's entity tag: while the object has it, its content is what it was.
    """

    sha256: str
    identity: str
    source: Location
    tag: str | None
    entry: Entry


class Ledger:
    """A SQLite file in write-ahead mode: killed at any instant, it holds every row that was added before.

    Records are written before their row, so that a row never speaks of a record that is not there. Raises OutputError
    when the file cannot be written; a damaged one is started anew, which costs time and no record.
    """

    def __init__(self, path: Path) -> None:
        _check_length(path)
        with _as_output_error():
            try:
                self._connection = _open(path)
            except sqlite3.OperationalError:
                raise  # the disk is full or gone: no fault of the file
            except sqlite3.DatabaseError:
                discard(path)
                self._connection = _open(path)
            self._run = self._begin_run()

    def close(self) -> None:
        """Fold the write-ahead file in and let go."""
        self._connection.close()

    def known(self, name: str) -> LedgerRow | None:
        """The last that was heard of a file."""
        return _known(self._connection, name)

    def first_with(self, sha256: str, name: str) -> str:
        """The first file of this run with this content; it is `name` itself when there was none before."""
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (sha256, name))
        found: str = self._connection.execute("SELECT name FROM seen WHERE sha256 = ?", (sha256,)).fetchone()[0]
        return found

    def add(self, known: LedgerRow) -> None:
        """Note what became of a file. Raises OutputError when the disk is full or gone."""
        row = (
            known.entry.path,
            self._run,
            known.sha256,
            known.identity,
            str(known.source).encode(errors="backslashreplace").decode(),
            known.tag,
            int(known.entry.exit_code),
            json.dumps(known.entry.plain(), ensure_ascii=False),
        )
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def copy(self, target: Path) -> None:
        """Write a copy of the present state, one file that needs no other beside it."""
        with _as_output_error(), closing(sqlite3.connect(target)) as copied:
            self._connection.backup(copied)
            copied.execute("PRAGMA journal_mode = DELETE")

    def entries(self) -> Iterator[Entry]:
        """The entries of this run by name, one at a time."""
        rows = self._connection.execute("SELECT entry, exit_code FROM files WHERE run = ? ORDER BY name", (self._run,))
        for text, exit_code in rows:
            yield _entry(json.loads(text), exit_code)

    def _begin_run(self) -> int:
        with self._connection:
            cursor = self._connection.execute("INSERT INTO runs (id) VALUES (?)", (uuid.uuid4().hex,))
        return cursor.lastrowid or 0


def last_run(ledger: Path) -> Iterator[Entry]:
    """The entries of the last run by name, from a ledger that is only looked at; also while that run goes on.

    Raises UsageError when it cannot be read.
    """
    query = "SELECT entry, exit_code FROM files WHERE run = (SELECT max(run) FROM runs) ORDER BY name"
    try:
        with _looked_at(ledger) as connection:
            for text, exit_code in connection.execute(query):
                yield _entry(json.loads(text), exit_code)
    except (sqlite3.DatabaseError, OSError) as error:
        failure = UsageError(f"cannot read {ledger}: {error}")
        failure.remedy = "`zhibiao run` on the same output folder starts it anew."
        raise failure from error


def peek(ledger: Path, name: str) -> LedgerRow | None:
    """The last that was heard of a file, from a ledger that is only looked at; None where none can be read."""
    with looking_up(ledger) as known:
        return known(name)


@contextmanager
def looking_up(ledger: Path | None) -> Iterator[Callable[[str], LedgerRow | None]]:
    """What was last heard of files, by name, from a ledger that is only looked at; nothing where none can be read."""
    with ExitStack() as stack:
        connection: sqlite3.Connection | None = None
        with suppress(sqlite3.DatabaseError, OSError):
            connection = stack.enter_context(_looked_at(ledger)) if ledger is not None and ledger.is_file() else None
        yield lambda name: None if connection is None else _if_readable(connection, name)


def run_ids(ledger: Path) -> list[str]:
    """The runs a ledger has seen, the last one last: a ledger goes on from another when it has seen all its runs."""
    if not ledger.is_file():
        return []
    try:
        with _looked_at(ledger) as connection:
            return [row[0] for row in connection.execute("SELECT id FROM runs ORDER BY run")]
    except (sqlite3.DatabaseError, OSError):
        return []


def discard(ledger: Path) -> None:
    """Remove a ledger with the files that SQLite keeps beside it."""
    for leftover in (ledger, *_beside(ledger)):
        leftover.unlink(missing_ok=True)


def _beside(ledger: Path) -> tuple[Path, Path]:
    return Path(f"{ledger}-wal"), Path(f"{ledger}-shm")


@contextmanager
def _looked_at(ledger: Path) -> Iterator[sqlite3.Connection]:
    """A ledger that is only read; where its folder lets no file be made beside it, a copy of it.

    SQLite opens a ledger in write-ahead mode only where it can write beside it, or where the files are there already.
    Raises sqlite3.DatabaseError for what is no ledger of this version.
    """
    with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            connection.execute("SELECT 1 FROM runs LIMIT 1")
        except sqlite3.OperationalError:
            with _copied(ledger) as copy:
                _check_version(copy)
                yield copy
        else:
            _check_version(connection)
            yield connection


@contextmanager
def _copied(ledger: Path) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(prefix="zhibiao-") as folder:
        for file in (ledger, _beside(ledger)[0]):
            if file.is_file():
                shutil.copyfile(file, Path(folder, file.name))
        with closing(sqlite3.connect(Path(folder, ledger.name))) as connection:
            yield connection


def _if_readable(connection: sqlite3.Connection, name: str) -> LedgerRow | None:
    with suppress(sqlite3.DatabaseError):
        return _known(connection, name)
    return None


def _known(connection: sqlite3.Connection, name: str) -> LedgerRow | None:
    row = connection.execute(
        "SELECT sha256, identity, source, tag, entry, exit_code FROM files WHERE name = ?", (name,)
    ).fetchone()
    return None if row is None else LedgerRow(row[0], row[1], place(row[2]), row[3], _entry(json.loads(row[4]), row[5]))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            _check_version(connection)
        connection.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _check_length(path: Path) -> None:
    length = len(os.fsencode(os.path.realpath(path)))
    if length > MAX_PATH_BYTES:
        failure = OutputError(f"cannot write {path}: its path has {length} bytes, a ledger's at most {MAX_PATH_BYTES}")
        failure.remedy = "Choose a folder with a shorter path with -o."
        raise failure


def _check_version(connection: sqlite3.Connection) -> None:
    for table, columns in _COLUMNS.items():
        if {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} != columns:
            raise sqlite3.DatabaseError("it is a ledger of another version")


@contextmanager
def _as_output_error() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        failure = OutputError(f"cannot write the ledger: {error}")
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
            failure.remedy = "Check the disk, and that .zhibiao/ledger.sqlite in the output folder may be written."
        raise failure from error


def _entry(plain: dict[str, Any], exit_code: int) -> Entry:
    return Entry(
        path=plain["path"],
        outcome=Outcome(plain["outcome"]),
        code=plain["code"],
        message=plain["message"],
        remedy=plain["remedy"],
        exit_code=ExitCode(exit_code),
        pages=plain["pages"],
        seconds=plain["seconds"],
        records=tuple(RecordSummary(**record) for record in plain["records"]),
        warnings=tuple(plain["warnings"]),
        same_as=plain["same_as"],
    )
