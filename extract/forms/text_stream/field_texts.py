"""The texts of single values: behind a label, below labels that stand side by side, in a heading or in brackets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.forms.matching.match import Match
from extract.forms.sheets.label_similarity import is_label
from extract.forms.spec import FieldSpec, FormSpec, Lexicon, MatrixSpec, Place, ValueType
from extract.forms.text_stream.classify import line_start
from extract.forms.text_stream.grammar import Grammar, Kind
from extract.forms.text_stream.hits import Hit
from extract.forms.text_stream.label_path import LabelPath
from extract.forms.text_stream.matches import Matcher, number_in
from extract.forms.text_stream.regions import FieldText, Regions
from extract.forms.text_stream.stream import Shape, Stream
from extract.forms.text_stream.text_cuts import cut_below
from extract.forms.text_stream.walls import Span
from extract.forms.values.parse import State, parse
from extract.model import Issue, Severity
from extract.text import fold

MIN_BLOCK = 4
"""A block of text shorter than this lost most of it."""
MAX_SHORT = 60
"""A value longer than this is a text in which any word may stand."""

_STRANGE_END = re.compile(r"[\u3400-\u9fff][A-Za-z]{1,3}$")
_LEADING = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?")


@dataclass
class FieldValues:
    """The matches of single values, and what is wrong with them."""

    matches: dict[str, Match] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def add(self, match: Match) -> None:
        """Keep a match; the first that holds a text wins."""
        kept = self.matches.get(match.pointer)
        if kept is None or (not kept.text and match.text):
            self.matches[match.pointer] = match

    def doubt(self, code: str, pointer: str, message: str, actual: str) -> None:
        """Note what keeps a value from being sure."""
        self.issues.append(Issue(code, Severity.ERROR, pointer, message, None, actual))


@dataclass(frozen=True, eq=False)
class FieldReader:
    """Reads the single values of one form from one text."""

    form: FormSpec
    stream: Stream
    grammar: Grammar
    lexicon: Lexicon
    matcher: Matcher

    def read(self, regions: Regions, path: LabelPath) -> FieldValues:
        """All single values that the text shows."""
        found = FieldValues()
        self._heading(found, regions, path)
        seen: Counter[str] = Counter()
        for region in regions.fields:
            specs = []
            for hit in region.hits:
                specs.append(self.grammar.field(hit.word.symbol, hit.word.label, seen[hit.word.label]))
                seen[hit.word.label] += 1
            self._region(found, region, specs)
        for hit in regions.notes:
            self._note(found, hit)
        for matrix in self.form.matrices:
            self._unit(found, matrix, regions)
        return found

    # ---- behind and below labels -----------------------------------------------------------------------------------

    def _region(self, found: FieldValues, region: FieldText, specs: Sequence[FieldSpec]) -> None:
        if len(specs) == 1:
            self._single(found, specs[0], region.span)
            return
        cut = cut_below(self.stream, region.span, len(specs))
        for spec, span in zip(specs, cut.spans, strict=True):
            text = self.stream.piece(*span)
            found.add(self.matcher.field(spec, text))
            if not cut.sure:
                message = "nothing tells where one text ends and the next begins"
                found.doubt("ambiguous-cut", _pointer(spec), message, self.stream.piece(*region.span))

    def _single(self, found: FieldValues, spec: FieldSpec, span: Span) -> None:
        text = self.stream.piece(*span)
        match = self.matcher.field(spec, text)
        if text and parse(match, self.lexicon).state is State.UNREADABLE:
            front, rest = self._front(spec, text)
            if front:
                match = self.matcher.field(spec, front)
            if rest and (front or not self._mends(found, rest)):
                found.doubt(
                    "unplaced-text", _pointer(spec), "text stands behind the value that belongs to no field", rest
                )
            if rest and not front:
                match = self.matcher.field(spec, "")
        found.add(match)
        self._suspect(found, spec, text)
        if text and spec.place is Place.BELOW and len(text) < MIN_BLOCK and self.stream.shape is Shape.RUN:
            found.doubt("ambiguous-cut", _pointer(spec), "little of the text is there", text)

    def _front(self, spec: FieldSpec, text: str) -> tuple[str, str]:
        """The beginning of a text that is what the field holds, and the rest."""
        if spec.type is ValueType.CHOICE:
            word = next((v for v in sorted(spec.values, key=len, reverse=True) if text.startswith(v)), "")
            return word, text[len(word) :].strip()
        if not spec.type.numeric:
            return text, ""
        number = _LEADING.match(text)
        return (number[0], text[number.end() :].strip()) if number else ("", text)

    def _mends(self, found: FieldValues, text: str) -> bool:
        """Give a text that is no value of its field to the field before it that has none, and say so."""
        blank = [p for p, m in found.matches.items() if not m.text and m.type is ValueType.TEXT and m.required]
        if not blank:
            return False
        spec = next(f for f in self.form.fields if _pointer(f) == blank[-1])
        found.matches[blank[-1]] = self.matcher.field(spec, text)
        found.doubt("ambiguous-cut", blank[-1], "the text stands behind another label", text)
        return True

    def _suspect(self, found: FieldValues, spec: FieldSpec, text: str) -> None:
        """In a run, a short value with a word that labels are made of may hold a label that was not known."""
        if spec.type is not ValueType.TEXT or spec.place is not Place.RIGHT or len(text) > MAX_SHORT:
            return
        if self.stream.shape is Shape.CELLS:
            return
        if self.stream.shape is Shape.RUN and _STRANGE_END.search(text):
            found.doubt("ambiguous-cut", _pointer(spec), "the text ends in letters that may be of a label", text)
        for word in self.lexicon.label_words:
            at = text.find(word)
            if 0 <= at < len(text) - len(word) and text[at + len(word)] in ":：":
                found.doubt("ambiguous-cut", _pointer(spec), f"the text may hold another label: {word}", text)
                return

    # ---- heading, notes and units ----------------------------------------------------------------------------------

    def _heading(self, found: FieldValues, regions: Regions, path: LabelPath) -> None:
        titles = [s.hit for s in path.steps if s.hit.word.symbol.kind is Kind.TITLE]
        for spec in self.form.fields:
            if spec.place is Place.TITLE and titles:
                found.add(self.matcher.field(spec, self._title(titles[-1])))
            elif spec.place is Place.HEADING and spec.type is ValueType.YEAR:
                found.add(self.matcher.field(spec, self._year(regions.head)))

    def _title(self, hit: Hit) -> str:
        return self.stream.piece(line_start(self.stream, hit), hit.core).replace(" ", "")

    def _year(self, head: Span) -> str:
        hits = list(re.finditer(self.lexicon.year_pattern, fold(self.stream.piece(*head))))
        return max(hits, key=lambda m: len(m.group(0))).group(1) if hits else ""

    def _note(self, found: FieldValues, hit: Hit) -> None:
        for spec in self.form.fields:
            if spec.place is Place.NOTE and hit.note and hit.word.label.endswith(spec.labels):
                text = number_in(hit.note) if spec.type.numeric else hit.note
                found.add(self.matcher.field(spec, text))

    def _unit(self, found: FieldValues, matrix: MatrixSpec, regions: Regions) -> None:
        if matrix.unit is None:
            return
        number = self.form.matrices.index(matrix)
        kinds = (Kind.MATRIX, Kind.MATRIX_COLUMN)
        own = [h.note for h in regions.notes if h.word.symbol.kind in kinds and h.word.symbol.owner == number]
        cells = [self.stream.piece(*row.span) for row in regions.rows if row.owner == number]
        texts = [*own, *_unit_lines(self.stream), *cells]
        values = sorted(matrix.unit.values, key=len, reverse=True)
        words = [w for text in texts for w in values if w in text]
        pointer = f"/{matrix.key}/{matrix.unit.key}"
        if not words and own and (misread := _misread_unit(own[0], values)):
            words = [misread]
            message = "the unit was read with an error"
            found.issues.append(Issue("restored-label", Severity.WARNING, pointer, message, misread, own[0]))
        match = Match(
            pointer, ValueType.CHOICE, words[0] if words else "", self.matcher.lines(words[0] if words else ""),
            None, True, matrix.unit.values,
        )  # fmt: skip
        if regions.rows or words:
            found.add(match)


def _misread_unit(note: str, values: Sequence[str]) -> str:
    """The one unit of two characters or more that a note is but for one of them."""
    near = [
        v
        for v in values
        if len(v) > 1 and len(v) == len(note) and sum(a != b for a, b in zip(v, note, strict=True)) == 1
    ]
    return near[0] if len(near) == 1 else ""


def _unit_lines(stream: Stream) -> Iterator[str]:
    """What a text says of its unit outside of labels (`单位：万元`)."""
    for found in re.finditer(r"位[:：](.{1,4})", stream.text):
        yield found[1]


def _pointer(spec: FieldSpec) -> str:
    return "/" + spec.key.replace(".", "/")


def unplaced(stream: Stream, spans: Sequence[tuple[Span, str]], known: Sequence[str]) -> Iterator[Issue]:
    """Texts that no field could take, but for marks and labels that are known to hold no value."""
    for span, pointer in spans:
        text = stream.piece(*span)
        if not re.search(r"\w", text) or is_label(text, known):
            continue
        message = f"text belongs to no field: {text[:60]}"
        yield Issue("unplaced-text", Severity.ERROR, pointer, message, None, text)
