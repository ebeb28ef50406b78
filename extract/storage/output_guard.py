"""Whether an output folder is still the one that a run began in."""

from __future__ import annotations

import os
from pathlib import Path

from extract.errors import OutputGone
from extract.storage.output_dir import OutputDir, cannot_write


class OutputGuard:
    """The folders of a local output folder and its ledger, as they were when a run began; behind a URL, nothing.

    Linux lets a folder be removed under the files that are open in it: what is written then is lost without an error.
    """

    def __init__(self, store: OutputDir) -> None:
        """Raises OutputError where they cannot be looked at."""
        folders = (store.state, store.root / "records") if isinstance(store.root, Path) else ()
        self._root = store.root
        self._open: list[int] = []
        try:
            # A folder that is open keeps its inode when it is removed, so that no new one gets it; the ledger is open.
            self._open.extend(os.open(folder, os.O_RDONLY) for folder in folders)
            self._were = {path: path.stat() for path in (*folders, store.ledger) if folders}
        except OSError as error:
            raise cannot_write(store.root, error) from error

    def check(self) -> None:
        """Raise OutputGone where one of them is no longer what its path leads to."""
        for path, was in self._were.items():
            try:
                stands = os.path.samestat(path.stat(), was)
            except OSError:
                stands = False
            if not stands:
                raise OutputGone(f"somebody removed or replaced {self._root} ({path} is not what it was)")

    def close(self) -> None:
        """Let go."""
        while self._open:
            os.close(self._open.pop())
