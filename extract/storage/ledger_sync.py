"""The ledger of an output folder behind a URL: it is written on this machine, and copied to its folder now and then."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from extract.errors import StorageError
from extract.storage import object_store
from extract.storage.ledger import Ledger, run_ids
from extract.storage.ledger_repair import discard
from extract.storage.location import Url
from extract.storage.output_dir import LEDGER, LOG, OutputDir
from extract.storage.output_lock import OutputLock
from extract.storage.temp_files import scratch_file

INTERVAL_SECONDS = 60.0
"""Between two copies: what is read in it is read again when the machine is lost."""

SHARE = 0.05
"""Of the time of a run, how much may go into copies; a ledger of a million files has a gigabyte."""


class Checkpoint:
    """Copies a ledger to its folder; of one that is there already nothing is copied."""

    def __init__(
        self, store: OutputDir, ledger: Ledger, claim: OutputLock, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._claim = claim
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._due = clock()

    def save_if_due(self) -> None:
        """Copy the ledger where the last copy is old enough."""
        if isinstance(self._store.root, Url) and self._clock() >= self._due:
            self.save()

    def save(self) -> None:
        """Copy the ledger, and what the workers said. Raises OutputError, also where another run has the folder."""
        root = self._store.root
        if not isinstance(root, Url):
            return
        begun = self._clock()
        self._claim.check()
        try:
            with scratch_file(".sqlite") as copy:
                self._ledger.copy(copy)
                object_store.upload(root / LEDGER, copy)
            object_store.upload(root / LOG, self._store.log)
        except OSError as error:
            raise StorageError(f"cannot write {root / LEDGER}: {error.strerror or error}") from error
        now = self._clock()
        self._due = now + max(INTERVAL_SECONDS, (now - begun) / SHARE)


def resume(store: OutputDir) -> None:
    """Give a run the ledger to go on from: the one of its folder, unless the local one is the same and further on.

    The folder's counts: what another machine did stands there, and who removes it wants everything read anew.
    """
    with _newest(store) as ledger:
        if ledger == store.ledger:
            return
        discard(store.ledger)
        if ledger is not None:
            fetched = store.ledger.with_suffix(".fetched")
            shutil.copyfile(ledger, fetched)
            fetched.replace(store.ledger)


@contextmanager
def ledger_of(store: OutputDir) -> Iterator[Path | None]:
    """The ledger of an output folder to look at, None where nothing was run."""
    with _newest(store) as ledger:
        yield ledger if ledger is not None and ledger.is_file() else None


@contextmanager
def _newest(store: OutputDir) -> Iterator[Path | None]:
    if not isinstance(store.root, Url):
        yield store.ledger
        return
    with ExitStack() as stack:
        copy = stack.enter_context(scratch_file(".sqlite"))
        try:
            object_store.fetch(store.root / LEDGER, copy)
        except FileNotFoundError:
            yield None
            return
        except OSError as error:
            raise StorageError(f"cannot read {store.root / LEDGER}: {error.strerror or error}") from error
        seen = run_ids(copy)
        yield store.ledger if seen and seen[-1] in run_ids(store.ledger) else copy
