"""Which declared form a sheet is: its title, then the labels it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extract.forms.sheets.label_similarity import is_label
from extract.forms.sheets.sheet import Sheet, texts
from extract.forms.spec import FormSpec
from extract.model import Issue, Severity
from extract.text import fold, strip_notes

_SENTENCE = re.compile(r"[。；;！!？?，]")
TITLE_SIMILARITY = 0.8
"""One misread character in five still leaves a title."""
MARGIN = 0.05
"""A form that fits this much worse than the best is no rival.

On 125 committed and drawn sheets the right form led the next declared one by 0.117 at least (November 2026).
"""
MAX_PREFIX = 26
"""Characters that may stand before a title's declared ending: a year, a district, a department."""


@dataclass(frozen=True)
class Candidate:
    """A form with its score: title similarity (0..1, more for a longer title) plus share of labels seen."""

    form: FormSpec
    score: float
    titled: bool


def title_score(text: str, titles: Iterable[str]) -> float:
    """How well a line ends with one of the titles, 0 where it does not; a longer title wins by a little."""
    line = strip_notes(fold(text)).replace(" ", "")
    if not line or _SENTENCE.search(line):
        return 0.0
    best = 0.0
    for title in titles:
        extra = len(line) - len(title)
        if not -2 <= extra <= MAX_PREFIX:
            continue
        ending = line[-len(title) :]
        like = Levenshtein.normalized_similarity(ending, title)
        if like >= TITLE_SIMILARITY:
            best = max(best, like + len(title) / 1000)
    return best


def is_title(text: str, forms: Sequence[FormSpec]) -> bool:
    """Whether a line is the title of any declared form."""
    return any(title_score(text, form.titles) for form in forms)


def candidates(sheet: Sheet, forms: Sequence[FormSpec]) -> tuple[Candidate, ...]:
    """The forms that the sheet may be, best first; empty where it is none of them."""
    seen = [text for text in texts(sheet) if len(text) <= 40]
    found = []
    for form in forms:
        title = max((title_score(line.text, form.titles) for line in sheet.heading), default=0.0)
        labels = sum(any(is_label(text, (label,)) for text in seen) for label in form.must_labels)
        share = labels / max(1, len(form.must_labels))
        enough = labels >= (2 if title else form.min_labels)
        if enough:
            found.append(Candidate(form, title + share, bool(title)))
    return tuple(sorted(found, key=lambda c: -c.score))


def rival_issues(scores: Sequence[Candidate]) -> Iterator[Issue]:
    """Say that two forms fit a sheet nearly alike; `scores` are sorted."""
    if len(scores) > 1 and scores[0].score - scores[1].score < MARGIN:
        best, rival = scores[:2]
        message = f"{best.form.id} fits with {best.score:.3f}, {rival.form.id} with {rival.score:.3f}"
        yield Issue("ambiguous-form", Severity.ERROR, "", message, rival.form.id, best.form.id)
