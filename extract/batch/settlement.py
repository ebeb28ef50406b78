"""Whether a file is read, by what the output folder knows of it: nothing is read twice, no scan has two records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.batch.change_detection import ChangeDetector, InputState
from extract.batch.inputs import InputFile
from extract.batch.naming import Names
from extract.batch.worker import Job
from extract.errors import InputError, MissingFile
from extract.records import outcomes
from extract.records.outcomes import Entry
from extract.storage.backends import exists
from extract.storage.ledger import Ledger
from extract.storage.ledger_rows import LedgerRow
from extract.storage.location import Location
from extract.storage.output_dir import OutputDir


@dataclass(frozen=True, slots=True)
class Settled:
    """A file that need not be read, with its entry, or one that must be (`entry` is None).

    `is_noted` is False for what the ledger shall not remember.
    """

    job: Job
    entry: Entry | None = None
    is_noted: bool = True


class Settlement:
    """Settles files one after the other; with `force`, what is known of one only gives it its name."""

    def __init__(self, ledger: Ledger, output: OutputDir, detector: ChangeDetector, force: bool) -> None:
        self._ledger = ledger
        self._output = output
        self._detector = detector
        self._force = force
        self._names = Names(ledger, output)
        self._being_read: set[str] = set()
        self._copies: list[InputFile] = []
        self._stale_copies: list[str] = []

    def settle(self, state: InputState) -> Settled | None:
        """What is to be done with a file; None for a copy of one that is being read, as it waits for the outcome."""
        if state.error is not None:
            return self._unreadable(state, state.error)
        file, sha256 = state.source, state.sha256
        moved = self._moved(file, sha256)
        name = self._name(file, sha256) if moved is None else moved.entry.path
        job = Job(file.place, name, sha256, state.stamp)
        first = self._ledger.first_with(sha256, name)
        if first != name:
            if first in self._being_read:
                self._copies.append(file)
                return None
            if self._stands(first, sha256):
                return Settled(job, outcomes.duplicate(name, first))
            self._ledger.set_first(sha256, name)
        holds = state.holds if moved is None or self._force else self._holding(moved, sha256)
        if holds is not None:
            return Settled(job, outcomes.unchanged(holds.entry))
        other = None if self._force else self._elsewhere(name, sha256)
        if other is not None:
            self._ledger.set_first(sha256, other)
            return Settled(job, outcomes.duplicate(name, other))
        self._being_read.add(name)
        return Settled(job)

    def note(self, row: LedgerRow) -> None:
        """Remember what became of a file, and what follows from it for others with its content."""
        name, entry = row.entry.path, row.entry
        before = self._ledger.known(name)
        self._ledger.add(row)
        self._names.kept(name)
        self._being_read.discard(name)
        if entry.records and entry.code != outcomes.UNCHANGED:
            self._let_one_stand(row)
        if before is not None and before.entry.records and not (entry.records and before.sha256 == row.sha256):
            copies = self._ledger.with_content(before.sha256)
            self._stale_copies += [copy.entry.path for copy in copies if copy.entry.code == outcomes.DUPLICATE]

    def left_over(self) -> Iterator[InputFile]:
        """The files that must be looked at again: copies of files that were being read, or whose records went."""
        copies, self._copies = self._copies, []
        stale, self._stale_copies = self._stale_copies, []
        yield from copies
        for name in stale:
            row = self._ledger.known(name)
            if row is not None and row.entry.same_as is not None and not self._stands(row.entry.same_as, row.sha256):
                yield InputFile(row.source, name)

    def _name(self, file: InputFile, sha256: str) -> str:
        is_new = self._ledger.at(file.place) is None and self._names.root_of(file) is None
        if is_new and self._names.remember(file.root):
            self._ledger.remember_root(file.root)
        return self._names.name_of(file, sha256)

    def _unreadable(self, state: InputState, error: InputError) -> Settled:
        """A file whose content cannot be had; the records of one that is not there any more stand."""
        row = self._ledger.at(state.source.place)
        is_missing = isinstance(error, MissingFile)
        if row is not None and row.entry.records and is_missing:
            self._ledger.replace(replace(row, entry=replace(row.entry, gone=True)))
        name = self._names.name_of(state.source, "") if row is None else row.entry.path
        entry = outcomes.failed(name, error)
        return Settled(Job(state.source.place, name, "", state.stamp), entry, not (is_missing and row is not None))

    def _moved(self, file: InputFile, sha256: str) -> LedgerRow | None:
        """The scan that was read elsewhere and is here now, or is here under the same name: it keeps its name."""
        here = self._ledger.at(file.place)
        if here is not None and here.entry.records:
            return None
        for row in self._ledger.with_content(sha256):
            if not row.entry.records or row.source == file.place:
                continue
            if row.entry.path == self._names.wanted(file) or not exists(row.source):
                if here is not None:
                    self._ledger.forget(here.entry.path)
                return row
        return None

    def _holding(self, row: LedgerRow, sha256: str) -> LedgerRow | None:
        return row if self._detector.holds(row, sha256) else None

    def _stands(self, name: str, sha256: str) -> bool:
        """Whether a file of this content has records."""
        row = self._ledger.known(name)
        return row is not None and row.sha256 == sha256 and bool(row.entry.records)

    def _elsewhere(self, name: str, sha256: str) -> str | None:
        """The name of another file that has this content and records that are what would be read."""
        for row in self._ledger.with_content(sha256):
            if row.entry.path != name and self._detector.holds(row, sha256) and self._detector.is_there(row):
                return row.entry.path
        return None

    def _let_one_stand(self, row: LedgerRow) -> None:
        """Of several files with one content only that which was read last keeps records."""
        for other in list(self._ledger.with_content(row.sha256)):
            name = other.entry.path
            if name == row.entry.path or not other.entry.records:
                continue
            self._output.remove_scan(name)
            if exists(other.source):
                self._ledger.replace(replace(other, entry=outcomes.duplicate(name, row.entry.path)))
            else:
                self._ledger.forget(name)


def note_gone(ledger: Ledger, output: OutputDir, looked_in: tuple[Location, ...]) -> None:
    """Note which files of earlier runs are no longer where this run looked; those without records are forgotten."""
    for place in looked_in:
        for name in ledger.not_of_this_run(place):
            row = ledger.known(name)
            if row is None or exists(row.source):
                continue
            if row.entry.records:
                ledger.replace(replace(row, entry=replace(row.entry, gone=True)))
            else:
                output.remove_scan(name)
                ledger.forget(name)
