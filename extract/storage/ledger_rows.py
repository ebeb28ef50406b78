"""The rows of a ledger: files, what they held when they were read, and what became of them."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from extract.errors import ExitCode
from extract.records.outcomes import Entry
from extract.storage.location import Location, place

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, run INTEGER NOT NULL, sha256 TEXT NOT NULL, identity TEXT NOT NULL,
    source NOT NULL, tag TEXT, exit_code INTEGER NOT NULL, entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_run ON files (run, name);
CREATE INDEX IF NOT EXISTS files_by_source ON files (source, name);
CREATE INDEX IF NOT EXISTS files_by_content ON files (sha256, name);
CREATE TABLE IF NOT EXISTS records (path TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS roots (root TEXT PRIMARY KEY) WITHOUT ROWID;
"""

COLUMNS = {
    "files": {"name", "run", "sha256", "identity", "source", "tag", "exit_code", "entry"},
    "records": {"path", "name"},
    "runs": {"run", "id"},
    "roots": {"root"},
}
"""What the tables of this version hold; `records` says which file a record is of, `roots` which input roots names
begin below."""

SELECTED = "name, sha256, identity, source, tag, exit_code, entry"
"""The columns that `decoded` takes."""


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


def encoded(row: LedgerRow, run: int) -> tuple[object, ...]:
    """A row as the table `files` takes it."""
    return (
        row.entry.path,
        run,
        row.sha256,
        row.identity,
        source_key(row.source),
        row.tag,
        int(row.entry.exit_code),
        json.dumps(row.entry.plain(), ensure_ascii=False),
    )


def decoded(columns: sqlite3.Row | tuple[object, ...]) -> LedgerRow | None:
    """A row from its `SELECTED` columns; None for one that is damaged."""
    name, sha256, identity, source, tag, exit_code, text = columns
    if not (isinstance(sha256, str) and isinstance(identity, str) and isinstance(tag, str | None)):
        return None
    entry = entry_from(text, exit_code)
    where = _source(source)
    if entry is None or where is None or entry.path != name:
        return None
    return LedgerRow(sha256, identity, where, tag, entry)


def entry_from(text: object, exit_code: object) -> Entry | None:
    """An entry from its JSON text; None where it is damaged."""
    if not isinstance(text, str) or not isinstance(exit_code, int):
        return None
    try:
        entry = _entry.decode(text)
        return replace(entry, exit_code=ExitCode(exit_code))
    except (msgspec.DecodeError, ValueError):
        return None


_entry = msgspec.json.Decoder(Entry)


def source_key(location: Location) -> str | bytes:
    """A location as the ledger has it: text, or the bytes of a path that is no UTF-8, which no text equals."""
    raw = os.fsencode(location) if isinstance(location, Path) else str(location).encode()
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _source(key: object) -> Location | None:
    if isinstance(key, bytes):
        return Path(os.fsdecode(key))
    return place(key) if isinstance(key, str) and key else None
