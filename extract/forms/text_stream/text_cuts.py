"""Texts that stand under labels side by side, told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from extract.forms.text_stream.stream import Gap, Shape, Stream
from extract.forms.text_stream.walls import Span

MARGIN = 1.5
"""How much better than the next a place must be to be sure, in nats."""

_FIRST = re.compile(r"[(（]?[1一][)）]?[.、．]|①")
_STOPS = frozenset("。！？;；")


@dataclass(frozen=True)
class TextCut:
    """The texts of a run, one for each label, and whether the run itself tells where they end."""

    spans: tuple[Span, ...]
    sure: bool


def cut_below(stream: Stream, span: Span, count: int) -> TextCut:
    """Cut a run into as many texts as labels stand above it."""
    start, end = span
    if start == end:
        return TextCut((span,) * count, True)
    walls = [i for i in range(start + 1, end) if stream.gaps[i] >= Gap.CELL]
    if stream.shape is Shape.CELLS and len(walls) == count - 1:
        return TextCut(_spans(start, walls, end), True)
    if not walls and stream.shape is Shape.CELLS:
        return _lone(stream, span, count)
    places = sorted(((_worth(stream, i, start), i) for i in range(start + 1, end)), reverse=True)
    chosen, rest = places[: count - 1], places[count - 1 :]
    if len(chosen) < count - 1 or chosen[-1][0] <= 0:
        return TextCut((span, *((end, end),) * (count - 1)), False)
    sure = stream.shape is not Shape.CELLS and (not rest or chosen[-1][0] - rest[0][0] >= MARGIN)
    return TextCut(_spans(start, sorted(i for _, i in chosen), end), sure)


def _lone(stream: Stream, span: Span, count: int) -> TextCut:
    """One cell under several labels: the blank cells before it tell which."""
    before, behind = stream.blanks[span[0]], stream.blanks[span[1]]
    at = min(before, count - 1) if behind == 0 else 0
    spans = [(span[0], span[0])] * at + [span] + [(span[1], span[1])] * (count - 1 - at)
    return TextCut(tuple(spans), before + behind >= count - 1)


def _worth(stream: Stream, i: int, start: int) -> float:
    """What a place says for a text that ends and another that begins there, in nats."""
    gap = stream.gaps[i]
    stop = stream.text[i - 1] in _STOPS
    first = bool(_FIRST.match(stream.text, i)) and bool(_FIRST.match(stream.text, start))
    value = {Gap.NONE: -1.0, Gap.SPACE: 0.0, Gap.LINE: 0.5, Gap.CELL: 4.0, Gap.ROW: 3.0}[gap]
    return value + (2.5 if stop else 0.0) + (3.0 if first else 0.0)


def _spans(start: int, cuts: list[int], end: int) -> tuple[Span, ...]:
    return tuple(pairwise([start, *cuts, end]))
