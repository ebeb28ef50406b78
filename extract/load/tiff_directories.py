"""The chain of directories of a TIFF, one for each page, followed and checked before a decoder sees it (TIFF 6.0)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import BinaryIO

from extract.errors import InputError, TruncatedFile

_STRIPS, _TILES = (273, 279), (324, 325)
"""TIFF 6.0: offsets and byte counts of a page's strips, of its tiles."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value by its type; 13, 16, 17 and 18 are BigTIFF's."""

_INTEGERS = {1: "B", 3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a file is written: byte order, width of its offsets and counts in bytes, bytes of the count of entries."""

    order: str
    word: int
    count: str

    @property
    def offset(self) -> str:
        return self.order + ("I" if self.word == 4 else "Q")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A tag of a directory; `place` is where its values lie in the file."""

    type: int
    count: int
    place: int


def page_data(stream: BinaryIO, size: int) -> Iterator[frozenset[tuple[int, int]]]:
    """Of each directory in turn: where its pixels lie, as (offset, length) pairs, all within the `size` bytes.

    Raises TruncatedFile for a directory or pixels beyond the end of the file (libtiff paints missing lines white, and
    Pillow reads what stood in the directory before), InputError for a chain that comes back to where it was, for a
    page without pixels, and for one that shows the pixels of another.
    """
    layout, here = _header(stream)
    seen: set[int] = set()
    given: set[frozenset[tuple[int, int]]] = set()
    while here:
        if here in seen:
            raise InputError("The TIFF picture is damaged: its pages follow one another in a circle.")
        seen.add(here)
        entries, here = _directory(stream, here, layout, size)
        pixels = _pixels(stream, entries, layout, size)
        if not pixels:
            raise InputError("The TIFF picture is damaged: one of its pages has no pixels.")
        if pixels in given:
            raise InputError("The TIFF picture is damaged: two of its pages show the same pixels.")
        given.add(pixels)
        yield pixels


def _header(stream: BinaryIO) -> tuple[_Layout, int]:
    """The file's layout, and where its first directory lies."""
    stream.seek(0)
    order = "<" if _read(stream, 2) == b"II" else ">"
    (magic,) = struct.unpack(order + "H", _read(stream, 2))
    layout = _Layout(order, 8, "Q") if magic == 43 else _Layout(order, 4, "H")
    if layout.word == 8:
        _read(stream, 4)
    return layout, _number(stream, layout.offset)


def _directory(stream: BinaryIO, here: int, layout: _Layout, size: int) -> tuple[dict[int, _Entry], int]:
    """The tags of a directory, and where the next one lies (0 after the last)."""
    if here >= size:
        raise _beyond("a page's directory lies")
    stream.seek(here)
    count = _number(stream, layout.order + layout.count)
    length = 4 + 2 * layout.word
    if count * length > size:
        raise _beyond("a page's directory lies")
    table = _read(stream, count * length)
    following = _number(stream, layout.offset)
    entries: dict[int, _Entry] = {}
    for index in range(count):
        tag, kind, values = struct.unpack_from(layout.order + "HH" + layout.offset[1:], table, index * length)
        place = here + struct.calcsize("<" + layout.count) + index * length + 4 + layout.word
        if _SIZES.get(kind, 0) * values > layout.word:
            (place,) = struct.unpack_from(layout.offset, table, index * length + 4 + layout.word)
        entries.setdefault(tag, _Entry(kind, values, place))
    return entries, following


def _pixels(stream: BinaryIO, entries: dict[int, _Entry], layout: _Layout, size: int) -> frozenset[tuple[int, int]]:
    """Where the strips or tiles lie; the length is 0 where a file of the old kind does not say it.

    Tiles that a sparse file leaves out (offset 0) are left out.
    """
    pairs: set[tuple[int, int]] = set()
    for offsets, lengths in (_STRIPS, _TILES):
        if offsets in entries:
            places = _values(stream, entries[offsets], layout, size)
            stated = _values(stream, entries[lengths], layout, size) if lengths in entries else ()
            pairs.update((place, length) for place, length in zip_longest(places, stated, fillvalue=0) if place)
    if any(place + max(1, length) > size for place, length in pairs):
        raise _beyond("part of its pixels lie")
    return frozenset(pairs)


def _values(stream: BinaryIO, entry: _Entry, layout: _Layout, size: int) -> tuple[int, ...]:
    if entry.type not in _INTEGERS:
        raise InputError("The TIFF picture is damaged: it does not say where its pixels lie.")
    length = entry.count * _SIZES[entry.type]
    if entry.place + length > size:
        raise _beyond("a page's directory lies")
    stream.seek(entry.place)
    return struct.unpack(f"{layout.order}{entry.count}{_INTEGERS[entry.type]}", _read(stream, length))


def _number(stream: BinaryIO, code: str) -> int:
    (value,) = struct.unpack(code, _read(stream, struct.calcsize(code)))
    return int(value)


def _read(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise _beyond("a page's directory lies")
    return data


def _beyond(what: str) -> TruncatedFile:
    return TruncatedFile(f"The TIFF picture breaks off: {what} beyond the end of the file.")
