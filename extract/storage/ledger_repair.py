"""A damaged ledger: all rows that can still be read are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from extract.storage.ledger_rows import COLUMNS, SCHEMA, SELECTED, decoded, encoded


def check(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where a page is damaged (SQLite's documentation: PRAGMA quick_check)."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(str(found))


def salvage(ledger: Path) -> None:
    """Put a sound ledger with the rows that can be read in the place of a damaged one; none where nothing can be."""
    mended = ledger.with_suffix(".mended")
    discard(mended)
    with closing(sqlite3.connect(mended)) as target, suppress(sqlite3.DatabaseError):
        target.executescript(SCHEMA)
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as source, target:
            _copy(source, target)
    discard(ledger)
    mended.replace(ledger)


def discard(ledger: Path) -> None:
    """Remove a ledger with the files that SQLite keeps beside it."""
    for leftover in (ledger, *beside(ledger)):
        leftover.unlink(missing_ok=True)


def beside(ledger: Path) -> tuple[Path, Path]:
    """The files that SQLite keeps beside a ledger: its write-ahead log, and the log's index."""
    return Path(f"{ledger}-wal"), Path(f"{ledger}-shm")


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    for table in ("runs", "roots"):
        if {row[1] for row in source.execute(f"PRAGMA table_info({table})")} == COLUMNS[table]:
            marks = ", ".join("?" * len(COLUMNS[table]))
            for row in _readable(source, f"SELECT * FROM {table}"):
                target.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)
    if {row[1] for row in source.execute("PRAGMA table_info(files)")} != COLUMNS["files"]:
        return
    for name in sorted(_names(source)):
        with suppress(sqlite3.DatabaseError):
            query = f"SELECT run, {SELECTED} FROM files WHERE name = ?"
            run, *columns = source.execute(query, (name,)).fetchone()
            found = decoded(tuple(columns))
            if found is not None:
                target.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", encoded(found, run))
                owned = [(record.path, name) for record in found.entry.records]
                target.executemany("INSERT OR REPLACE INTO records VALUES (?, ?)", owned)


def _names(source: sqlite3.Connection) -> set[str]:
    """The names that the table or one of its indexes still gives: a page that is damaged holds part of one of them."""
    ways = (
        "SELECT name FROM files INDEXED BY files_by_run",
        "SELECT name FROM files INDEXED BY files_by_source",
        "SELECT name FROM files INDEXED BY files_by_content",
        "SELECT name FROM files NOT INDEXED ORDER BY name",
        "SELECT name FROM files NOT INDEXED ORDER BY name DESC",
    )
    return {row[0] for way in ways for row in _readable(source, way) if isinstance(row[0], str)}


def _readable(source: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    """The rows of a query up to the first that cannot be read."""
    with suppress(sqlite3.DatabaseError):
        yield from source.execute(query)
