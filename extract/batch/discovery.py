"""Which files a user means by the paths and URLs given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.errors import StorageError
from extract.storage import object_store
from extract.storage.file_version import Version, is_folder, stamp
from extract.storage.location import Location, Url

_LITTER = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
"""What Windows and macOS leave in folders; lower case."""

_OWN = frozenset(("report.json", "report.html", "records"))
"""What a run leaves in its output folder, beside hidden files."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, and its root: the folder given, or the file's own folder; an object's version as it was listed."""

    place: Location
    root: Location
    version: Version | None = None


def discover(places: Iterable[Location]) -> list[FoundFile]:
    """Every file meant by the places.

    Folders are walked recursively, sorted by name, links followed but no folder entered twice. Hidden files, litter of
    the operating system and output folders of earlier runs (report.json beside records/) are left out; files of
    unknown formats are not, and neither are given places that do not exist: the reader says what is wrong with them.
    A file reached twice is listed once. Raises StorageError for a service that does not answer.
    """
    found: dict[str, FoundFile] = {}
    for place in places:
        for one in _listed(place) if isinstance(place, Url) else _files(place):
            found.setdefault(one.place.text if isinstance(one.place, Url) else os.path.realpath(one.place), one)
    return list(found.values())


def _files(path: Path) -> Iterator[FoundFile]:
    if not is_folder(path):
        yield FoundFile(path, path.parent)
        return
    for file in _walk(path, set()):
        yield FoundFile(file, path)


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
    own = _OWN if _is_output(folder) else frozenset()
    for entry in entries:
        if entry.name in own or _is_litter(entry.name):
            continue
        if not is_folder(entry):
            yield entry
        elif not _is_output(entry):
            yield from _walk(entry, seen)


def _is_output(folder: Path) -> bool:
    return stamp(folder / "report.json") is not None and is_folder(folder / "records")


def _listed(url: Url) -> Iterator[FoundFile]:
    try:
        yield from _objects(url)
    except OSError as error:
        raise StorageError(f"{url} cannot be listed: {error}") from error


def _objects(url: Url) -> Iterator[FoundFile]:
    there = object_store.look(url)
    if there is None or there.version is not None:
        yield FoundFile(url, url.parent, None if there is None else there.version)
        return
    yield from _walk_objects(url, url)


def _walk_objects(folder: Url, root: Url) -> Iterator[FoundFile]:
    """The same rules as for folders of a disk; a folder is listed when its turn comes."""
    listed = object_store.listing(folder)
    is_output = {(one.name, one.is_folder) for one in listed} >= {("report.json", False), ("records", True)}
    if is_output and folder != root:
        return
    for one in listed:
        if _is_litter(one.name) or (is_output and one.name in _OWN):
            continue
        if one.version is None:
            yield from _walk_objects(folder / one.name, root)
        else:
            yield FoundFile(folder / one.name, root, one.version)


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER
