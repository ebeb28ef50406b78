"""The records of an output folder, read back one at a time; a bad one is handed to whoever asks, the rest go on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.errors import BadRecord, MissingFile
from extract.records.decode import RECORDS, StoredRecord, decode
from extract.storage.ledger import LedgerView, viewed_if_readable
from extract.storage.output_dir import OutputDir

Refused = Callable[[BadRecord], None]
"""What is told of a record that is left out."""


def refuse_none(error: BadRecord) -> None:
    """Raise instead of leaving a record out."""
    raise error


class RecordReader:
    """Reads records; one whose content is not what the ledger says was written is refused."""

    def __init__(self, output: Path, ledger: LedgerView) -> None:
        self._output = output
        self._ledger = ledger

    def paths(self) -> Iterator[str]:
        """The paths of the record files below the output folder, folder by folder, by name."""
        return OutputDir(self._output).records()

    def read(self, path: str) -> StoredRecord:
        """The record at a path below the output folder. Raises BadRecord for one that is broken or altered."""
        file = str(self._output / path)
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise BadRecord(f"{file} cannot be read: {error.strerror or error}") from error
        written = self._written(path)
        if written and hashlib.sha256(content).hexdigest() != written:
            raise BadRecord(f"{file} was altered after `zhibiao run` wrote it")
        return decode(content, file, bool(written))

    def read_all(self, refused: Refused = refuse_none, only_accepted: bool = False) -> Iterator[StoredRecord]:
        """All records by name; those that cannot be taken are refused."""
        for path in self.paths():
            try:
                record = self.read(path)
            except BadRecord as error:
                refused(error)
                continue
            if record.accepted or not only_accepted:
                yield record

    def _written(self, path: str) -> str:
        """The hash that a record had when it was written; empty for one that the ledger does not know."""
        owner = self._ledger.owner(path)
        return next((r.sha256 for r in owner.entry.records if r.path == path), "") if owner is not None else ""


@contextmanager
def record_reader(output: Path) -> Iterator[RecordReader]:
    """A reader of an output folder's records. Raises MissingFile where it has none."""
    if not (output / RECORDS).is_dir():
        raise MissingFile(f"{output} is not a folder that `zhibiao run -o` wrote: it has no {RECORDS} folder.")
    with viewed_if_readable(OutputDir(output).ledger) as ledger:
        yield RecordReader(output, ledger)


def read_all(output: Path) -> Iterator[StoredRecord]:
    """The records of an output folder by name. Raises MissingFile where it has none, BadRecord at a bad one."""
    with record_reader(output) as reader:
        yield from reader.read_all()
