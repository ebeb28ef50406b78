"""Matched text to typed values: read, blank or unreadable, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from extract.forms.matching.match import Match
from extract.forms.spec import Lexicon, ValueType
from extract.model import JsonValue
from extract.text import fold


class State(StrEnum):
    """A value was read, its place is blank, or there is ink that is not what the field holds."""

    READ = "read"
    BLANK = "blank"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Value:
    """A parsed match; `data` is None unless it was read; `parts` is the companion object of a quantity."""

    match: Match
    state: State
    data: JsonValue = None
    parts: dict[str, JsonValue] | None = None


_GROUPED = re.compile(r"[-+]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SPACED = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")


def parse(match: Match, lexicon: Lexicon) -> Value:
    """The value of a match according to its field's type."""
    text = match.text.strip()
    if not text:
        inked = any(not line.text for line in match.lines)
        return Value(match, State.UNREADABLE if inked else State.BLANK)
    if text in lexicon.blank_marks or _instructs(text, lexicon):
        return Value(match, State.BLANK)
    if match.type.numeric:
        return _numeric(match, text, lexicon)
    if match.type is ValueType.CHOICE:
        chosen = choice(text, match.values)
        if chosen == "":
            return Value(match, State.BLANK)
        return Value(match, State.READ, chosen) if chosen else Value(match, State.UNREADABLE)
    if match.type is ValueType.DATE:
        iso = date_in(text)
        return Value(match, State.READ, iso) if iso else Value(match, State.UNREADABLE)
    parts = quantity(text, lexicon) if match.type is ValueType.QUANTITY else None
    return Value(match, State.READ, fold(text), parts)


def date_in(text: str) -> str | None:
    """The date that a text is, as YYYY-MM-DD; None where it is none that the calendar has."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def _instructs(text: str, lexicon: Lexicon) -> bool:
    """Whether a cell holds what the form itself prints there, to tell how to fill it."""
    return any(re.search(pattern, fold(text)) for pattern in lexicon.instructions)


def _numeric(match: Match, text: str, lexicon: Lexicon) -> Value:
    found = number(text, lexicon, percent=match.type is ValueType.PERCENT)
    if found is None or (match.type in (ValueType.INTEGER, ValueType.YEAR) and found != int(found)):
        return Value(match, State.UNREADABLE)
    if match.type in (ValueType.SCORE, ValueType.YEAR) and found < 0:
        return Value(match, State.UNREADABLE)
    return Value(match, State.READ, int(found) if match.type in (ValueType.INTEGER, ValueType.YEAR) else found)


def number(text: str, lexicon: Lexicon, percent: bool = False) -> Decimal | None:
    """The exact number that a text is, without its unit; None where it is anything else.

    Zeros at its end are kept: the form's rates are judged by how many digits were printed.
    """
    bare = fold(text).replace("．", ".").replace("¥", "").replace("￥", "").strip()
    for unit in sorted((*lexicon.units, "(%)"), key=len, reverse=True):
        if bare.endswith(unit) and (percent or "%" not in unit):
            bare = bare[: -len(unit)].strip()
            break
    if _GROUPED.fullmatch(bare) or _SPACED.fullmatch(bare):
        return Decimal(re.sub("[,， ]", "", bare))
    return Decimal(bare) if _PLAIN.fullmatch(bare) else None


def plain(value: Decimal) -> Decimal:
    """A decimal without exponent and without trailing zeros."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral() else value


def choice(text: str, values: tuple[str, ...]) -> str | None:
    """The one declared word that a text is (a mark or a note around it allowed), or that is ticked among others.

    "" where the words stand there to be ticked and none is.
    """
    if len(printed := _printed_choices(text, values)) > 1:
        ticked = _ticked(fold(text), printed)
        return ticked[0] if len(ticked) == 1 else "" if not ticked else None
    bare = re.sub(r"[\s()√☑✓■●:：]", "", fold(text))
    return bare if bare in values else None


_TICKS = frozenset("√☑✓■●✔☒✅")
_BOXES = frozenset("□☐○〇口")


def _printed_choices(text: str, values: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Where the words of a choice stand in a text: start, end, word; a word inside of a longer one does not count."""
    bare = fold(text)
    found = sorted((m.start(), -m.end(), v) for v in values for m in re.finditer(re.escape(v), bare))
    kept: list[tuple[int, int, str]] = []
    for start, end, word in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, -end, word))
    return kept


def _ticked(text: str, words: list[tuple[int, int, str]]) -> list[str]:
    """The words with a tick at their side; whether marks stand before or behind words shows at the text's ends."""
    marks = _TICKS | _BOXES
    before = any(c in marks for c in text[: words[0][0]])
    ends = [0, *(end for _, end, _ in words)]
    starts = [*(start for start, _, _ in words), len(text)]
    sides = [text[ends[i] : starts[i]] for i in range(len(starts))]
    own = sides[:-1] if before else sides[1:]
    return [word for (_, _, word), side in zip(words, own, strict=True) if any(c in _TICKS for c in side)]


def quantity(text: str, lexicon: Lexicon) -> dict[str, JsonValue] | None:
    """{comparator, number, unit} where the whole text is that; None where it is more than a plain quantity."""
    mark, rest = _comparator(fold(text), lexicon)
    found = _GROUPED.match(rest) or _PLAIN.match(rest)
    if found is None:
        return None
    unit = rest[found.end() :].strip()
    bare = re.sub(r"^\((.*)\)$", r"\1", unit)
    if bare and bare not in lexicon.units:
        return None
    value = plain(Decimal(re.sub("[,，]", "", found.group())))
    return {"comparator": lexicon.comparators.get(mark), "number": value, "unit": bare or None}


def without_strays(text: str, lexicon: Lexicon) -> str | None:
    """The plain quantity that a text would be without the stray marks around its figure; None where it is none."""
    strays = "".join(lexicon.stray_marks) + " "
    mark, rest = _comparator(fold(text).strip(strays), lexicon)
    bare = mark + rest.strip(strays)
    return bare if quantity(bare, lexicon) else None


def _comparator(text: str, lexicon: Lexicon) -> tuple[str, str]:
    """The comparator that a text begins with, as printed ("" for none), and the rest."""
    mark = next((m for m in sorted(lexicon.comparators, key=len, reverse=True) if text.startswith(m)), "")
    return mark, text[len(mark) :].strip()
