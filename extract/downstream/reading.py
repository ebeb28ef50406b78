"""Record files to rows that are ready to be written, in a process of their own where there are many."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from extract.downstream.bulk import Encode, encoder
from extract.downstream.records import decode, paths
from extract.downstream.rows import Shredder
from extract.downstream.shredded import of_form
from extract.downstream.tables import layout
from extract.errors import WorkerDied, ZhibiaoError
from extract.forms.spec import FormSpec

BATCH = 500
"""Records that are held in memory at a time, by the loader and by the process that reads ahead for it."""

MANY = 4 * BATCH
"""Records from which on a second process is worth its start."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A record with its rows by table, as the database's writer takes them; `number` is the id they bear."""

    form: str
    sha256: str
    index: int
    digest: str
    accepted: bool
    number: int
    tables: tuple[Any, ...]


@dataclass
class Reader:
    """Reads batches of record files; `next_ids` are the first free ids by form."""

    forms: Sequence[FormSpec]
    next_ids: dict[str, int]
    dialect: str
    shredders: Mapping[str, Shredder] = field(init=False)
    encode: Encode = field(init=False)

    def __post_init__(self) -> None:
        self.shredders = {form.id: Shredder(layout(form)) for form in self.forms}
        self.encode = encoder(self.dialect)

    def read(self, files: Sequence[str]) -> list[Ready]:
        """The records of some files. Raises BadRecord, UsageError, DatabaseError."""
        return [self._ready(file) for file in files]

    def _ready(self, file: str) -> Ready:
        record = decode(Path(file).read_bytes(), file)
        shredder = of_form(self.shredders, record)
        number = self.next_ids[record.form]
        self.next_ids[record.form] = number + 1
        rows = zip(shredder.layout.tables, shredder.rows(record, number), strict=True)
        tables = tuple(self.encode(table, found) for table, found in rows)
        source = record.source
        return Ready(record.form, source.sha256, source.index, record.digest, record.accepted, number, tables)


def batches(
    output: Path, forms: Sequence[FormSpec], next_ids: Mapping[str, int], dialect: str
) -> Iterator[list[Ready]]:
    """The records of an output folder in batches. Raises MissingFile at once, and what `Reader.read` does."""
    files = paths(output)
    first = list(islice(files, MANY))
    work = (forms, dict(next_ids), dialect)
    if len(first) < MANY or (os.cpu_count() or 1) < 2:
        reader = Reader(*work)
        return (reader.read(batch) for batch in _batched(iter(first)))
    return _read_ahead(_batched(chain(first, files)), work)


def _batched(files: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(files, BATCH)):
        yield batch


def _read_ahead(files: Iterator[list[str]], work: tuple[Any, ...]) -> Iterator[list[Ready]]:
    """Batches that another process reads while the last one is being written; it never holds more than two."""
    with _reader_process(work) as connection:
        sent = 0
        for batch in islice(files, 2):
            connection.send(batch)
            sent += 1
        while sent:
            try:
                answer = connection.recv()
            except (EOFError, OSError) as error:
                raise WorkerDied("the process that reads the records ended") from error
            if isinstance(answer, ZhibiaoError):
                raise answer
            sent -= 1
            for batch in islice(files, 1):
                connection.send(batch)
                sent += 1
            yield answer


@contextmanager
def _reader_process(work: tuple[Any, ...]) -> Iterator[Connection]:
    """A process that answers each list of files with their records, and ends when its other side is gone."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.terminate()
        process.join()


def _serve(connection: Connection, work: tuple[Any, ...]) -> None:
    reader = Reader(*work)
    while True:
        try:
            files = connection.recv()
            try:
                connection.send(reader.read(files))
            except ZhibiaoError as error:
                connection.send(error)
        except (EOFError, OSError):
            return
