"""What was read from what: the memory of an output folder; unchanged work is skipped, and no name is given twice."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from extract.errors import MissingFile, OutputError, UsageError
from extract.records.outcomes import Entry
from extract.storage import ledger_repair
from extract.storage.ledger_rows import COLUMNS, SCHEMA, SELECTED, LedgerRow, decoded, encoded, entry_from, source_key
from extract.storage.location import Location

MAX_PATH_BYTES = 504
"""Longest path of a SQLite file: 512 bytes (os_unix.c, MAX_PATHNAME), less what is appended for its journal."""

Root = tuple[str, ...]
"""An input root: the names on the way to a folder, as `location.parts` gives them."""


class LedgerView:
    """A ledger that is only looked at. A row that is damaged counts as one that is not there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def known(self, name: str) -> LedgerRow | None:
        """The last that was heard of the file of a name."""
        return self._one("name = ?", name)

    def at(self, source: Location) -> LedgerRow | None:
        """The last that was heard of the file at a place; where it has two names, that with records."""
        found = list(self._rows("source = ?", source_key(source)))
        return next((row for row in found if row.entry.records), found[0] if found else None)

    def with_content(self, sha256: str) -> Iterator[LedgerRow]:
        """The files that had a content when they were last read, by name."""
        return self._rows("sha256 = ?", sha256) if sha256 else iter(())

    def owner(self, record: str) -> LedgerRow | None:
        """The file that a record, by its path below the output folder, was read from."""
        found = self._connection.execute("SELECT name FROM records WHERE path = ?", (record,)).fetchone()
        return None if found is None else self.known(found[0])

    def rows(self) -> Iterator[LedgerRow]:
        """All files by name, one at a time."""
        return self._rows("TRUE")

    def entries(self) -> Iterator[Entry]:
        """What became of all files, by name, one at a time."""
        for text, exit_code in self._connection.execute("SELECT entry, exit_code FROM files ORDER BY name"):
            entry = entry_from(text, exit_code)
            if entry is not None:
                yield entry

    def damaged(self) -> int:
        """How many rows cannot be read."""
        found = self._connection.execute(f"SELECT {SELECTED} FROM files")
        return sum(decoded(columns) is None for columns in found)

    def roots(self) -> frozenset[Root]:
        """The input roots that names begin below."""
        return frozenset(tuple(json.loads(text)) for (text,) in self._connection.execute("SELECT root FROM roots"))

    def _one(self, condition: str, value: object) -> LedgerRow | None:
        return next(self._rows(condition, value), None)

    def _rows(self, condition: str, *values: object) -> Iterator[LedgerRow]:
        found = self._connection.execute(f"SELECT {SELECTED} FROM files WHERE {condition} ORDER BY name", values)
        return (row for columns in found if (row := decoded(columns)) is not None)


class Ledger(LedgerView):
    """A SQLite file in write-ahead mode: killed at any instant, it holds every row that was added before.

    Records are written before their row, so that a row never speaks of a record that is not there. Raises OutputError
    when the file cannot be written. Of a damaged one all rows are kept that can be read; what else it knew costs time
    and no record.
    """

    def __init__(self, path: Path) -> None:
        _check_length(path)
        with _as_output_error():
            try:
                connection = _open(path)
            except sqlite3.OperationalError:
                raise  # the disk is full or gone: no fault of the file
            except sqlite3.DatabaseError:
                ledger_repair.salvage(path)
                connection = _open(path)
            super().__init__(connection)
            self._run = self._begin_run()

    def close(self) -> None:
        """Fold the write-ahead file in and let go."""
        self._connection.close()

    def first_with(self, sha256: str, name: str) -> str:
        """The first file of this run with this content; it is `name` itself when there was none before."""
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (sha256, name))
        found: str = self._connection.execute("SELECT name FROM seen WHERE sha256 = ?", (sha256,)).fetchone()[0]
        return found

    def set_first(self, sha256: str, name: str) -> None:
        """Let a file stand for all of its content in this run."""
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (sha256, name))

    def add(self, row: LedgerRow) -> None:
        """Note what became of a file. Raises OutputError when the disk is full or gone."""
        name = row.entry.path
        with _as_output_error(), self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", encoded(row, self._run)
            )
            self._own(name, row.entry)

    def replace(self, row: LedgerRow) -> None:
        """Change what is noted of a file that this run has not looked at."""
        name = row.entry.path
        with _as_output_error(), self._connection:
            (run,) = self._connection.execute("SELECT run FROM files WHERE name = ?", (name,)).fetchone()
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", encoded(row, run))
            self._own(name, row.entry)

    def forget(self, name: str) -> None:
        """Remove a file."""
        with _as_output_error(), self._connection:
            self._connection.execute("DELETE FROM records WHERE name = ?", (name,))
            self._connection.execute("DELETE FROM files WHERE name = ?", (name,))

    def remember_root(self, root: Root) -> None:
        """Let names begin below a folder from now on."""
        with _as_output_error(), self._connection:
            self._connection.execute("INSERT OR IGNORE INTO roots VALUES (?)", (json.dumps(root),))

    def copy(self, target: Path) -> None:
        """Write a copy of the present state, one file that needs no other beside it."""
        with _as_output_error(), closing(sqlite3.connect(target)) as copied:
            self._connection.backup(copied)
            copied.execute("PRAGMA journal_mode = DELETE")

    def of_this_run(self) -> Iterator[Entry]:
        """The entries of this run by name, one at a time."""
        rows = self._connection.execute("SELECT entry, exit_code FROM files WHERE run = ? ORDER BY name", (self._run,))
        return (entry for text, exit_code in rows if (entry := entry_from(text, exit_code)) is not None)

    def not_of_this_run(self, place: Location) -> list[str]:
        """The names of the files at a place, or in a folder there, that this run has not looked at."""
        key = source_key(place)
        if isinstance(key, bytes):
            begin, end = key.rstrip(b"/") + b"/", key.rstrip(b"/") + b"0"  # what sorts next after a slash
        else:
            begin, end = key.rstrip("/") + "/", key.rstrip("/") + "0"  # type: ignore[assignment]
        found = self._connection.execute(
            "SELECT name FROM files WHERE (source = ? OR (source >= ? AND source < ?)) AND run <> ? ORDER BY name",
            (key, begin, end, self._run),
        )
        return [name for (name,) in found]

    def forget_missing(self) -> None:
        """Forget what an earlier run was told to read that was not there: it was said then."""
        with _as_output_error(), self._connection:
            missing = f'%"code": "{MissingFile.code}"%'
            self._connection.execute(
                "DELETE FROM files WHERE exit_code = ? AND entry LIKE ?", (int(MissingFile.exit_code), missing)
            )

    def _own(self, name: str, entry: Entry) -> None:
        self._connection.execute("DELETE FROM records WHERE name = ?", (name,))
        owned = [(record.path, name) for record in entry.records]
        self._connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?)", owned)

    def _begin_run(self) -> int:
        with self._connection:
            cursor = self._connection.execute("INSERT INTO runs (id) VALUES (?)", (uuid.uuid4().hex,))
        return cursor.lastrowid or 0


