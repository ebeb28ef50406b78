"""Labels inside of a value: `name telephone: 123` in one cell is two values, not one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.forms.matching.match import Found, Match, field_match
from extract.forms.spec import FieldSpec, FormSpec, Lexicon, Place, ValueType
from extract.model import Issue, Severity
from extract.text import fold

MAX_SHORT = 60
"""A value longer than this is a text in which any word may stand."""


@dataclass(frozen=True)
class Part:
    """A stretch of a value's text; `field` is what the label before it names, None for the first stretch."""

    text: str
    field: FieldSpec | None


def add_parts(found: Found, match: Match, printed: str, form: FormSpec, lexicon: Lexicon) -> None:
    """Keep a match, cut where a declared label with its colon stands apart in it; what follows is that field's.

    `printed` is the text with the gaps that its lines show. A label that cannot be cut out cleanly is said, and the
    text stays as it is.
    """
    first, *others = parts_of(printed, form)
    if others:
        match = replace(match, text=fold(first.text))
    found.add(match)
    for part in others:
        if part.field is not None and part.field.key:
            found.add(field_match(part.field, fold(part.text), match.lines))
    if label := left_label(match.text, form, lexicon):
        message = f"the text holds what looks like a further label: {label}"
        found.issues.append(Issue("label-in-value", Severity.ERROR, match.pointer, message, None, match.text))


def parts_of(text: str, form: FormSpec) -> tuple[Part, ...]:
    """A text cut before each declared or ignored label that follows white space or a mark, and ends with a colon."""
    words = {label: spec for spec in named_fields(form) for label in spec.labels}
    if not words or len(text) > MAX_SHORT:
        return (Part(text, None),)
    spelled = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts, start, field = [], 0, None
    for hit in re.finditer(rf"(?<=[\s,，;；、。)）])({spelled})\s*[:：]", text):
        parts.append(Part(text[start : hit.start()].strip(" ,，;；、"), field))
        start, field = hit.end(), words[hit[1]]
    return (*parts, Part(text[start:].strip(), field))


def left_label(text: str, form: FormSpec, lexicon: Lexicon) -> str | None:
    """A label that still stands inside of a short text: a declared one, or a word that ends as labels do, with a colon.

    One that begins the text is none.
    """
    if len(text) > MAX_SHORT:
        return None
    known = "|".join(re.escape(label) for spec in named_fields(form) for label in spec.labels)
    ends = "|".join(map(re.escape, lexicon.label_words))
    for pattern in (known, rf"[\u3400-\u9fff]{{0,6}}(?:{ends})" if ends else ""):
        hit = re.search(rf".({pattern})\s*[:：]", text) if pattern else None
        if hit:
            return hit[1]
    return None


def named_fields(form: FormSpec) -> Sequence[FieldSpec]:
    """The fields whose values stand beside their labels; the last, without a key, is for labels to be ignored."""
    fields = [spec for spec in form.fields if spec.place is Place.RIGHT]
    return [*fields, FieldSpec("", ValueType.TEXT, labels=form.ignored_labels)] if form.ignored_labels else fields
