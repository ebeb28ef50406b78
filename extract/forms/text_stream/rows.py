"""A run of text cut into rows and cells: the likeliest cuts, best first (k-best dynamic programming).

A state is a place in the text, the column that comes next, and how many columns were left blank since the last cell.
Huang and Chiang (2005), Better k-best parsing, algorithm 1: every state keeps its k best ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from extract.forms.spec import ValueType
from extract.forms.text_stream.cell_fit import CellFit
from extract.forms.text_stream.grammar import Cell
from extract.forms.text_stream.stream import Gap, Shape, Stream

Span = tuple[int, int]
Row = tuple[Span | None, ...]
"""The place of each cell of a row, None for a blank one."""

ROW_COST = 1.0
NAMELESS_COST = 5.0
"""A row without the text that names it."""
REQUIRED_COST = 1.5
BLANK_COST = 0.6
"""A blank cell in a text that tells no blank cells; where it does, a blank too many costs UNTOLD_COST."""
UNTOLD_COST = 2.5
UNUSED_COST = 0.15
SAME_GAIN = 0.8
"""Targets are met more often than not: a cell that says what its neighbour says."""
FILLER_GAIN = 2.0
REMARK_COST = 1.5
"""A text in a run that is no row's name is rather the name of the next row, the more so with rates in it."""
FIGURE_COST = 1.5
LONG = 90
"""In runs longer than this a cell does not end between any two Chinese characters."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_RATE = re.compile(r"[\u3400-\u9fff]\d[\d.]*(?:%|$)")
_STOP = frozenset("。；;)）”")
_SIGN = frozenset("≥≤≧≦><=＝")


class Way(NamedTuple):
    """A way to a state: what it is worth, and the cell it ends with, behind the way before."""

    score: float
    before: Way | None
    column: int
    start: int
    end: int


@dataclass(frozen=True)
class Segmentation:
    """Rows of cells and what they are worth, in nats."""

    score: float
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Plan:
    """The columns that a row fills, in order; `name` is the place of the one that names the row (-1: none).

    `fillers` match the texts of a form's empty rows.
    """

    cells: tuple[Cell, ...]
    name: int = -1
    fillers: tuple[str, ...] = ()
    many: bool = True


class Segmenter:
    """Cuts runs of one text."""

    def __init__(self, stream: Stream, fit: CellFit) -> None:
        self.stream = stream
        self._fit = lru_cache(maxsize=200_000)(fit)

    def segment(self, span: Span, plan: Plan, best: int) -> tuple[Segmentation, ...]:
        """The likeliest rows of a run, best first; none where there is no way through."""
        return _Search(self, span, plan, best).run()

    def is_filler(self, plan: Plan, span: Span) -> bool:
        """Whether a text is what a form prints in rows that nobody filled."""
        return any(re.match(f, self.stream.piece(*span)) for f in plan.fillers)

    def fit(self, plan: Plan, column: int, start: int, end: int) -> float | None:
        """What the text start..end says for standing in a column."""
        text = self.stream.piece(start, end)
        if any(re.match(f, text) for f in plan.fillers):
            return FILLER_GAIN if column == plan.name else None
        value = self._fit(plan.cells[column], text, column == plan.name)
        if value is None or self.stream.shape is not Shape.RUN or plan.cells[column].spec.type is not ValueType.TEXT:
            return value
        return value if column == plan.name else value - REMARK_COST - FIGURE_COST * len(_RATE.findall(text))


class _Search:
    """One dynamic programme over the places of a run at which a cell may begin or end."""

    def __init__(self, segmenter: Segmenter, span: Span, plan: Plan, best: int) -> None:
        self.s, self.span, self.plan, self.best = segmenter, span, plan, best
        self.stream = segmenter.stream
        self.width = len(plan.cells)
        self.points = self._points()
        self.begun: dict[int, dict[tuple[int, int], list[Way]]] = {p: {} for p in self.points}
        self.fresh: dict[int, list[Way]] = {self.span[0]: [Way(0.0, None, -1, self.span[0], self.span[0])]}

    def run(self) -> tuple[Segmentation, ...]:
        """The best ways through the run."""
        finals: list[Way] = []
        for p in self.points:
            begun = self.begun[p]
            for column in range(self.width):
                for skipped in range(self.width):
                    self._advance(p, column, skipped, begun.get((column, skipped), ()), begun)
            ended = self._ended(p, begun)
            if p == self.span[1]:
                finals = ended
            elif self.plan.many or p == self.span[0]:
                opened = [w._replace(score=w.score - self._opening(p)) for w in (*ended, *self.fresh.get(p, ()))]
                self._open(p, self._top(opened))
        return tuple(Segmentation(w.score, _rows(w, self.width)) for w in self._top(finals))

    def _open(self, p: int, ways: Sequence[Way]) -> None:
        """Begin a row at p, its first cells blank or not."""
        begin = [Way(w.score, w, -1, p, p) for w in ways]
        for column in range(self.width):
            if not begin:
                return
            self._consume(p, column, column, begin)
            begin = [w._replace(score=w.score - self._blank(column)) for w in begin]

    def _advance(
        self, p: int, column: int, skipped: int, ways: Sequence[Way], begun: dict[tuple[int, int], list[Way]]
    ) -> None:
        if not ways:
            return
        ways = self._top(ways)
        self._consume(p, column, skipped, ways)
        self._put(begun, (column + 1, skipped + 1), [w._replace(score=w.score - self._blank(column)) for w in ways])

    def _consume(self, p: int, column: int, skipped: int, ways: Sequence[Way]) -> None:
        """Let the column's cell begin at p and end at each further place."""
        told = self._told(p, skipped)
        for q, inner in self._ends(p):
            value = self.s.fit(self.plan, column, p, q)
            if value is None:
                continue
            gain = value + told + inner + (self._edge(q) if q < self.span[1] else 0.0) + self._again(column, p, q)
            new = [Way(w.score + gain + self._same(w, column, p, q), w, column, p, q) for w in ways]
            self._put(self.begun[q], (column + 1, 0), new)

    def _ended(self, p: int, begun: dict[tuple[int, int], list[Way]]) -> list[Way]:
        ended: list[Way] = []
        for skipped in range(self.width + 1):
            told = self._told(p, skipped) if p < self.span[1] or self.plan.many else 0.0
            ended += [w._replace(score=w.score + told) for w in begun.get((self.width, skipped), ())]
        return self._top(ended)

    def _put(self, table: dict[tuple[int, int], list[Way]], state: tuple[int, int], ways: Sequence[Way]) -> None:
        table[state] = self._top([*table.get(state, ()), *ways])

    def _top(self, ways: Sequence[Way]) -> list[Way]:
        return sorted(ways, key=lambda w: -w.score)[: self.best]

    # ---- what places and cells cost ------------------------------------------------------------------------------

    def _points(self) -> tuple[int, ...]:
        a, b = self.span
        inner = [i for i in range(a + 1, b) if self._may_cut(i)]
        return (a, *inner, b) if b > a else (a,)

    def _may_cut(self, i: int) -> bool:
        gap, shape = self.stream.gaps[i], self.stream.shape
        if gap > Gap.SPACE or (gap is Gap.SPACE and shape is not Shape.CELLS):
            return True
        if shape is not Shape.RUN:
            return False
        before, after = self.stream.text[i - 1], self.stream.text[i]
        if self.span[1] - self.span[0] <= LONG or before in _STOP:
            return True
        return not (_CHINESE.match(before) and _CHINESE.match(after)) or self._repeats(i)

    def _repeats(self, i: int) -> bool:
        """Whether what stands right before a place stands behind it again."""
        text = self.stream.text
        return any(text[i - n : i] == text[i : i + n] for n in (1, 2, 3, 4, 6, 8) if i - n >= self.span[0])

    def _ends(self, p: int) -> Iterator[tuple[int, float]]:
        """The places where a cell from p may end, with what the gaps inside of it cost."""
        cost, last = 0.0, p
        for q in self.points:
            if q <= p:
                continue
            cost += sum(self._inside(i) for i in range(max(last, p + 1), q))
            last = q
            if cost < -20.0:
                return
            yield q, cost

    def _inside(self, i: int) -> float:
        gap, shape = self.stream.gaps[i], self.stream.shape
        if shape is Shape.CELLS:
            return {Gap.CELL: -8.0, Gap.ROW: -10.0, Gap.LINE: -0.5}.get(gap, 0.0)
        return -0.8 if shape is Shape.LINES and gap is Gap.LINE else 0.0

    def _edge(self, q: int) -> float:
        """What a place says for a wall that the text does not show."""
        gap, shape = self.stream.gaps[q], self.stream.shape
        if shape is Shape.CELLS:
            return 0.0 if gap >= Gap.CELL else -1.0
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
            return -1.0
        chinese = bool(_CHINESE.match(before)), bool(_CHINESE.match(after))
        return -1.5 if all(chinese) else -0.1 if any(chinese) else -0.3

    def _opening(self, p: int) -> float:
        walled = self.stream.shape is Shape.CELLS and self.stream.gaps[p] < Gap.ROW
        return ROW_COST + (1.0 if walled else 0.0)

    def _blank(self, column: int) -> float:
        cost = 0.1 if self.stream.states_blanks else BLANK_COST
        if column == self.plan.name:
            return cost + NAMELESS_COST
        return cost + (REQUIRED_COST if self.plan.cells[column].spec.required else 0.0)

    def _told(self, p: int, skipped: int) -> float:
        """How well the blank cells passed over agree with those that the text tells."""
        if not self.stream.states_blanks:
            return 0.0
        told = self.stream.blanks[p]
        return -UNTOLD_COST * (skipped - told) if skipped > told else -UNUSED_COST * (told - skipped)

    def _same(self, way: Way, column: int, p: int, q: int) -> float:
        if way.column != column - 1 or way.end == way.start or self.plan.name == way.column:
            return 0.0
        return SAME_GAIN if self.stream.text[way.start : way.end] == self.stream.text[p:q] else 0.0

    def _again(self, column: int, p: int, q: int) -> float:
        """A text in a run that stands twice was cut where it begins again."""
        if self.stream.shape is not Shape.RUN or column == self.plan.name or column + 1 >= self.width:
            return 0.0
        return SAME_GAIN if self.stream.text[q : 2 * q - p] == self.stream.text[p:q] and 2 * q - p <= self.span[1] else 0.0


def _rows(way: Way, width: int) -> tuple[Row, ...]:
    rows: list[list[Span | None]] = []
    current: list[Span | None] = [None] * width
    step: Way | None = way
    while step is not None:
        if step.column >= 0:
            current[step.column] = (step.start, step.end)
        elif step.before is not None:
            rows.append(current)
            current = [None] * width
        step = step.before
    return tuple(tuple(row) for row in reversed(rows))