@contextmanager
def viewed(ledger: Path) -> Iterator[LedgerView]:
    """A ledger to look at, also while a run goes on. Raises UsageError when it cannot be read."""
    try:
        with _looked_at(ledger) as connection:
            yield LedgerView(connection)
    except (sqlite3.DatabaseError, OSError) as error:
        failure = UsageError(f"cannot read {ledger}: {error}")
        failure.remedy = "`zhibiao run` on the same output folder mends it; `zhibiao verify` says what is wrong."
        raise failure from error


@contextmanager
def viewed_if_readable(ledger: Path | None) -> Iterator[LedgerView]:
    """A ledger to look at; an empty one where there is none, or none that can be read."""
    with ExitStack() as stack:
        connection: sqlite3.Connection | None = None
        if ledger is not None and ledger.is_file():
            with suppress(sqlite3.DatabaseError, OSError):
                connection = stack.enter_context(_looked_at(ledger))
        yield _TolerantView(connection or stack.enter_context(closing(_empty())))


class _TolerantView(LedgerView):
    """A view of a ledger that may be damaged: what cannot be read is not there."""

    def _rows(self, condition: str, *values: object) -> Iterator[LedgerRow]:
        with suppress(sqlite3.DatabaseError):
            yield from super()._rows(condition, *values)

    def owner(self, record: str) -> LedgerRow | None:
        with suppress(sqlite3.DatabaseError):
            return super().owner(record)
        return None

    def roots(self) -> frozenset[Root]:
        with suppress(sqlite3.DatabaseError, ValueError, TypeError):
            return super().roots()
        return frozenset()


def peek(ledger: Path, name: str) -> LedgerRow | None:
    """The last that was heard of a file, from a ledger that is only looked at; None where none can be read."""
    with viewed_if_readable(ledger) as view:
        return view.known(name)


def run_ids(ledger: Path) -> list[str]:
    """The runs a ledger has seen, the last one last: a ledger goes on from another when it has seen all its runs."""
    if not ledger.is_file():
        return []
    try:
        with _looked_at(ledger) as connection:
            return [row[0] for row in connection.execute("SELECT id FROM runs ORDER BY run")]
    except (sqlite3.DatabaseError, OSError):
        return []


def faults_inside(ledger: Path) -> list[str]:
    """What SQLite finds wrong in a ledger (its documentation: PRAGMA integrity_check), none where it is sound."""
    try:
        with _looked_at(ledger) as connection:
            found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
            rows = LedgerView(connection).damaged() if found == ["ok"] else 0
    except (sqlite3.DatabaseError, OSError) as error:
        return [str(error)]
    told = [] if found == ["ok"] else found
    return [*told, *([f"{rows} of its rows cannot be read"] if rows else [])]


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
        for file in (ledger, ledger_repair.beside(ledger)[0]):
            if file.is_file():
                shutil.copyfile(file, Path(folder, file.name))
        with closing(sqlite3.connect(Path(folder, ledger.name))) as connection:
            yield connection


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


def _open(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.DatabaseError for what is damaged anywhere, or a ledger of another version."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            _check_version(connection)
            ledger_repair.check(connection)
        connection.executescript(SCHEMA)
        connection.execute("CREATE TEMP TABLE seen (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID")
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
    for table, columns in COLUMNS.items():
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
