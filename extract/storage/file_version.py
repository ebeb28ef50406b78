"""Whether a file is still what it was when it was last looked at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG


@dataclass(frozen=True, slots=True)
class Version:
    """An object's size in bytes and its entity tag, which no other content of this object has; None where unknown."""

    size: int
    tag: str | None


Stamp = tuple[int, int, int] | Version
"""What changes when a file is written or replaced: its inode, its size in bytes, its time of change in ns."""


def stamp(path: Path) -> Stamp | None:
    """None for what is gone or is no regular file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if S_ISREG(found.st_mode) else None


def is_folder(path: Path) -> bool:
    """Whether there is a folder; a path that cannot be looked at (too long, no rights) leads to none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def sha256(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
