"""Whether a damaged file ends before its content does, told by its own bookkeeping."""

from __future__ import annotations

from pathlib import Path

from extract.load.sniff import Kind

_TAIL_BYTES = 65536


def breaks_off(path: Path, kind: Kind) -> bool:
    """True where the file lacks its end mark or is shorter than its header says; False where nothing can be told."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(16)
        stream.seek(max(0, size - _TAIL_BYTES))
        tail = stream.read()
    if kind is Kind.PNG:
        return b"IEND" not in tail
    if kind is Kind.JPEG:
        return b"\xff\xd9" not in tail
    if kind is Kind.BMP:
        return int.from_bytes(head[2:6], "little") > size
    if kind is Kind.WEBP:
        return int.from_bytes(head[4:8], "little") + 8 > size
    if kind is Kind.TIFF:
        return int.from_bytes(head[4:8], "little" if head[:2] == b"II" else "big") >= size
    if kind is Kind.PDF:
        return b"%%EOF" not in tail
    return False
