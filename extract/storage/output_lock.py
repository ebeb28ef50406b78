"""One run at a time in an output folder."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from extract.errors import OutputError, StorageError
from extract.storage import object_store
from extract.storage.location import Url
from extract.storage.output_dir import LEDGER, STATE, OutputDir, cannot_write


class OutputLock(Protocol):
    """What keeps other runs out of an output folder."""

    def check(self) -> None:
        """Raise OutputError where another run has the folder now."""


@contextmanager
def locked(store: OutputDir) -> Iterator[OutputLock]:
    """Hold the output folder against a second run. Raises OutputError when another one has it.

    On a machine it is a file's lock that does so, which ends with its process, however that ends. Behind a URL there
    is an object as well, for the runs of other machines.
    """
    try:
        store.state.mkdir(parents=True, exist_ok=True)
        file = (store.state / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise cannot_write(error.filename or store.state, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            failure = OutputError(f"another run is writing to {store.root}")
            failure.remedy = "Wait for it to end, or choose another folder with -o."
            raise failure from error
        if isinstance(store.root, Path):
            yield _LocalLock()
            return
        claim = _RemoteLock(store.root, _holder(file))
        claim.take()
        try:
            yield claim
        finally:
            claim.release()


class _LocalLock:
    """The file's lock is enough."""

    def check(self) -> None:
        """No other process can have it."""


@dataclass(frozen=True)
class _Holder:
    """Who holds a folder; `state` names the local state, which is the same in all runs of one machine."""

    state: str
    host: str
    user: str
    process: int
    since: str

    def is_same_machine(self, other: _Holder) -> bool:
        """Whether the file's lock that one of them has keeps the other out."""
        return (self.state, self.host) == (other.state, other.host)


@dataclass(frozen=True)
class _RemoteLock:
    """An object that stores put, where there is none, for one of any number of runs that try."""

    root: Url
    holder: _Holder

    @property
    def _object(self) -> Url:
        return self.root / STATE / "lock"

    def take(self) -> None:
        """Put the object; one of this machine is a dead run's, as the file's lock is held here."""
        content = json.dumps(asdict(self.holder)).encode()
        try:
            if not object_store.create(self._object, content):
                other = self._found()
                if other is not None and not other.is_same_machine(self.holder):
                    raise self._taken(other)
                object_store.write(self._object, content)
        except OSError as error:
            raise StorageError(f"cannot write {self._object}: {error.strerror or error}") from error
        self.check()  # a store that ignores the condition has let the last one in

    def check(self) -> None:
        """Raise OutputError where the object is gone or another run's: somebody removed it."""
        if self._found() != self.holder:
            raise OutputError(f"another run has taken {self.root}, or somebody removed {self._object}")

    def release(self) -> None:
        """Remove the object where it is this run's."""
        if self._found() == self.holder:
            object_store.remove(self._object)

    def _found(self) -> _Holder | None:
        try:
            return _Holder(**json.loads(object_store.read(self._object)))
        except (OSError, ValueError, TypeError):
            return None

    def _taken(self, other: _Holder) -> OutputError:
        failure = OutputError(
            f"another run is writing to {self.root}: process {other.process} of {other.user} on {other.host}, "
            f"since {other.since}; it last saved its ledger {_age(self.root / LEDGER)}"
        )
        failure.remedy = f"Wait for it to end. If it was killed, or its machine is gone: remove {self._object}"
        return failure


def _holder(file: IO[str]) -> _Holder:
    """This process; the local state gets its name once, in the file that is locked."""
    file.seek(0)
    state = file.read()
    if not state:
        state = uuid.uuid4().hex
        file.write(state)
        file.flush()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return _Holder(state, socket.gethostname(), _user(), os.getpid(), now)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _age(ledger: Url) -> str:
    found = object_store.look(ledger)
    if found is None or found.modified is None:
        return "at an unknown time"
    return f"{(datetime.now(UTC) - found.modified).total_seconds() / 60:.0f} min ago"
