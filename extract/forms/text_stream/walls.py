"""What the places of a run say for the end of a cell: walls and lines if there are any, else the characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from extract.forms.text_stream.stream import Gap, Shape, Stream

Span = tuple[int, int]

LONG = 90
"""In runs longer than this a cell does not end between any two Chinese characters."""
ROW_END_COST = 3.0
"""A row that goes on behind a line end with a wall: some exports break rows over lines, most do not."""
MAX_SHORT_LINE = 3
"""A line this short was hardly broken because it was full."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_DATE_MARKS = frozenset(("年", "月"))
"""Behind a year or a month there may stand a day of the same date."""
_DATE = re.compile(r"\d{4}\D\d{1,2}\D(?:\d{1,2}\D?)?")
_STOP = frozenset("。；;)）”")
_FIGURE = frozenset("0123456789.,")
_MEASURE = frozenset("0123456789.%")
_SIGN = frozenset("≥≤≧≦><=＝")


@dataclass(frozen=True)
class Walls:
    """The places of one run, start and end of it in `span`; values in nats, below 0 for what speaks against a wall."""

    stream: Stream
    span: Span
    unit_begins: Callable[[str], bool]

    def may_cut(self, i: int) -> bool:
        """Whether a cell may end at a place at all."""
        gap, shape = self.stream.gaps[i], self.stream.shape
        if gap > Gap.SPACE or (gap is Gap.SPACE and shape is not Shape.CELLS):
            return True
        if shape is not Shape.RUN:
            return False
        before, after = self.stream.text[i - 1], self.stream.text[i]
        if self.span[1] - self.span[0] <= LONG or before in _STOP:
            return True
        return not (_CHINESE.match(before) and _CHINESE.match(after)) or self._doubled(i)

    def inside(self, i: int) -> float:
        """What a cell costs that goes on over a place."""
        gap, shape = self.stream.gaps[i], self.stream.shape
        if shape is Shape.CELLS:
            return {Gap.CELL: -8.0, Gap.ROW: -10.0, Gap.LINE: -0.5}.get(gap, 0.0)
        if shape is Shape.LINES:
            return self._broken_line(i) if gap is Gap.LINE else 0.0
        around = self.stream.text[i - 1] in _MEASURE, self.stream.text[i] in _MEASURE
        return -1.5 if gap is Gap.SPACE and any(around) else 0.0

    def _broken_line(self, i: int) -> float:
        """What a cell costs that goes on behind a line end.

        A line that is a figure or a date is a cell; a cell breaks where its line is full: the next is no longer.
        """
        gaps, text = self.stream.gaps, self.stream.text
        start = next((k for k in range(i - 1, -1, -1) if gaps[k] >= Gap.LINE), 0)
        end = next((k for k in range(i + 1, len(text)) if gaps[k] >= Gap.LINE), len(text))
        lines = text[start:i], text[i:end]
        if any(set(line) <= _MEASURE or _DATE.fullmatch(line) for line in lines):
            return -4.0
        return -0.8 - (3.0 if i - start + 1 < end - i else 0.0) - (1.0 if i - start <= MAX_SHORT_LINE else 0.0)

    def inside_number(self, i: int) -> bool:
        """Whether a place is between two digits of one figure."""
        text = self.stream.text
        return 0 < i < len(text) and text[i - 1].isdigit() and text[i].isdigit() and self.stream.gaps[i] is Gap.NONE

    def edge(self, q: int) -> float:
        """What a place says for a wall that the text does not show."""
        gap, shape = self.stream.gaps[q], self.stream.shape
        if shape is Shape.CELLS:
            return -ROW_END_COST if gap is Gap.ROW else 0.0 if gap is Gap.CELL else -1.0
        if shape is Shape.LINES:
            return 0.0 if gap >= Gap.LINE else -1.5
        before, after = self.stream.text[q - 1], self.stream.text[q]
        if after in "%‰)）":
            return -5.0
        if after in _SIGN:
            return 1.0
        if gap >= Gap.SPACE or before in "%。；;":
            return 0.0
        if before.isdigit() and after.isdigit():
            return self._inside_figure(q)
        if self._at_point(q):
            return -20.0
        chinese = bool(_CHINESE.match(before)), bool(_CHINESE.match(after))
        if all(chinese):
            return -0.8 if self._doubled(q) else -2.5
        unit = before.isdigit() and self.unit_begins(self.stream.text[q : q + 3])
        return -1.2 if unit else -0.1 if any(chinese) else -0.3

    def _doubled(self, i: int) -> bool:
        """Whether a text that stands twice begins at a place, or begins again there."""
        text, (a, b) = self.stream.text, self.span
        return any(
            (i + 2 * n <= b and text[i : i + n] == text[i + n : i + 2 * n])
            or (i - n >= a and i + n <= b and text[i - n : i] == text[i : i + n])
            for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12)
        )

    def _at_point(self, q: int) -> bool:
        """Whether a place is before or behind the point or comma of a figure."""
        text = self.stream.text
        return any(
            text[k] in ".," and 0 < k < len(text) - 1 and text[k - 1].isdigit() and text[k + 1].isdigit()
            for k in (q - 1, q)
        )

    def inside_date(self, q: int) -> bool:
        """Whether a place is within a date: behind a figure that a mark of a date follows, or behind such a mark."""
        before, after = self.stream.text[q - 1], self.stream.text[q]
        return (before in _DATE_MARKS and after.isdigit()) or (before.isdigit() and after in _DATE_MARKS)

    def _inside_figure(self, q: int) -> float:
        """A cut between two digits: dear, and the dearer where white space stands around the whole figure."""
        text, gaps = self.stream.text, self.stream.gaps
        start = end = q
        while start > 0 and text[start - 1] in _FIGURE and gaps[start] is Gap.NONE:
            start -= 1
        while end < len(text) and text[end] in _FIGURE and gaps[end] is Gap.NONE:
            end += 1
        return -8.0 if gaps[start] > Gap.NONE and gaps[end] > Gap.NONE else -1.0
