"""Where the labels of a form stand in a text, exactly or with misread characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from extract.forms.text_stream.grammar import Grammar, Kind, Symbol, Word
from extract.forms.text_stream.stream import Gap, Shape, Stream

_MARKS = frozenset(":：,，、·•∙*|_\"'“”‘’…—-")
"""What does not count when labels are compared."""
_NOTE = re.compile(r"\(([^()]{0,24})\)|\[([^\[\]]{0,24})\]")
_NUMERAL = r"\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"
"""Chinese numerals, one to ten."""
_NUMBERING = re.compile(rf"(?:\d{{1,2}}|[{_NUMERAL}]{{1,2}})[、.．]|\([{_NUMERAL}\d]{{1,2}}\)")
_LETTERS = re.compile(r"[A-Za-z]")
_OPENING = frozenset('“‘"')
_CLAUSE = re.compile(r"[,，。、;；的]")
_NUMBER = re.compile(rf"\d{{1,2}}|[{_NUMERAL}](?=[(（:：])")
_DIGITS = re.compile(r"\d")

CHAR_GAIN = 1.5
"""What a character of a label found says for the label against chance, in nats: few texts share four characters."""
LABEL_COST = 2.0
ERROR_COST = 4.0
"""What a misread character says against it."""
OWN_ERROR_COST = 1.2
"""The same for labels that nothing else looks like: those of single values and matrices, those with a note behind
them, and those in which letters stand for the character."""
MAX_FIELD_NOTE = 6
"""Brackets right behind the label of a single value that hold more than this are the value's own."""
MIN_FUZZY = 4
"""Labels of fewer characters are taken letter by letter."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A label in the text: characters start..end (exclusive) with the note and the colon behind it.

    `core` is where its own letters end, `errors` how many are misread, `gain` what it is worth in nats.
    """

    word: Word
    start: int
    core: int
    end: int
    note: str
    errors: int
    gain: float


@dataclass(frozen=True)
class Keyed:
    """The characters of a stream that count in labels, with their places."""

    stream: Stream

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The place in the stream of each character of the key."""
        return tuple(i for i, c in enumerate(self.stream.text) if c not in _MARKS)

    @cached_property
    def key(self) -> str:
        """The characters that count."""
        return "".join(self.stream.text[i] for i in self.places)

    @cached_property
    def folded(self) -> tuple[str, tuple[int, ...]]:
        """The key with each run of letters in it as one character, and where each character stands in the key.

        A misread Chinese character often comes out as two or three letters.
        """
        parts = [(m.start(), m[0][0]) for m in re.finditer(r"[A-Za-z]{2,3}|.", self.key, re.DOTALL)]
        return "".join(c for _, c in parts), (*(i for i, _ in parts), len(self.key))


def find_hits(stream: Stream, grammar: Grammar, fuzzy: bool) -> tuple[Hit, ...]:
    """All places of all labels, in order of their start; misread ones only where asked for."""
    keyed = Keyed(stream)
    found: dict[tuple[Word, int], tuple[int, int]] = {}
    for word in grammar.words:
        for at in _occurrences(keyed.key, word.key):
            found[word, at] = (len(word.key), 0)
    if fuzzy:
        text, places = keyed.folded
        for word, at, size, errors in _misread(text, grammar.words):
            found.setdefault((word, places[at]), (places[at + size] - places[at], errors))
    hits = (_hit(keyed, word, at, *span) for (word, at), span in found.items())
    best = _likeliest(h for h in hits if h is not None)
    return tuple(sorted(best, key=lambda h: (h.start, h.end)))


def _likeliest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The hits without misread ones that overlap a likelier one of the same label."""
    taken: dict[Symbol, list[Hit]] = {}
    for hit in sorted(hits, key=lambda h: (-h.gain, h.start)):
        kept = taken.setdefault(hit.word.symbol, [])
        if not hit.errors or all(hit.end <= k.start or k.end <= hit.start for k in kept):
            kept.append(hit)
            yield hit


def _occurrences(text: str, key: str) -> Iterator[int]:
    at = text.find(key)
    while at >= 0:
        yield at
        at = text.find(key, at + 1)


