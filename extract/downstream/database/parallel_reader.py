"""Record files to rows that are ready to be written, in processes of their own where there are many."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path
from zlib import crc32

from extract.downstream.database.bulk_copy import encoder
from extract.downstream.tables.record_rows import mapper_for
from extract.downstream.tables.record_status import check_status
from extract.downstream.tables.row_mapping import RowMapper
from extract.downstream.tables.table_layout import layout
from extract.errors import BadRecord, WorkerDied, ZhibiaoError
from extract.forms.spec import FormSpec
from extract.storage.record_reader import RecordReader, record_reader

BATCH = 500
"""Records that are held in memory at a time, by the loader and by each process that reads ahead for it."""

MANY = 4 * BATCH
"""Records from which on processes that read ahead are worth their start."""

READERS = 2
"""Processes that read ahead: what they make of records in a second is about what one database takes."""


class ReaderDied(WorkerDied):
    """A process that reads ahead ended before its time."""

    remedy = "See whether memory ran out, and load again."


@dataclass(frozen=True, slots=True)
class LoadableRecord:
    """A record with its rows by table, as the database's writer takes them; `number` is the id they bear."""

    form: str
    sha256: str
    index: int
    digest: str
    accepted: bool
    number: int
    tables: tuple[bytes, ...]


Batched = LoadableRecord | BadRecord
"""A record, or what is wrong with one that is left out."""


@dataclass(frozen=True)
class ReaderShare:
    """The records of an output folder that one of several readers takes; `first` is the first free id of all."""

    output: Path
    forms: Sequence[FormSpec]
    dialect: str
    first: int
    place: int = 0
    readers: int = 1

    def is_mine(self, path: str) -> bool:
        """Whether a record is of this share; that depends on its path alone, whatever comes or goes beside it."""
        return crc32(os.fsencode(path)) % self.readers == self.place


def batches(output: Path, forms: Sequence[FormSpec], first: int, dialect: str) -> Iterator[list[Batched]]:
    """The records of an output folder in batches, with ids from `first` on; in the place of a bad one, what is wrong.

    Raises MissingFile at once, later UsageError, DatabaseError.
    """
    share = ReaderShare(output, forms, dialect, first)
    readers = min(READERS, os.cpu_count() or 1)
    with record_reader(output) as reader:
        few = sum(1 for _ in islice(reader.paths(), MANY)) < MANY
    if few or readers < 2:
        return _read(share)
    return _read_ahead([replace(share, place=place, readers=readers) for place in range(readers)])


def _read(share: ReaderShare) -> Iterator[list[Batched]]:
    with record_reader(share.output) as reader:
        loadable = _Loadable(share, reader)
        mine = (path for path in reader.paths() if share.is_mine(path))
        while batch := [loadable.made_of(path) for path in islice(mine, BATCH)]:
            yield batch


class _Loadable:
    """Makes records ready to be written."""

    def __init__(self, share: ReaderShare, reader: RecordReader) -> None:
        self._reader = reader
        self._forms = {form.id: form for form in share.forms}
        self._mappers = {form.id: RowMapper(layout(form)) for form in share.forms}
        self._encode = encoder(share.dialect)
        self._numbers = count(share.first + share.place, share.readers)

    def made_of(self, path: str) -> Batched:
        try:
            record = self._reader.read(path)
            mapper = mapper_for(self._mappers, record)
            check_status(record, self._forms[record.form])
            number, source = next(self._numbers), record.source
            rows = zip(mapper.layout.tables, mapper.rows(record, number), strict=True)
        except BadRecord as error:
            return error
        tables = tuple(self._encode(table, found) for table, found in rows)
        return LoadableRecord(record.form, source.sha256, source.index, record.digest, record.accepted, number, tables)


def _read_ahead(shares: Sequence[ReaderShare]) -> Iterator[list[Batched]]:
    """Batches that other processes read while the last one is being written, from each of them in turn."""
    with ExitStack() as stack:
        readers = [stack.enter_context(_reader(share)) for share in shares]
        while readers:
            for reader in tuple(readers):
                try:
                    answer = reader.recv()
                except (EOFError, OSError) as error:
                    raise ReaderDied("a process that reads the records ended; nothing was changed") from error
                if isinstance(answer, ZhibiaoError):
                    raise answer
                if answer is None:
                    readers.remove(reader)
                else:
                    yield answer


@contextmanager
def _reader(share: ReaderShare) -> Iterator[Connection]:
    """A process that sends its batches, then None, and ends when nobody listens any more."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(theirs, share), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.terminate()
        process.join()


def _send(connection: Connection, share: ReaderShare) -> None:
    try:
        for batch in _read(share):
            connection.send(batch)
        connection.send(None)
    except ZhibiaoError as error:
        connection.send(error)
    except OSError:
        return
