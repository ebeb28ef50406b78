"""A text export, however broken, to the forms that it holds: what is declared is found in the run of characters.

The order: characters and gaps (`stream`), labels (`hits`, `label_path`), regions, rows and cells (`rows`), and where
text alone cannot decide, the form's checks (`arithmetic`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.forms.matching.match import Alignment, Match
from extract.forms.spec import FormSpec, Lexicon, ValueType
from extract.forms.text_stream.arithmetic import Choice, Judge
from extract.forms.text_stream.carry import carry_levels
from extract.forms.text_stream.cell_fit import CellFit
from extract.forms.text_stream.classify import Claim, claims_of
from extract.forms.text_stream.field_texts import FieldReader, unplaced
from extract.forms.text_stream.grammar import Grammar, Kind
from extract.forms.text_stream.matches import Matcher, level_issues
from extract.forms.text_stream.regions import Regions, regions_of
from extract.forms.text_stream.rows import Segmenter
from extract.forms.text_stream.stream import stream_of
from extract.forms.text_stream.units import Option, Unit, units_of
from extract.forms.values.parse import Value, parse
from extract.model import Issue, Severity

MAX_PIECE = 5
"""A text longer than this is no piece of a label."""


@dataclass(frozen=True)
class TextForm:
    """A form found in a text, its fields matched."""

    form: FormSpec
    alignment: Alignment


def read_text(text: str, forms: Sequence[FormSpec], lexicon: Lexicon) -> tuple[TextForm, ...]:
    """The forms of a text in order."""
    return tuple(_read(claim, lexicon) for claim in claims_of(stream_of(text), forms))


def _read(claim: Claim, lexicon: Lexicon) -> TextForm:
    stream, grammar, form = claim.stream, claim.grammar, claim.grammar.form
    regions = regions_of(stream, claim.path, grammar)
    segmenter = Segmenter(stream, CellFit(lexicon))
    units = units_of(regions, form, segmenter)
    matcher = Matcher(form, stream)
    fields = FieldReader(form, stream, grammar, lexicon, matcher).read(regions, claim.path)
    judge = Judge(form, lexicon, matcher, units.lists)
    fixed: Mapping[str, Value] = {p: parse(m, lexicon) for p, m in fields.matches.items()}
    choice = judge.choose(units.units, fixed)
    choice = carry_levels(form, units.units, choice)
    matches = dict(fields.matches)
    for unit, option in zip(units.units, choice.chosen, strict=True):
        matches |= {m.pointer: m for m in matcher.row(unit, option)}
    lost = [(span, "") for span in regions.loose] + units.lost
    issues = (
        *fields.issues,
        *unplaced(stream, lost, form.side_labels),
        *_row_issues(grammar, units.units, choice),
        *_end_issues(claim, regions, matches),
        *claim.issues,
    )
    return TextForm(form, Alignment(tuple(matches.values()), dict(units.lists), issues))


def _row_issues(grammar: Grammar, units: Sequence[Unit], choice: Choice) -> Iterator[Issue]:
    for unit, option, doubts in zip(units, choice.chosen, choice.doubts, strict=True):
        if unit.body is not None:
            yield from level_issues(unit, grammar.form.tables[unit.body.owner])
        for key, others in doubts.items():
            named = " or ".join(repr(other) for other in others)
            message = f"the text can be cut in another way: {named}"
            yield Issue(
                "ambiguous-cut", Severity.ERROR, f"{unit.pointer}/{key}", message, others[0] or None,
                option.texts.get(key) or None,
            )  # fmt: skip
        if unit.unsure:
            message = "the rows around can be told apart in another way"
            yield Issue("ambiguous-cut", Severity.ERROR, unit.pointer, message)
        for key in unit.guessed:
            message = "the header of the column could not be read; it was told by its neighbours"
            yield Issue("ambiguous-cut", Severity.ERROR, f"{unit.pointer}/{key}", message, None, option.texts.get(key))
        yield from _pieces(grammar, unit, option)
        yield from _nameless(grammar, unit, option)
        for text in option.strange:
            message = f"the form declares no column for this text: {text[:60]}"
            yield Issue("unplaced-text", Severity.ERROR, unit.pointer, message, None, text)


def _pieces(grammar: Grammar, unit: Unit, option: Option) -> Iterator[Issue]:
    """Short texts that may be pieces of a label which a line end or a wall cut."""
    labels = [w.key for w in grammar.words if w.symbol.kind.levels or w.symbol.kind is Kind.SIDE]
    table = grammar.form.tables[unit.body.owner] if unit.body is not None else None
    free = {c.key for c in table.columns if c.type is ValueType.TEXT and not c.required} if table else set()
    for key, text in option.texts.items():
        if key in free and 1 < len(text) <= MAX_PIECE and any(text in label for label in labels):
            message = "the text may be a piece of a label"
            yield Issue("ambiguous-cut", Severity.ERROR, f"{unit.pointer}/{key}", message, None, text)


def _nameless(grammar: Grammar, unit: Unit, option: Option) -> Iterator[Issue]:
    """A row whose name is a figure: the text around it was cut wrongly, or a label is not known."""
    table = grammar.form.tables[unit.body.owner] if unit.body is not None else None
    names = [c.key for c in table.columns if c.type is ValueType.TEXT and not (c.above or c.inside)] if table else []
    text = option.texts.get(names[0], "") if names else ""
    if text and not re.search(r"[^\W\d_]", text):
        message = "the name of the row is a figure"
        yield Issue("ambiguous-cut", Severity.ERROR, f"{unit.pointer}/{names[0]}", message, None, text)


def _end_issues(claim: Claim, regions: Regions, matches: Mapping[str, Match]) -> Iterator[Issue]:
    """Say where a text ends that ends before its form does."""
    form, stream = claim.grammar.form, claim.stream
    unclosed = [t for t in form.tables if t.footer and t.footer.required and regions.last == t.key]
    if not stream.cut and not unclosed:
        return
    filled = [m.pointer for m in matches.values() if m.text]
    pointer = filled[-1] if filled else ""
    tail = stream.piece(max(0, len(stream) - 30), len(stream))
    yield Issue("cut-text", Severity.ERROR, pointer, f"the text ends before the form does, behind “{tail}”", None, tail)
