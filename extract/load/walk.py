"""Which files a user means by the paths given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_LITTER = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
"""What Windows and macOS leave in folders; lower case."""


def discover(paths: Iterable[Path]) -> list[tuple[Path, Path]]:
    """Every file meant by the paths, each with its root: the folder given, or the file's own folder.

    Folders are walked recursively, sorted by name, links followed but no folder entered twice. Hidden files, litter of
    the operating system and output folders of earlier runs (report.json beside records/) are left out; files of
    unknown formats are not, and neither are given paths that do not exist: the reader says what is wrong with them.
    A file reached twice is listed once.
    """
    found: dict[str, tuple[Path, Path]] = {}
    for path in paths:
        files = _walk(path, set()) if path.is_dir() else iter((path,))
        root = path if path.is_dir() else path.parent
        for file in files:
            found.setdefault(os.path.realpath(file), (file, root))
    return list(found.values())


def _walk(folder: Path, seen: set[str]) -> Iterator[Path]:
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield folder  # the reader reports it
        return
    own = {"report.json", "report.html", "records"} if _is_output(folder) else set()
    for entry in entries:
        if entry.name in own or _is_litter(entry.name):
            continue
        if not entry.is_dir():
            yield entry
        elif not _is_output(entry):
            yield from _walk(entry, seen)


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER


def _is_output(folder: Path) -> bool:
    return (folder / "report.json").is_file() and (folder / "records").is_dir()
