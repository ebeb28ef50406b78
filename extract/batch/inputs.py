"""The input files of a run: what they are called, and whether they are what they were."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from extract.batch.discovery import discover
from extract.errors import ChangedFile, InputError, MissingFile, UsageError
from extract.load.sniff import check_size
from extract.settings.defaults import LoadSettings
from extract.storage.file_version import Stamp, Version, is_folder, sha256, stamp
from extract.storage.location import Location, Url, absolute, parts
from extract.storage.temp_files import at_hand


@dataclass(frozen=True, slots=True)
class InputFile:
    """An input file and its path below the input folder, fit for JSON; an object's version as it was listed.

    `root` are the names on the way to that input folder.
    """

    place: Location
    name: str
    version: Version | None = None
    root: tuple[str, ...] = ()

    def stamp(self) -> Stamp | None:
        """What will differ once somebody writes to it; of an object, what the listing said."""
        return stamp(self.place) if isinstance(self.place, Path) else self.version


def find_inputs(paths: tuple[Location, ...], output: Location) -> list[InputFile]:
    """The files the paths mean, named by their path below the paths' common folder; nothing below the output folder.

    Raises UsageError when there is none, StorageError for a service that does not answer.
    """
    own = _real(output)
    everything = discover(paths)
    found = [one for one in everything if _real(one.place)[: len(own)] != own]
    if not found:
        named = ", ".join(map(str, paths))
        if everything:
            raise UsageError(f"{output} is, or holds, {named}: nothing in an output folder is read; name another")
        raise UsageError(f"no files in {named}")
    roots = [parts(one.root) for one in found]
    common = roots[0][: _in_common(roots)]
    return [InputFile(absolute(one.place), name_below(one.place, common), one.version, common) for one in found]


def name_below(place: Location, root: tuple[str, ...]) -> str:
    """The name of a file below a folder, by the names on the way there.

    It is valid Unicode with forward slashes; bytes that are no UTF-8 (old archives: GBK) are escaped. A key may have
    dots for names, which no file system keeps: they are escaped as well.
    """
    way = parts(place)
    below = way[len(root) :] or way[-1:]
    kept = (part.replace(".", "%2E") if part in {".", ".."} else part for part in below)
    return os.fsencode("/".join(kept)).decode("utf-8", "backslashreplace")


def content_hash(source: InputFile, settings: LoadSettings) -> str:
    """The content's hash. Raises InputError and its kin; opens nothing but regular files of a sane size."""
    if isinstance(source.place, Path) and is_folder(source.place):
        raise InputError(f"The folder cannot be listed: {_why_unlisted(source.place)}.")
    if isinstance(source.place, Path) and stamp(source.place) is None:
        raise MissingFile("The path does not exist or is not a file.")
    try:
        if source.version is not None:
            check_size(source.version.size, settings)
        with at_hand(source.place) as path:
            size = path.stat().st_size
            if source.version is not None and size != source.version.size:
                raise ChangedFile("Something wrote to the object after the folder was listed.")
            check_size(size, settings)
            return sha256(path)
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror}.") from error


def _why_unlisted(folder: Path) -> str:
    try:
        with os.scandir(folder):
            return "something changed it meanwhile"
    except OSError as error:
        return error.strerror or str(error)


def _in_common(ways: list[tuple[str, ...]]) -> int:
    """How many names all ways begin with: as many as the first and the last of them in order."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(min(ways), max(ways), strict=False)))


def _real(place: Location) -> tuple[str, ...]:
    """The names on the way to a place, links followed."""
    return parts(place if isinstance(place, Url) else Path(os.path.realpath(place)))
