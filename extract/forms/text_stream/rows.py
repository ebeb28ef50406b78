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
from extract.forms.text_stream.walls import ROW_END_COST, Span, Walls

Row = tuple[Span | None, ...]
"""The place of each cell of a row, None for a blank one."""

ROW_COST = 1.0
NAMELESS_COST = 5.0
"""A row without the text that names it."""
REQUIRED_COST = 0.8
REQUIRED_LINE_COST = 2.0
"""The same where each line is a cell: there a blank required cell is rarer than a line that is a cell."""
UPPER_ALONE_COST = 1.5
"""An upper label without the one below it: a lone label is rather a lower one, under the last upper one."""
BLANK_COST = 0.6
"""A blank cell in a text that tells no blank cells; where it does, a blank too many costs UNTOLD_COST."""
UNTOLD_COST = 2.5
UNUSED_COST = 0.15
LOST_COST = 1.5
"""A blank cell that a text with one cell a line tells and no column takes."""
ZERO_COST = 2.0
"""A nought cut out of a longer figure."""
SAME_GAIN = 0.8
"""Targets are met more often than not: a cell that says what its neighbour says."""
FILLER_GAIN = 2.0
REMARK_COST = 1.5
"""A text in a run that is no row's name is rather the name of the next row, the more so with rates in it."""
FIGURE_COST = 2.5
LEADING_COST = 4.0
SIGN_COST = 2.0
TORN_COST = 6.0
BROKEN_COST = 1.2
"""A quantity broken over lines: most are shorter than a line."""
DATE_COST = 3.0
"""A date cut in two."""
TORN_QUANTITY_COST = 0.6
EARLIER_GAIN = 0.02
"""Of two columns that a text fits alike, the one further left is filled."""
TWICE_GAIN = 0.3
"""For each further character of a text that stands twice, up to MAX_TWICE."""
MAX_TWICE = 4.0
MAX_FILLER_CHARS = 8
MAX_FIGURE_CHARS = 24

_GLUED = re.compile(r"[\d.,]{6}")
_NUMBERED = re.compile(r"\d{1,2}[、.．](?!\d)")
_RATE = re.compile(r"[\u3400-\u9fff]\d[\d.]*(?:%|$)")
_NOUGHT = re.compile(r"0(?:\.0+)?\D*$")
_POINTS = frozenset(".。·")
_FIGURE = frozenset("0123456789.,")
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

    `fillers` match the texts of a form's empty rows; `levels` counts the columns of labels, which hold on over rows.
    """

    cells: tuple[Cell, ...]
    name: int = -1
    fillers: tuple[str, ...] = ()
    many: bool = True
    levels: int = 0


class Segmenter:
    """Cuts runs of one text."""

    def __init__(self, stream: Stream, fit: CellFit) -> None:
        self.stream = stream
        self.blank_marks = fit.lexicon.blank_marks
        self._fit_of = fit
        self.measured = lru_cache(maxsize=50_000)(fit.measured)
        self.unit_begins = lru_cache(maxsize=5_000)(fit.unit_begins)
        self._fit = lru_cache(maxsize=200_000)(fit)

    def segment(self, span: Span, plan: Plan, best: int) -> tuple[Segmentation, ...]:
        """The likeliest rows of a run, best first; none where there is no way through."""
        return _Search(self, span, plan, best).run()

    def _fills(self, fillers: tuple[str, ...], text: str) -> bool:
        """Whether a text is a form's filler; in a run a lone point is a point."""
        if len(text) > MAX_FILLER_CHARS or (self.stream.shape is Shape.RUN and text in _POINTS):
            return False
        return any(re.match(f, text) for f in fillers)

    def is_blank_mark(self, start: int, end: int) -> bool:
        """Whether a text is what a form puts into a cell to leave it blank."""
        return self.stream.text[start:end] in self.blank_marks

    def glued(self, span: Span) -> bool:
        """Whether figures stand in a run without anything between them."""
        return self.stream.shape is Shape.RUN and bool(_GLUED.search(self.stream.text[span[0] : span[1]]))

    def is_filler(self, plan: Plan, span: Span) -> bool:
        """Whether a text is what a form prints in rows that nobody filled."""
        return self._fills(plan.fillers, self.stream.piece(*span))

    def fit(self, plan: Plan, column: int, start: int, end: int) -> float | None:
        """What the text start..end says for standing in a column."""
        text = self.stream.piece(start, end)
        if self._fills(plan.fillers, text):
            return FILLER_GAIN + self.blank_row(plan) if column == plan.name else None
        value = self._fit(plan.cells[column], text, column == plan.name)
        if value is not None and _NOUGHT.match(text) and self._tail_of_figure(start):
            value -= ZERO_COST
        if value is None or self.stream.shape is not Shape.RUN or plan.cells[column].spec.type is not ValueType.TEXT:
            return value
        if column == plan.name:
            return value
        return (
            value
            - REMARK_COST
            - self._figures(text)
            - LEADING_COST * text[0].isdigit()
            - SIGN_COST * any(c in _SIGN for c in text)
        )

    def _tail_of_figure(self, start: int) -> bool:
        """Whether a figure with other digits than a lone nought stands right before a place."""
        if start == 0 or self.stream.gaps[start] is not Gap.NONE or not self.stream.text[start - 1].isdigit():
            return False
        before = self.stream.text[max(0, start - 2) : start]
        return before[-1] != "0" or (len(before) > 1 and before[0] in _FIGURE)

    def _figures(self, text: str) -> float:
        rates = len(_RATE.findall(text))
        return FIGURE_COST * rates + 1.0 * max(0, self._fit_of.figures(text) - rates)

    def blank_row(self, plan: Plan) -> float:
        """What the blank cells of a row cost that shows its name alone."""
        return sum(self.blank(plan, c) for c in range(len(plan.cells)) if c != plan.name)

    def blank(self, plan: Plan, column: int) -> float:
        """What a blank cell costs."""
        cost = 0.1 if self.stream.states_blanks else BLANK_COST
        if column == plan.name:
            return cost + NAMELESS_COST
        missing = REQUIRED_LINE_COST if self.stream.shape is Shape.LINES else REQUIRED_COST
        return cost + (missing if plan.cells[column].spec.required else 0.0)


