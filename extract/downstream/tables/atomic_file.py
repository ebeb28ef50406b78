"""Exported files take their place when all of them are whole, and not otherwise."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.errors import OutputError


class Unfinished:
    """Files being written beside where they will stand."""

    def __init__(self, target: Path, folder: Path) -> None:
        self._target = target
        self._folder = folder
        self._files: dict[Path, Path] = {}

    def file(self, table: str | None = None) -> Path:
        """Where to write the target itself, or the file of one of its tables: `forms.csv` gives `forms.TABLE.csv`."""
        target = self._target
        if table is not None:
            target = target.with_name(f"{target.stem}.{table}{target.suffix}")
        return self._files.setdefault(target, self._folder / target.name)

    def finish(self) -> tuple[Path, ...]:
        """Put all files where they belong."""
        for target, file in self._files.items():
            file.replace(target)
        return tuple(self._files)


@contextmanager
def unfinished(target: Path) -> Iterator[Unfinished]:
    """A place to write; nothing of it stays unless it is finished. Raises OutputError where it cannot be written."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".zhibiao-", dir=target.parent))
        try:
            yield Unfinished(target, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
