"""What was read from what: the memory of an output folder, so that unchanged work is skipped."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.errors import ExitCode, OutputError, UsageError
from extract.report import Entry, Outcome, RecordSummary

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, run INTEGER NOT NULL, sha256 TEXT NOT NULL, identity TEXT NOT NULL,
    source TEXT NOT NULL, exit_code INTEGER NOT NULL, entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_run ON files (run, name);
CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY);
CREATE TEMP TABLE seen (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the ledger has it: its content, what it was read with, where it lay, what became of it."""

    sha256: str
    identity: str
    source: Path
    entry: Entry


class Ledger:
    """A SQLite file in write-ahead mode: killed at any instant, it holds every row that was added before.

    Records are written before their row, so that a row never speaks of a record that is not there. Raises OutputError
    when the file cannot be written; a damaged one is started anew, which costs time and no record.
    """

    def __init__(self, path: Path) -> None:
        with _as_output_error():
            try:
                self._connection = _open(path)
            except sqlite3.OperationalError:
                raise  # the disk is full or gone: no fault of the file
            except sqlite3.DatabaseError:
                for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
                    leftover.unlink(missing_ok=True)
                self._connection = _open(path)
            self._run = self._begin_run()

    def close(self) -> None:
        """Fold the write-ahead file in and let go."""
        self._connection.close()

    def known(self, name: str) -> Known | None:
        """The last that was heard of a file."""
        return _known(self._connection, name)

    def first_with(self, sha256: str, name: str) -> str:
        """The first file of this run with this content; it is `name` itself when there was none before."""
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (sha256, name))
        found: str = self._connection.execute("SELECT name FROM seen WHERE sha256 = ?", (sha256,)).fetchone()[0]
        return found

    def add(self, sha256: str, identity: str, source: Path, entry: Entry) -> None:
        """Note what became of a file. Raises OutputError when the disk is full or gone."""
        row = (
            entry.path,
            self._run,
            sha256,
            identity,
            str(source).encode(errors="backslashreplace").decode(),
            int(entry.exit_code),
            json.dumps(entry.plain(), ensure_ascii=False),
        )
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def entries(self) -> Iterator[Entry]:
        """The entries of this run by name, one at a time."""
        rows = self._connection.execute("SELECT entry, exit_code FROM files WHERE run = ? ORDER BY name", (self._run,))
        for text, exit_code in rows:
            yield _entry(json.loads(text), exit_code)

    def _begin_run(self) -> int:
        with self._connection:
            cursor = self._connection.execute("INSERT INTO runs DEFAULT VALUES")
        return cursor.lastrowid or 0


def last_run(ledger: Path) -> Iterator[Entry]:
    """The entries of the last run by name, from a ledger that is only looked at; also while that run goes on.

    Raises UsageError when it cannot be read.
    """
    query = "SELECT entry, exit_code FROM files WHERE run = (SELECT max(run) FROM runs) ORDER BY name"
    try:
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for text, exit_code in connection.execute(query):
                yield _entry(json.loads(text), exit_code)
    except sqlite3.DatabaseError as error:
        raise UsageError(f"cannot read {ledger}: {error}") from error


def peek(ledger: Path, name: str) -> Known | None:
    """The last that was heard of a file, from a ledger that is only looked at; None where there is none."""
    if not ledger.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _known(connection, name)
    except sqlite3.DatabaseError:
        return None


def _known(connection: sqlite3.Connection, name: str) -> Known | None:
    row = connection.execute(
        "SELECT sha256, identity, source, entry, exit_code FROM files WHERE name = ?", (name,)
    ).fetchone()
    return None if row is None else Known(row[0], row[1], Path(row[2]), _entry(json.loads(row[3]), row[4]))


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
        columns = {row[1] for row in connection.execute("PRAGMA table_info(files)")}
        if columns != {"name", "run", "sha256", "identity", "source", "exit_code", "entry"}:
            raise sqlite3.DatabaseError("a ledger of another version")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


@contextmanager
def _as_output_error() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(f"cannot write the ledger: {error}") from error


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
