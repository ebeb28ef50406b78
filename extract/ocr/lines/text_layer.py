"""Lines from a text layer: its words cut at the cells and joined to visual lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from extract.geometry import Box, overlap_1d
from extract.model import Char, TextLine

_SPACE_CHARS = 0.25
_JOIN_GAP_CHARS = 3.0
_SAME_LINE = 0.5


def lines(words: Sequence[TextLine], cells: Sequence[Box], char_height: float) -> tuple[TextLine, ...]:
    """Lines of the words of each cell, and of those outside of all cells; words without a quad are left out."""
    parts = [part for word in words if word.quad is not None for part in _cut(word, cells)]
    found: list[TextLine] = []
    for _, group in groupby(sorted(parts, key=lambda part: part[0]), key=lambda part: part[0]):
        found.extend(_joined([line for _, line in group], char_height))
    return tuple(found)


def _cut(word: TextLine, cells: Sequence[Box]) -> list[tuple[int, TextLine]]:
    """A word's characters by the cell they stand in (-1: none)."""
    chars = word.chars or _spaced(word.text)
    box = _box(word)
    placed = []
    for char in chars:
        x = box.x0 + (0.5 if char.x is None else char.x) * box.width
        placed.append((_cell_at(x, box.cy, cells), char))
    parts = []
    for index, run in groupby(placed, key=lambda item: item[0]):
        kept = tuple(char for _, char in run)
        if not "".join(c.text for c in kept).isspace():
            parts.append((index, _part(word, kept, len(chars))))
    return parts


def _part(word: TextLine, chars: tuple[Char, ...], total: int) -> TextLine:
    if len(chars) == total:
        return replace(word, chars=chars)
    box = _box(word)
    places = [c.x for c in chars if c.x is not None]
    half = 0.5 / total
    x0, x1 = max(0.0, min(places) - half), min(1.0, max(places) + half)
    cut = Box(box.x0 + x0 * box.width, box.y0, box.x0 + x1 * box.width, box.y1)
    moved = tuple(replace(c, x=((c.x or 0.0) - x0) / max(1e-9, x1 - x0)) for c in chars)
    return replace(word, text="".join(c.text for c in chars), quad=cut.quad(), chars=moved)


def _spaced(text: str) -> tuple[Char, ...]:
    """Characters at the places their usual widths give: full-width ones take two, others one."""
    widths = [2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text]
    total, start, chars = sum(widths), 0, []
    for character, width in zip(text, widths, strict=True):
        chars.append(Char(character, 1.0, (), (start + width / 2) / total))
        start += width
    return tuple(chars)


def _cell_at(x: float, y: float, cells: Sequence[Box]) -> int:
    return next((index for index, cell in enumerate(cells) if cell.contains(x, y)), -1)


def _joined(parts: Iterable[TextLine], char: float) -> list[TextLine]:
    rows: list[list[TextLine]] = []
    for part in sorted(parts, key=lambda p: (_box(p).x0, _box(p).y0)):
        for row in rows:
            if _follows(_box(row[-1]), _box(part), char):
                row.append(part)
                break
        else:
            rows.append([part])
    return [_line(row, char) for row in rows]


def _follows(left: Box, right: Box, char: float) -> bool:
    shared = overlap_1d(left.y0, left.y1, right.y0, right.y1)
    return shared >= _SAME_LINE * min(left.height, right.height) and right.x0 - left.x1 <= _JOIN_GAP_CHARS * char


def _line(row: Sequence[TextLine], char: float) -> TextLine:
    if len(row) == 1:
        return row[0]
    whole = Box.around(_box(part) for part in row)
    chars: list[Char] = []
    for index, part in enumerate(row):
        box = _box(part)
        if index and box.x0 - _box(row[index - 1]).x1 > _SPACE_CHARS * char:
            chars.append(Char(" ", 1.0, (), (box.x0 - whole.x0) / whole.width))
        for c in part.chars:
            x = box.x0 + (0.5 if c.x is None else c.x) * box.width
            chars.append(replace(c, x=(x - whole.x0) / max(1e-9, whole.width)))
    confidence = min((p.confidence for p in row if p.confidence is not None), default=None)
    text = "".join(c.text for c in chars)
    return replace(row[0], text=text, quad=whole.quad(), confidence=confidence, chars=tuple(chars))


def _box(word: TextLine) -> Box:
    if word.quad is None:
        raise ValueError("a word of a text layer has a place")
    return word.quad.box
