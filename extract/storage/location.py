"""Where scans and records are: on a disk of this machine, or behind a URL."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from extract.errors import UsageError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
"""RFC 3986, section 3.1."""


@dataclass(frozen=True, slots=True)
class Url:
    """An object or a folder of objects: `s3://bucket/key`; nothing in it is percent-encoded, as fsspec has it."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, below: str) -> Url:
        return Url(f"{self.text}/{below}")

    @property
    def protocol(self) -> str:
        """What stands before `://`."""
        return self.text.partition("://")[0]

    @property
    def parts(self) -> tuple[str, ...]:
        """Protocol, bucket (or host), and the names of the key."""
        return (self.protocol, *self.text.partition("://")[2].split("/"))

    @property
    def parent(self) -> Url:
        """The folder it lies in; a bucket lies in none but itself."""
        parts = self.parts
        return Url(f"{parts[0]}://{'/'.join(parts[1:-1])}") if len(parts) > 2 else self

    @property
    def suffix(self) -> str:
        """The end of the name, from its last dot on."""
        return PurePosixPath(self.parts[-1]).suffix


Location = Path | Url


def place(given: str | Path) -> Location:
    """What a user's argument means; `file://` is a path. Raises UsageError for what names nothing.

    An empty name would be the working folder, and whoever gives one (a variable that is not set) means another.
    """
    if isinstance(given, Path):
        return given
    if not given:
        raise UsageError("an empty path names nothing; for the working folder write .")
    scheme = _SCHEME.match(given)
    if scheme is None:
        return Path(given)
    rest = given[scheme.end() :]
    if scheme[1].lower() == "file":
        return _local(given, rest)
    if not rest.strip("/"):
        raise UsageError(f"{given} names no bucket; write it as {scheme[1]}://bucket/folder")
    return Url(f"{scheme[1].lower()}://{rest.rstrip('/')}")


def absolute(given: Location) -> Location:
    """The same place, whatever folder a process works in."""
    return given if isinstance(given, Url) else given.absolute()


def parts(given: Location) -> tuple[str, ...]:
    """The names on the way to a place, from its protocol on; no two places of different kinds begin alike."""
    return given.parts if isinstance(given, Url) else ("file", *Path(os.path.abspath(given)).parts[1:])


def _local(given: str, rest: str) -> Path:
    """RFC 8089: the path after an empty host or `localhost`, percent-encoded."""
    host, slash, path = rest.partition("/")
    if host not in {"", "localhost"} or not slash:
        raise UsageError(f"{given} is no file URL; write it as file:///folder")
    return Path(unquote(f"/{path}", errors="surrogateescape"))
