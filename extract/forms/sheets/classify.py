"""Which declared form a sheet is: its title, then the labels it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extract.forms.sheets.label_fit import label_fit, shares
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

On 24 forms of 7 declarations, drawn afresh and scanned, the right one was the best each time, by 0.054 at least
(November 2026); where the lead is smaller the record goes to a person.
"""
MAX_LABEL = 40
"""Characters of the longest text that may be a label, with the note behind it."""
MAX_PREFIX = 26
"""Characters that may stand before a title's declared ending: a year, a district, a department."""


@dataclass(frozen=True)
class Candidate:
    """A form with its score: title similarity (0..1, more for a longer title) plus the share of labels it explains."""

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
    seen = [text for text in texts(sheet) if len(text) <= MAX_LABEL]
    titled = [(form, score) for form in forms if (score := _title(sheet, form, seen)) is not None]
    fitted = shares([label_fit(seen, form) for form, _ in titled])
    found = [Candidate(form, title + share, bool(title)) for (form, title), share in zip(titled, fitted, strict=True)]
    return _base_first(sorted(found, key=lambda c: -c.score))


def _base_first(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The best first; where the declaration that it goes back to fits nearly as well, that one: it claims less."""
    near = [c for c in found if found[0].score - c.score < MARGIN and c.form.id == found[0].form.family]
    return (*near, *(c for c in found if c not in near))


def _title(sheet: Sheet, form: FormSpec, seen: Sequence[str]) -> float | None:
    """How well the heading shows a form's title; None where too few of its labels are seen for it to be the form."""
    title = max((title_score(line.text, form.titles) for line in sheet.heading), default=0.0)
    labels = sum(any(is_label(text, (label,)) for text in seen) for label in form.must_labels)
    return title if labels >= (2 if title else form.min_labels) else None


def rival_issues(scores: Sequence[Candidate]) -> Iterator[Issue]:
    """Say that two forms fit a sheet nearly alike; `scores` are sorted."""
    if len(scores) > 1 and scores[0].score - scores[1].score < MARGIN:
        best, rival = scores[:2]
        message = f"{best.form.id} fits with {best.score:.3f}, {rival.form.id} with {rival.score:.3f}"
        yield Issue("ambiguous-form", Severity.ERROR, "", message, rival.form.id, best.form.id)