def _misread(text: str, words: Iterable[Word]) -> Iterator[tuple[Word, int, int, int]]:
    """Places where a label stands with one character in four wrong, lost or too many: word, place, size, errors."""
    sizes: dict[int, list[Word]] = {}
    for word in words:
        if len(word.key) >= MIN_FUZZY:
            sizes.setdefault(len(word.key), []).append(word)
    for size, group in sizes.items():
        keys = sorted({w.key for w in group})
        most = max(1, size // 4)
        best: dict[tuple[str, int], tuple[int, int]] = {}
        for width in (size, size - 1, size + 1):
            windows = [text[i : i + width] for i in range(len(text) - width + 1)]
            if not windows:
                continue
            table = cdist(keys, windows, scorer=Levenshtein.distance, score_cutoff=most, dtype=np.int32)
            for k, i in np.argwhere((table > 0) & (table <= most)):
                errors = int(table[k, i])
                kept = best.get((keys[k], int(i)))
                if kept is None or errors < kept[1]:
                    best[keys[k], int(i)] = (width, errors)
        for word in group:
            for (key, at), (width, errors) in best.items():
                if key == word.key:
                    yield word, at, width, errors


def _hit(keyed: Keyed, word: Word, at: int, size: int, errors: int) -> Hit | None:
    stream = keyed.stream
    start, core = keyed.places[at], keyed.places[at + size - 1] + 1
    inner = _inner(stream, start, core)
    if not word.symbol.kind.heads:
        start = _numbered(stream, start)
    if start and stream.text[start - 1] in _OPENING and stream.gaps[start] is Gap.NONE:
        start -= 1
    number = _NUMBER.match(stream.text, core) if word.symbol.kind is Kind.ABOVE else None
    note, end = _note_behind(stream, number.end() if number else core, word)
    colon = end < len(stream) and stream.text[end] in ":：" and stream.gaps[end] < Gap.CELL
    end += colon
    letters = bool(_LETTERS.search(stream.text, start, core))
    own = word.symbol.kind in (Kind.FIELD, Kind.MATRIX, Kind.MATRIX_ROW) or letters or bool(note)
    misread = (OWN_ERROR_COST if own else ERROR_COST) * errors
    gain = CHAR_GAIN * (min(size, len(word.key)) - errors) - LABEL_COST - misread
    gain += _edges(stream, start, core, end, bool(note) or colon) - inner
    if not word.usual and word.symbol.kind.levels and stream.shape is Shape.RUN and not note:
        gain -= 3.0
    least = -3.0 if word.symbol.kind.heads else 0.0
    return Hit(word, start, core, end, note, errors, gain) if gain > least else None


def _note_behind(stream: Stream, core: int, word: Word) -> tuple[str, int]:
    """The note in brackets behind a label, and where it ends."""
    notes: list[str] = []
    at = core
    while (found := _NOTE.match(stream.text, at)) and not any(g >= Gap.CELL for g in stream.gaps[at : found.end()]):
        inner = found[1] or found[2] or ""
        glued = stream.gaps[at] is Gap.NONE and stream.gaps[found.end()] is Gap.NONE
        if word.symbol.kind is Kind.FIELD and glued and len(inner) > MAX_FIELD_NOTE:
            break
        notes.append(inner)
        at = found.end()
    return " ".join(notes), at


def _numbered(stream: Stream, start: int) -> int:
    """Where a label begins that has a number before it (`2.`, `二、`, `(一)`) at the edge of its cell."""
    for length in range(2, 5):
        at = start - length
        if at >= 0 and _NUMBERING.fullmatch(stream.text, at, start) and Gap.NONE not in stream.gaps[at : at + 1]:
            return at
        run = at > 0 and stream.shape is Shape.RUN and not stream.text[at - 1].isdigit()
        if run and _NUMBERING.fullmatch(stream.text, at, start):
            return at
    return start


def _inner(stream: Stream, start: int, core: int) -> float:
    """What a label costs that runs over line ends, walls or marks."""
    cost = {Gap.LINE: 0.4 if stream.shape is Shape.LINES else 0.1, Gap.CELL: 5.0, Gap.ROW: 9.0}
    broken = sum(cost.get(gap, 0.0) for gap in stream.gaps[start + 1 : core])
    return broken + 3.0 * sum(c in ",，、-*|" for c in stream.text[start:core])


def _edges(stream: Stream, start: int, core: int, end: int, closed: bool) -> float:
    """What the gaps around a label say: a label fills its cell, and no clause goes on behind it."""
    before, after = stream.gaps[start], stream.gaps[end]
    if stream.shape is Shape.RUN:
        value = 0.3 * (before >= Gap.SPACE) + 0.3 * (after >= Gap.SPACE) + 2.0 * (stream.text[core:end].endswith(":"))
        goes_on = end == core and end < len(stream) and bool(_CLAUSE.match(stream.text, end))
        return value - 12.0 * goes_on
    wall = Gap.LINE if stream.shape is Shape.LINES else Gap.CELL
    starts = 1.0 if before >= wall else 0.5 if before is Gap.LINE else -1.0 if before is Gap.SPACE else -6.0
    ends = (
        1.0 if after >= wall else 0.5 if after is Gap.LINE else 0.5 if closed else -1.0 if after is Gap.SPACE else -6.0
    )
    if end < len(stream) and ends == -6.0 and _DIGITS.match(stream.text, end):
        ends = -3.0
    return starts + ends
