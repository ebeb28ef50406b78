"""Which files of a folder are ready to be read: those that have stopped growing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extract.batch.inputs import InputFile
from extract.storage.file_version import Stamp


@dataclass(frozen=True, slots=True)
class _Seen:
    stamp: Stamp
    since: float
    taken: bool = False


class Watcher:
    """Looks at files again and again, and gives each out once it has been the same for `settle_seconds`.

    A file that changes after it was given out is given out again.
    """

    def __init__(self, settle_seconds: float) -> None:
        self._settle_seconds = settle_seconds
        self._seen: dict[str, _Seen] = {}

    def ready(self, sources: Iterable[InputFile], now: float) -> list[InputFile]:
        """The files to read now; `now` is in seconds of a clock that only goes forward."""
        seen, found = {}, []
        for source in sources:
            current = source.stamp()
            if current is None:
                continue
            known = self._seen.get(source.name)
            if known is None or known.stamp != current:
                known = _Seen(current, now)
            if not known.taken and now - known.since >= self._settle_seconds:
                found.append(source)
                known = _Seen(current, known.since, taken=True)
            seen[source.name] = known
        self._seen = seen
        return found
