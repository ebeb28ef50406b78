"""Whether a file has been written to since it was last looked at."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

Stamp = tuple[int, int, int]
"""What changes when a file is written or replaced: its inode, its size in bytes, its time of change in ns."""


def stamp(path: Path) -> Stamp | None:
    """None for what is gone or is no regular file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if S_ISREG(found.st_mode) else None
