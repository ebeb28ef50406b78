"""Which forms a text holds, and where each begins: by titles, and by how well a declaration explains the labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from extract.forms.spec import FormSpec
from extract.forms.text_stream.grammar import Grammar, Kind
from extract.forms.text_stream.hits import Hit, find_hits
from extract.forms.text_stream.label_path import MAX_STRANGE, LabelPath, Step, best_path
from extract.forms.text_stream.stream import Gap, Shape, Stream
from extract.model import Issue, Severity

_GOES_ON = re.compile(r"[,，。、\u4e2d\u7684]")
"""Marks and particles behind a title's words that make them part of a sentence."""

MARGIN = 2.0
"""A form that explains a text better than every other by less than this, in nats, is in doubt."""
MISSING_COST = 4.0
"""What each required label of a form that the text does not show says against it."""
MAX_HEAD = 160
"""Characters behind a title within which the form's own labels begin."""
MAX_PREFIX = 26
MIN_ANNOUNCED = 3
"""Labels of a form that begin soon behind its title, else it is a word in a text."""
MIN_SHOWN = 4
"""Labels that make what stands before a title a form of its own."""
MAX_LEAD = 60
"""Above a title there may stand a form number or the name of an office; more is another text."""
MAX_CHARS = 60_000
"""A part of a text longer than this is no form."""
MIN_SHARE = 0.4
"""A form that shows fewer of its labels than this, against the one that shows most, is not tried."""
TRIED = 2
"""Forms whose labels are looked for with misread characters, of those that the exact ones speak for."""


@dataclass(frozen=True, eq=False)
class Claim:
    """A part of a text and the form that explains it best."""

    stream: Stream
    grammar: Grammar
    path: LabelPath
    issues: tuple[Issue, ...]


def claims_of(stream: Stream, forms: Sequence[FormSpec]) -> tuple[Claim, ...]:
    """The forms of a text in order."""
    grammars = [Grammar(form) for form in forms]
    starts = _starts(stream, grammars)
    parts = [stream.part(a, b) for a, b in zip(starts, [*starts[1:], len(stream)], strict=True)]
    return tuple(claim for part in parts for claim in _claims(part, grammars))


def _claims(stream: Stream, grammars: Sequence[Grammar]) -> Iterator[Claim]:
    """The form of a part of a text, and those behind it that have no title."""
    claim = _claim(stream, grammars)
    if claim is None:
        return
    at = other_header(claim)
    if at is None:
        yield claim
        return
    yield from _claims(stream.part(0, at), grammars)
    yield from _claims(stream.part(at, len(stream)), grammars)


def other_header(claim: Claim) -> int | None:
    """Where a second header of a table with other columns begins: no form prints one table in two ways."""
    first: dict[int, frozenset[int]] = {}
    runs = groupby(claim.path.steps, key=lambda s: s.hit.word.symbol.kind is Kind.COLUMN)
    for is_header, group in runs:
        steps = list(group)
        if not is_header:
            continue
        for header in _headers(steps):
            owner, shown = header[0].hit.word.symbol.owner, frozenset(s.hit.word.symbol.item for s in header)
            table = claim.grammar.form.tables[owner]
            other = owner in first and first[owner] != shown and not any(c.above for c in table.columns)
            if other and len(header) > 2:
                return _row_above(claim.stream, header[0].hit.start)
            first.setdefault(owner, shown)
    return None


