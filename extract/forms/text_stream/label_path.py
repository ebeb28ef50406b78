"""The labels of a text that make the likeliest form: the best path through all hits, from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extract.forms.text_stream.grammar import Grammar, Kind
from extract.forms.text_stream.hits import Hit
from extract.forms.text_stream.stream import Gap, Shape, Stream

OPENING_COST = 5.0
"""A header that begins must show more than one column to be worth it."""
STRANGE_COST = 0.8
"""A character between two labels of one header that no label explains."""
LOOK_BACK = 400
"""Hits before one among which the label before it is looked for; hits overlap, so these are some dozen labels."""
MAX_STRANGE = 14
"""Characters between two labels of a header that may be a column which the form does not declare; behind more, another
header begins."""
OUT_OF_PLACE = 5.0
"""A row or level without the header that it belongs under."""


class Mode(NamedTuple):
    """What part of the form a label leaves the reader in: free, a matrix or a table, and under which group."""

    part: str = "free"
    owner: int = 0
    group: int = -1


FREE = Mode()


@dataclass(frozen=True)
class Step:
    """A label on the path, with the mode behind it."""

    hit: Hit
    mode: Mode


@dataclass(frozen=True)
class LabelPath:
    """The labels chosen and what they are worth together, in nats."""

    steps: tuple[Step, ...]
    score: float


@dataclass(frozen=True)
class _State:
    score: float
    before: tuple[int, Mode] | None


def best_path(stream: Stream, hits: Sequence[Hit], grammar: Grammar) -> LabelPath:
    """The best chain of labels that do not overlap."""
    chain = _Chain(stream, grammar)
    states: list[dict[Mode, _State]] = []
    for i, hit in enumerate(hits):
        here: dict[Mode, _State] = {}
        _offer(here, chain.move(None, FREE, hit), hit.gain, None)
        for k in range(max(0, i - LOOK_BACK), i):
            if hits[k].end <= hit.start:
                for mode, state in states[k].items():
                    _offer(here, chain.move(hits[k], mode, hit), state.score + hit.gain, (k, mode))
        states.append(here)
    ends = [(s.score + chain.ending(hits[i]), (i, mode)) for i, modes in enumerate(states) for mode, s in modes.items()]
    if not ends:
        return LabelPath((), 0.0)
    score, at = max(ends)
    steps: list[Step] = []
    back: tuple[int, Mode] | None = at
    while back is not None:
        steps.append(Step(hits[back[0]], back[1]))
        back = states[back[0]][back[1]].before
    return LabelPath(tuple(reversed(steps)), score)


def _offer(
    here: dict[Mode, _State], move: tuple[float, Mode] | None, score: float, before: tuple[int, Mode] | None
) -> None:
    if move is None:
        return
    total = score + move[0]
    kept = here.get(move[1])
    if kept is None or total > kept.score:
        here[move[1]] = _State(total, before)


@dataclass(frozen=True)
class _Chain:
    """What it costs to go from one label to the next."""

    stream: Stream
    grammar: Grammar

    def move(self, before: Hit | None, mode: Mode, hit: Hit) -> tuple[float, Mode] | None:
        """The value of the step (below 0: a cost) and the mode behind it; None where it cannot be."""
        start = before.end if before else 0
        between = hit.start - start
        kind = hit.word.symbol.kind
        strange = self._leaving(before, kind, between)
        if before is not None and before.word.symbol.kind.heads and not kind.heads:
            listed = mode.part == "table" and not self.grammar.form.tables[mode.owner].groups
            strange -= 0.3 * min(between, 30) if kind in (Kind.SIDE, Kind.IGNORED) and not listed else 0.0
        step = self._step(before, mode, hit, between)
        return None if step is None else (step[0] + strange, step[1])

    def _step(self, before: Hit | None, mode: Mode, hit: Hit, between: int) -> tuple[float, Mode] | None:
        kind, owner = hit.word.symbol.kind, hit.word.symbol.owner
        if kind.heads:
            return self._head(before, mode, hit, between)
        if kind is Kind.MATRIX_ROW:
            return self._row(before, mode, hit, between)
        if kind.levels:
            return self._level(before, mode, hit, between)
        if kind is Kind.FOOTER:
            return self._footer(hit, mode.part == "table" and mode.owner == owner), FREE
        if kind is Kind.MATRIX:
            return (-8.0 if mode.part == "table" else 0.0), Mode("matrix", owner)
        if kind is Kind.ABOVE:
            return 0.0, Mode("table", owner)
        if kind is Kind.FIELD:
            return self._field(mode), FREE
        if kind is Kind.TITLE:
            return self._title(before), FREE
        return (-2.0 if kind is Kind.IGNORED and mode.part == "table" else 0.0), mode

    def ending(self, hit: Hit) -> float:
        """What it costs to end with a label that announces something."""
        return -6.0 if hit.word.symbol.kind is Kind.MATRIX else 0.0

    def _leaving(self, before: Hit | None, kind: Kind, between: int) -> float:
        """What a label without the thing that it announces costs: a matrix without rows, a block's label in a text."""
        last = before.word.symbol.kind if before else None
        if last is Kind.MATRIX and kind not in (Kind.MATRIX_ROW, Kind.MATRIX_COLUMN):
            return -6.0
        if last is Kind.SIDE and between and self.stream.shape is Shape.RUN:
            return -4.0
        return 0.0

    def _head(self, before: Hit | None, mode: Mode, hit: Hit, between: int) -> tuple[float, Mode] | None:
        symbol = hit.word.symbol
        part = "matrix" if symbol.kind is Kind.MATRIX_COLUMN else "table"
        after = Mode(part, symbol.owner)
        if before is not None:
            last = before.word.symbol
            if last == symbol:
                return None
            if last.kind is symbol.kind and last.owner == symbol.owner and between <= MAX_STRANGE:
                orderly = 0.4 if (last.item, last.part) < (symbol.item, symbol.part) else 0.0
                return orderly - STRANGE_COST * between, after
            opening = last.kind in (Kind.MATRIX, Kind.MATRIX_ROW) and part == "matrix" and mode.owner == symbol.owner
            if opening:
                return -2.0 - STRANGE_COST * between, after
        return -OPENING_COST - (4.0 if part == "matrix" and mode.part == "table" else 0.0), after

    def _row(self, before: Hit | None, mode: Mode, hit: Hit, between: int) -> tuple[float, Mode]:
        symbol = hit.word.symbol
        after = Mode("matrix", symbol.owner)
        if mode.part != "matrix" or mode.owner != symbol.owner:
            return -OUT_OF_PLACE, after
        last = before.word.symbol if before else None
        if last is not None and last.kind is Kind.MATRIX_ROW:
            order = -4.0 if last.item == symbol.item else 0.0 if last.item < symbol.item else -2.0
            return order, after
        return (-0.3 * min(between, 20) if last is not None and last.kind is Kind.MATRIX else 0.0), after

    def _level(self, before: Hit | None, mode: Mode, hit: Hit, between: int) -> tuple[float, Mode]:
        symbol = hit.word.symbol
        inside = mode.part == "table" and mode.owner == symbol.owner
        value = 0.0 if inside else -OUT_OF_PLACE
        after = Mode("table", symbol.owner, symbol.item)
        last = before.word.symbol if before else None
        if last is not None and last.kind is Kind.COLUMN:
            value -= STRANGE_COST * between
        if symbol.kind is Kind.LEVEL1:
            return value - (1.0 if inside and mode.group == symbol.item and between == 0 else 0.0), after
        if inside and mode.group >= 0:
            value += 1.0 if mode.group == symbol.item else -2.5
        if last == symbol and between == 0:
            value -= 6.0
        return value, after

    def _footer(self, hit: Hit, known: bool) -> float:
        """A footer stands below the table's rows, with figures or nothing behind it."""
        at = hit.end
        bare = at >= len(self.stream) or self.stream.text[at] in "0123456789-—/" or self.stream.gaps[at] > Gap.SPACE
        return (0.0 if known else -3.0) + (0.0 if bare else -4.0 if self.stream.shape is Shape.RUN else -2.0)

    def _title(self, before: Hit | None) -> float:
        """A title stands first; a form number or a date may stand above it."""
        last = before.word.symbol.kind if before else Kind.TITLE
        return 0.0 if last is Kind.TITLE else -1.0 if last in (Kind.FIELD, Kind.IGNORED) else -8.0

    def _field(self, mode: Mode) -> float:
        ended = all(t.footer is None for t in self.grammar.form.tables)
        return -4.0 if mode.part == "table" and not ended else -1.0 if mode.part == "table" else 0.0