class _Search:
    """One dynamic programme over the places of a run at which a cell may begin or end."""

    def __init__(self, segmenter: Segmenter, span: Span, plan: Plan, best: int) -> None:
        self.s, self.span, self.plan, self.best = segmenter, span, plan, best
        self.stream = segmenter.stream
        self.width = len(plan.cells)
        self.walls = Walls(self.stream, span, segmenter.unit_begins)
        self.points = self._points()
        self._unused = LOST_COST if self.stream.single else UNUSED_COST
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
        skipped = 0
        for column in range(self.width):
            if not begin:
                return
            self._consume(p, column, skipped, begin, begins=True)
            skipped += not self.plan.cells[column].spec.level  # labels that hold on are merged cells, told nowhere
            begin = [w._replace(score=w.score - self._blank(column)) for w in begin]

    def _advance(
        self, p: int, column: int, skipped: int, ways: Sequence[Way], begun: dict[tuple[int, int], list[Way]]
    ) -> None:
        if not ways:
            return
        ways = self._top(ways)
        self._consume(p, column, skipped, ways)
        cost = self._blank(column)
        alone = self.plan.cells[column].spec.level > 1
        blank = [w._replace(score=w.score - cost - (self._upper(w, column) if alone else 0.0)) for w in ways]
        self._put(begun, (column + 1, skipped + 1), blank)

    def _consume(self, p: int, column: int, skipped: int, ways: Sequence[Way], begins: bool = False) -> None:
        """Let the column's cell begin at p and end at each further place."""
        told = self._told_at_edge(p, skipped, ends=False) if begins else self._told(p, skipped)
        spec = self.plan.cells[column].spec
        most = MAX_FIGURE_CHARS if spec.type.numeric else self.span[1]
        for q, inner in self._ends(p):
            if q - p > most:
                break
            value = self.s.fit(self.plan, column, p, q)
            if value is None:
                continue
            if inner < 0 and spec.type is ValueType.QUANTITY and self.stream.shape is Shape.LINES:
                value -= BROKEN_COST
            gain = value + told + inner + self._wall(p, q) + self._again(column, p, q) + self._torn(column, p, q)
            new = [Way(w.score + gain + self._same(w, column, p, q), w, column, p, q) for w in ways]
            self._put(self.begun[q], (column + 1, 0), new)

    def _ended(self, p: int, begun: dict[tuple[int, int], list[Way]]) -> list[Way]:
        ended: list[Way] = []
        for skipped in range(self.width + 1):
            told = self._told_at_edge(p, skipped, ends=True)
            ended += [w._replace(score=w.score + told) for w in begun.get((self.width, skipped), ())]
        return self._top(ended)

    def _put(self, table: dict[tuple[int, int], list[Way]], state: tuple[int, int], ways: Sequence[Way]) -> None:
        table[state] = self._top([*table.get(state, ()), *ways])

    def _top(self, ways: Sequence[Way]) -> list[Way]:
        return sorted(ways, key=lambda w: -w.score)[: self.best]

    # ---- what places and cells cost ------------------------------------------------------------------------------

    def _points(self) -> tuple[int, ...]:
        a, b = self.span
        inner = [i for i in range(a + 1, b) if self.walls.may_cut(i)]
        return (a, *inner, b) if b > a else (a,)

    def _ends(self, p: int) -> Iterator[tuple[int, float]]:
        """The places where a cell from p may end, with what the gaps inside of it cost."""
        cost, last = 0.0, p
        for q in self.points:
            if q <= p:
                continue
            cost += sum(self.walls.inside(i) for i in range(max(last, p + 1), q))
            last = q
            if cost < -20.0:
                return
            yield q, cost

    def _torn(self, column: int, p: int, q: int) -> float:
        """A figure is torn only between two cells of figures, never between one and a text."""
        kind = self.plan.cells[column].spec.type
        if kind.numeric:
            return 0.0
        cost = TORN_QUANTITY_COST if kind is ValueType.QUANTITY else TORN_COST
        begins = self.walls.inside_number(p) and not _NUMBERED.match(self.stream.text, p)
        return -cost * (begins + self.walls.inside_number(q))

    def _wall(self, p: int, q: int) -> float:
        """What the end of a cell costs; a lone dash is a cell wherever it stands."""
        if q == self.span[1]:
            return 0.0
        if self.walls.inside_date(q) and self.stream.shape is Shape.RUN:
            return -DATE_COST
        known = self.s.is_blank_mark(p, q) or self.s.measured(self.stream.text[p:q])
        return max(self.walls.edge(q), -0.5) if known else self.walls.edge(q)

    def _opening(self, p: int) -> float:
        if self.stream.shape is not Shape.CELLS or self.stream.single:
            return ROW_COST
        # the wall at the end of the last row was counted as a row that goes on
        return ROW_COST + (1.0 if self.stream.gaps[p] < Gap.ROW else -ROW_END_COST if p > self.span[0] else 0.0)

    def _blank(self, column: int) -> float:
        return self.s.blank(self.plan, column)

    def _upper(self, way: Way, column: int) -> float:
        last = way.column == column - 1 and self.plan.cells[way.column].spec.level > 0
        return UPPER_ALONE_COST if last else 0.0

    def _told(self, p: int, skipped: int) -> float:
        """How well the blank cells passed over within a row agree with those that the text tells."""
        if not self.stream.states_blanks:
            return 0.0
        told = self.stream.blanks[p]
        return -UNTOLD_COST * (skipped - told) if skipped > told else -self._unused * (told - skipped)

    def _told_at_edge(self, p: int, skipped: int, ends: bool) -> float:
        """The same where a row begins or ends: there the blank cells of two rows and of their levels stand together."""
        if not self.stream.states_blanks:
            return 0.0
        told = self.stream.blanks[p]
        if skipped > told:
            return -UNTOLD_COST * (skipped - told)
        return -self._unused * max(0, told - skipped - self.plan.levels) if ends else 0.0

    def _same(self, way: Way, column: int, p: int, q: int) -> float:
        if self.plan.cells[column].spec.type is ValueType.SCORE and self._full(way, column, p, q):
            return SAME_GAIN
        if way.column != column - 1 or way.end == way.start or self.plan.name == way.column:
            return 0.0
        return _twice(q - p) if self.stream.text[way.start : way.end] == self.stream.text[p:q] else 0.0

    def _full(self, way: Way, column: int, p: int, q: int) -> bool:
        """Whether a score is what an earlier column of its row gives at most: most points are earned."""
        step: Way | None = way
        while step is not None and step.column >= 0:
            if step.column < column and self.plan.cells[step.column].spec.type is ValueType.SCORE:
                return self.stream.text[step.start : step.end] == self.stream.text[p:q]
            step = step.before
        return False

    def _again(self, column: int, p: int, q: int) -> float:
        """A text in a run that stands twice was cut where it begins again."""
        if self.stream.shape is not Shape.RUN or column == self.plan.name or column + 1 >= self.width:
            return 0.0
        first = next((i for i, c in enumerate(self.plan.cells) if c.spec.type is ValueType.QUANTITY), -1)
        again = self.stream.text[q : 2 * q - p] == self.stream.text[p:q] and 2 * q - p <= self.span[1]
        return (SAME_GAIN if again else 0.0) + (0.3 if column == first else 0.0) - EARLIER_GAIN * column


def _twice(length: int) -> float:
    return SAME_GAIN + min(MAX_TWICE, TWICE_GAIN * (length - 1))


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
