"""What became of input files since they were last read: each is looked at, several at once where they are remote."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from extract.batch.inputs import InputFile, content_hash
from extract.errors import InputError
from extract.settings.defaults import LoadSettings
from extract.storage import object_store
from extract.storage.file_version import Stamp, Version
from extract.storage.ledger_rows import LedgerRow
from extract.storage.location import Location
from extract.storage.output_dir import OutputDir

LOOKS_AT_ONCE = 16
"""Files behind URLs that are asked for together: each answer takes some 10 ms, most of it waiting."""


@dataclass(frozen=True, slots=True)
class InputState:
    """A source as it is now: its content's hash, or why it has none; whether its records are what they would be."""

    source: InputFile
    stamp: Stamp | None
    sha256: str = ""
    error: InputError | None = None
    holds: LedgerRow | None = None


@dataclass(frozen=True)
class ChangeDetector:
    """Looks at sources for a reader of an identity and its output folder."""

    store: OutputDir
    identity: str
    settings: LoadSettings
    at_once: int = 1

    def states(
        self, sources: Iterator[InputFile], known: Callable[[Location], LedgerRow | None]
    ) -> Generator[InputState]:
        """Every source as it is, in order; `known` is only asked by the thread that takes the states."""
        asked = ((source, known(source.place)) for source in sources)
        if self.at_once > 1:
            yield from self._ahead(asked)
        else:
            for source, was in asked:
                yield self._state(source, was)

    def _ahead(self, asked: Iterator[tuple[InputFile, LedgerRow | None]]) -> Iterator[InputState]:
        threads = ThreadPoolExecutor(self.at_once)
        begun: deque[Future[InputState]] = deque()
        try:
            for source, was in asked:
                begun.append(threads.submit(self._state, source, was))
                if len(begun) > 2 * self.at_once:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            threads.shutdown(cancel_futures=True)

    def _state(self, source: InputFile, was: LedgerRow | None) -> InputState:
        before = source.stamp()
        try:
            sha256 = _known_hash(source, was) or content_hash(source, self.settings)
        except InputError as error:
            return InputState(source, before, error=error)
        return InputState(source, before, sha256, holds=was if was is not None and self.holds(was, sha256) else None)

    def holds(self, known: LedgerRow, sha256: str) -> bool:
        """Whether a known result is still the result: same content, same reader, records as they were written."""
        return (
            (known.sha256, known.identity) == (sha256, self.identity)
            and bool(known.entry.records)
            and all(self.store.holds(record.path, record.sha256) for record in known.entry.records)
        )

    def is_there(self, row: LedgerRow) -> bool:
        """Whether the file that a row was noted of is there and has the content it had."""
        if isinstance(row.source, Path):
            file = InputFile(row.source, row.entry.path)
        else:
            listed = object_store.look(row.source)
            if listed is None or listed.version is None:
                return False
            file = InputFile(row.source, row.entry.path, listed.version)
        try:
            return (_known_hash(file, row) or content_hash(file, self.settings)) == row.sha256
        except InputError:
            return False


def _known_hash(source: InputFile, known: LedgerRow | None) -> str | None:
    """The hash of an object that has the tag it had when it was hashed; a file's dates are not trusted so."""
    if known is None or not isinstance(source.version, Version) or source.version.tag is None:
        return None
    same = (str(known.source), known.tag) == (str(source.place), source.version.tag)
    return known.sha256 or None if same else None