def _headers(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Labels of columns in a row as headers: behind a longer text another begins."""
    header = [steps[0]]
    for step in steps[1:]:
        if step.hit.start - header[-1].hit.end > MAX_STRANGE:
            yield header
            header = []
        header.append(step)
    yield header


def _row_above(stream: Stream, start: int) -> int:
    """The beginning of the line above a place where that has no figure in it: a heading; else the place itself."""
    above = next((i for i in range(start - 1, 0, -1) if stream.gaps[i] >= Gap.LINE), 0)
    heading = above > 0 and not any(c.isdigit() for c in stream.text[above:start])
    return above if heading else start


def _claim(stream: Stream, grammars: Sequence[Grammar]) -> Claim | None:
    if len(stream) > MAX_CHARS:
        return None
    shown = [_shown_chars(stream, grammar) for grammar in grammars]
    likely = [g for g, chars in zip(grammars, shown, strict=True) if chars >= MIN_SHARE * max(shown)]
    exact = sorted((_tried(stream, grammar, fuzzy=False) for grammar in likely), key=lambda f: -f[0])
    fits = [_tried(stream, grammar, fuzzy=True) for _, grammar, path in exact[:TRIED] if path.steps]
    fits = sorted((f for f in fits if _enough(f[2], f[1].form)), key=lambda f: -f[0])
    if not fits:
        return None
    _, grammar, path = fits[0]
    return Claim(stream, grammar, path, tuple(_rivals(fits)) if len(fits) > 1 else ())


def _rivals(fits: Sequence[tuple[float, Grammar, LabelPath]]) -> Iterator[Issue]:
    (score, grammar, _), (other, rival, _) = fits[:2]
    if score - other < MARGIN:
        message = f"{grammar.form.id} fits with {score:.1f}, {rival.form.id} with {other:.1f}"
        yield Issue("ambiguous-form", Severity.ERROR, "", message, rival.form.id, grammar.form.id)


def _shown_chars(stream: Stream, grammar: Grammar) -> int:
    """How many characters of a form's labels a text shows, wherever they stand."""
    return sum(len(key) for key in {w.key for w in grammar.words if len(w.key) > 2} if key in stream.text)


def _tried(stream: Stream, grammar: Grammar, fuzzy: bool) -> tuple[float, Grammar, LabelPath]:
    """How well a form explains a text, with the labels that do."""
    path = best_path(stream, find_hits(stream, grammar, fuzzy), grammar)
    return _fit(path, grammar), grammar, path


def _enough(path: LabelPath, form: FormSpec) -> bool:
    """Whether a text shows enough of the words that every form of the kind shows."""
    hits = [s.hit for s in path.steps]
    titled = any(h.word.symbol.kind is Kind.TITLE for h in hits)
    kinds = {(h.word.symbol.kind, h.word.symbol.owner, h.word.symbol.item) for h in hits}
    return len(kinds) >= (3 if titled else max(4, form.min_labels))


def _fit(path: LabelPath, grammar: Grammar) -> float:
    """How well a form explains a text: its labels found, less the required ones that are not there."""
    shown = {(s.hit.word.symbol.kind, s.hit.word.symbol.owner, s.hit.word.symbol.item) for s in path.steps}
    missing = sum(
        1 for i, f in enumerate(grammar.form.fields) if f.required and f.labels and (Kind.FIELD, 0, i) not in shown
    )
    for m, matrix in enumerate(grammar.form.matrices):
        missing += not any((Kind.MATRIX_ROW, m, r) in shown for r in range(len(matrix.rows)))
    for t, table in enumerate(grammar.form.tables):
        missing += sum(
            1 for c, column in enumerate(table.columns)
            if column.required and not column.inside and (Kind.COLUMN, t, c) not in shown
        )  # fmt: skip
    return path.score - MISSING_COST * missing


# ---- where forms begin -------------------------------------------------------------------------------------------


def _starts(stream: Stream, grammars: Sequence[Grammar]) -> list[int]:
    """The places where forms begin; the first is the beginning of the text."""
    shown = [_Shown(find_hits(stream, grammar, fuzzy=False)) for grammar in grammars]
    found = {
        (line_start(stream, hit), hit.end)
        for labels in shown
        for hit in labels.titles
        if _opens(stream, hit) and labels.count(hit.end, hit.end + MAX_HEAD) >= MIN_ANNOUNCED
    }
    starts = [0]
    for start, _ in sorted(found):
        if start > starts[-1] and any(labels.count(starts[-1], start) >= MIN_SHOWN for labels in shown):
            starts.append(start)
        elif starts == [0] and start > MAX_LEAD:
            starts = [start]
    return starts


class _Shown:
    """The exact labels of one form in a whole text."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.titles = [h for h in hits if h.word.symbol.kind is Kind.TITLE]
        self._labels = [h for h in hits if h.word.symbol.kind is not Kind.TITLE and len(h.word.key) > 2]
        self._starts = [h.start for h in self._labels]

    def count(self, start: int, end: int) -> int:
        """How many different things are labelled between two places."""
        a, b = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return len({h.word.symbol for h in self._labels[a:b]})


def _opens(stream: Stream, hit: Hit) -> bool:
    """Whether a title stands at the end of its line, or in a run, where no clause goes on behind it."""
    if stream.shape is Shape.RUN:
        return hit.end >= len(stream) or not _GOES_ON.match(stream.text, hit.end)
    return stream.gaps[hit.end] >= Gap.LINE or hit.note != ""


def line_start(stream: Stream, hit: Hit) -> int:
    """Where the line of a title begins; in a run, the white space before it, else the title itself."""
    start = hit.start
    least = Gap.SPACE if stream.shape is Shape.RUN else Gap.LINE
    while start > 0 and hit.start - start < MAX_PREFIX and stream.gaps[start] < least:
        start -= 1
    found = start == 0 or stream.gaps[start] >= least
    return start if found else hit.start
