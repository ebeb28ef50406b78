"""A text export as one run of characters, with what stands between them: nothing, a space, a line end, a cell wall."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import accumulate
from statistics import median

from extract.text import fold

MIN_CELL_SHARE = 0.5
"""Of the lines of a text, how many must hold a tab or a pipe before these count as the walls of its cells."""
MIN_LINES = 6
"""A text with fewer lines tells nothing by its line ends: they are page ends."""
MAX_LINE_CHARS = 40
"""Half of the lines of a text with one cell a line are shorter than this."""
MIN_PAGE_CHARS = 80
"""Lines this long are whole pages."""

_PAGE_MARK = re.compile(r"^\s*(\d{1,3})、")
_CUT_MARK = re.compile(r"^[\[【][^\[\]【】]{1,40}[\]】]$")
_RULER = re.compile(r"^[\s|:\-]+$")
_WORD_END = re.compile(r"[A-Za-z]$")


class Gap(IntEnum):
    """What stands between two characters, weakest first."""

    NONE = 0
    SPACE = 1
    LINE = 2
    CELL = 3
    ROW = 4


class Shape(StrEnum):
    """What cuts a text into cells: walls (tabs, pipes), line ends, or nothing."""

    CELLS = "cells"
    LINES = "lines"
    RUN = "run"


@dataclass(frozen=True)
class Stream:
    """The characters of a text without white space and walls.

    `gaps[i]` is what stands before character i, `blanks[i]` how many blank cells the text states there; both have one
    entry more than there are characters. `cut` tells that the text itself says that it goes on elsewhere, `single` that
    every line is a cell.
    """

    text: str
    gaps: tuple[Gap, ...]
    blanks: tuple[int, ...]
    shape: Shape
    cut: bool = False
    single: bool = False

    def __len__(self) -> int:
        return len(self.text)

    @cached_property
    def states_blanks(self) -> bool:
        """Whether blank cells are told in this text at all."""
        return any(self.blanks)

    def piece(self, start: int, end: int) -> str:
        """The folded text between two characters, white space as the text has it."""
        if self._spaced[end - 1] == self._spaced[start] if end > start else True:
            return self.text[start:end]
        parts: list[str] = []
        for i in range(start, end):
            gap = self.gaps[i] if i > start else Gap.NONE
            wide = gap is Gap.SPACE or (gap > Gap.SPACE and _WORD_END.search(parts[-1]) and self.text[i].isalpha())
            parts.append(f" {self.text[i]}" if wide else self.text[i])
        return fold("".join(parts))

    @cached_property
    def _spaced(self) -> tuple[int, ...]:
        """How many characters up to each have white space or a wall before them."""
        return tuple(accumulate(int(gap is not Gap.NONE) for gap in self.gaps))

    def part(self, start: int, end: int) -> Stream:
        """The stream between two characters, as one of its own."""
        return Stream(
            self.text[start:end], self.gaps[start : end + 1], self.blanks[start : end + 1], self.shape,
            self.cut and end == len(self),
            self.single,
        )  # fmt: skip


def stream_of(text: str) -> Stream:
    """A text as a stream; page marks that a viewer put before each page (`1、`, `2、`) are taken out."""
    lines = re.split(r"\r\n|\n|\r|\f", text)
    while lines and not lines[-1].strip():
        lines.pop()
    cut = bool(lines) and bool(_CUT_MARK.match(lines[-1].strip()))
    if cut:
        lines.pop()
    lines = _without_page_marks(lines)
    shape = _shape(lines)
    single = shape is Shape.CELLS and _single_cells(lines)
    writer = _Writer()
    for line in lines:
        if shape is Shape.CELLS:
            _write_cells(writer, line, single)
        else:
            writer.put(line)
            if not line.strip() and shape is Shape.LINES:
                writer.blank += 1
        writer.gap(Gap.LINE)
    return writer.stream(shape, cut, single)


def _without_page_marks(lines: list[str]) -> list[str]:
    """The lines of pages without the numbers before them; the first page's number may be missing."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or median(map(len, filled[:-1])) < MIN_PAGE_CHARS:
        return lines
    marks = [(i, _PAGE_MARK.match(line)) for i, line in enumerate(filled, 1)]
    if any((m is None and i > 1) or (m is not None and int(m[1]) != i) for i, m in marks):
        return lines
    return [_PAGE_MARK.sub("", line) for line in filled]


def _shape(lines: list[str]) -> Shape:
    filled = [line for line in lines if line.strip()]
    walled = sum("\t" in line or "|" in line for line in filled)
    if len(filled) > 2 and walled >= MIN_CELL_SHARE * len(filled):
        return Shape.CELLS
    if len(filled) >= MIN_LINES and median(len(line.strip()) for line in filled) <= MAX_LINE_CHARS:
        return Shape.LINES
    return Shape.RUN


def _single_cells(lines: list[str]) -> bool:
    """Whether most lines hold one cell, a wall at its end: then a line end is a wall and tells nothing of rows."""
    filled = [line for line in lines if line.strip(" |")]
    return sum(len(cells(line)[0]) <= 1 for line in filled) > 0.7 * len(filled)


def cells(line: str) -> tuple[list[str], bool]:
    """The cells of a line, and whether a wall stands at its end."""
    if "\t" in line:
        return line.split("\t"), True
    bare = line.strip()
    if "|" not in bare:
        return [line], False
    if bare == "|":
        return [""], True
    closed = bare.endswith("|")
    inner = bare[1:] if bare.startswith("|") else bare
    parts = inner.split("|")
    return (parts[:-1] if closed and len(parts) > 1 else parts), closed


def _write_cells(writer: _Writer, line: str, single: bool) -> None:
    if not line.strip() or (_RULER.match(line) and "-" in line):
        return
    parts, closed = cells(line)
    for i, part in enumerate(parts):
        if i:
            writer.gap(Gap.CELL)
        if part.strip():
            writer.put(part)
        else:
            writer.blank += 1
    if closed:
        writer.gap(Gap.CELL if single else Gap.ROW)


class _Writer:
    """Collects characters, and the strongest gap and the blank cells since the last one."""

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.gaps: list[Gap] = []
        self.blanks: list[int] = []
        self.blank = 0
        self._gap = Gap.ROW

    def gap(self, gap: Gap) -> None:
        """Note what stands before the next character."""
        self._gap = max(self._gap, gap)

    def put(self, text: str) -> None:
        """Add the characters of a text, its white space as gaps."""
        for char in text:
            plain = fold(char)
            if not plain or char.isspace():
                self.gap(Gap.SPACE)
                continue
            self.chars.append(plain)
            self.gaps.append(self._gap)
            self.blanks.append(self.blank)
            self._gap, self.blank = Gap.NONE, 0

    def stream(self, shape: Shape, cut: bool, single: bool) -> Stream:
        """What was collected."""
        return Stream(
            "".join(self.chars),
            (*self.gaps, max(self._gap, Gap.LINE)),
            (*self.blanks, self.blank),
            shape,
            cut,
            single,
        )
