"""Cut texts to matches, with the doubts that their labels leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.forms.matching.match import Match
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, GroupSpec, TableSpec, ValueType
from extract.forms.text_stream.grammar import Kind
from extract.forms.text_stream.hits import Hit
from extract.forms.text_stream.stream import Stream
from extract.forms.text_stream.units import Option, Unit
from extract.model import Issue, Origin, Severity, TextLine

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Matcher:
    """Makes the matches of one form's values."""

    form: FormSpec
    stream: Stream

    def field(self, spec: FieldSpec, text: str) -> Match:
        """A single value."""
        pointer = "/" + spec.key.replace(".", "/")
        return self._match(pointer, spec.type, text, spec.required, spec.values)

    def row(self, unit: Unit, option: Option) -> Iterator[Match]:
        """The values of a row, its levels and what stands above its table included."""
        columns, required = self._columns(unit)
        for column in columns:
            text = option.texts.get(column.key)
            if text is None and not self._derived(unit, column):
                if column.key in required and (unit.body is None or column.level == 0):
                    yield self._match(f"{unit.pointer}/{column.key}", column.type, "", True, column.values)
                continue
            yield self._cell(unit, column, option, column.key in required)

    def _derived(self, unit: Unit, column: ColumnSpec) -> bool:
        return unit.body is not None and bool(column.level or column.above or column.inside)

    def _cell(self, unit: Unit, column: ColumnSpec, option: Option, required: bool) -> Match:
        pointer, origin = f"{unit.pointer}/{column.key}", None
        text = option.texts.get(column.key, "")
        if column.key in option.carried:
            origin = Origin.INHERITED
        if unit.body is not None and not text:
            text, origin = self._from_labels(unit, column, option)
        return self._match(pointer, column.type, text, required, column.values, origin)

    def _from_labels(self, unit: Unit, column: ColumnSpec, option: Option) -> tuple[str, Origin | None]:
        """A value that stands in a label over the row, or in the brackets behind one."""
        assert unit.body is not None
        table = self.form.tables[unit.body.owner]
        if column.inside:
            return self._in_brackets(unit, table, column.inside, option), None
        if column.above:
            above = unit.body.above
            return (_without_note(self.stream, above), Origin.INHERITED) if above else ("", None)
        if column.level in (1, 2) and table.groups:
            return level_of(unit, table, column.level)
        return "", None

    def _in_brackets(self, unit: Unit, table: TableSpec, key: str, option: Option) -> str:
        column = next(c for c in table.columns if c.key == key)
        assert unit.body is not None
        if text := option.texts.get(key, ""):
            note = re.search(r"\(([^()]*)\)$", text)
            found = _NUMBER.search(note[1]) if note else None
            return found[0] if found else ""
        hit = unit.body.above if column.above else unit.body.level1 if column.level == 1 else unit.body.level2
        return number_in(hit.note) if hit else ""

    def _columns(self, unit: Unit) -> tuple[tuple[ColumnSpec, ...], frozenset[str]]:
        """The columns that a unit can fill, and those it must."""
        part, _, rest = unit.pointer[1:].partition("/")
        for matrix in self.form.matrices:
            if matrix.key == part:
                row = next(r for r in matrix.rows if r.key == rest)
                return matrix.columns, frozenset(row.required)
        for table in self.form.tables:
            if table.key == part:
                return table.columns, frozenset(c.key for c in table.columns if c.required)
            if table.footer and table.footer.key == part:
                own = tuple(c for c in table.columns if c.key in table.footer.columns)
                return own, frozenset(table.footer.required)
        raise AssertionError(unit.pointer)

    def _match(
        self, pointer: str, kind: ValueType, text: str, required: bool, values: tuple[str, ...],
        origin: Origin | None = None,
    ) -> Match:  # fmt: skip
        return Match(pointer, kind, text, self.lines(text), origin, required, values)

    def lines(self, text: str) -> tuple[TextLine, ...]:
        """The line of text that stands for a value in evidence."""
        return (TextLine(text, origin=Origin.TEXT_EXPORT),) if text else ()


def number_in(note: str) -> str:
    """The first number of a note, "" where it holds none."""
    found = _NUMBER.search(note)
    return found[0] if found else ""


def _without_note(stream: Stream, hit: Hit) -> str:
    text = stream.piece(hit.start, hit.end).rstrip(":：")
    return text.removesuffix(f"({hit.note})") if hit.note else text


# ---- levels ------------------------------------------------------------------------------------------------------


def level_of(unit: Unit, table: TableSpec, level: int) -> tuple[str, Origin | None]:
    """The label of a row at a level of declared words, and where it comes from."""
    assert unit.body is not None
    hit = unit.body.level1 if level == 1 else unit.body.level2
    if hit is not None and _agrees(unit, table):
        inherited = hit.end < unit.span[0] and unit.body.span[0] != unit.span[0]
        return hit.word.label, Origin.REPAIRED if hit.errors else Origin.INHERITED if inherited else None
    group = _group(unit, table)
    if level == 1 and group is not None:
        return group.label, Origin.INHERITED
    if level == 2 and hit is not None:
        return hit.word.label, Origin.REPAIRED if hit.errors else None
    if level == 2 and group is not None and len(group.children) == 1:
        return group.children[0][0], Origin.INHERITED
    return "", None


def _agrees(unit: Unit, table: TableSpec) -> bool:
    """Whether the upper label of a row is one that its lower label may stand under."""
    assert unit.body is not None
    upper, lower = unit.body.level1, unit.body.level2
    if upper is None or lower is None:
        return True
    return any(g is table.groups[upper.word.symbol.item] for g in _parents(lower, table))


def _parents(lower: Hit, table: TableSpec) -> list[GroupSpec]:
    return [g for g in table.groups if any(lower.word.label in c for c in g.children)]


def _group(unit: Unit, table: TableSpec) -> GroupSpec | None:
    assert unit.body is not None
    upper, lower = unit.body.level1, unit.body.level2
    if lower is not None:
        parents = _parents(lower, table)
        if len(parents) == 1:
            return parents[0]
        known = upper is not None and upper.word.symbol.kind is Kind.LEVEL1
        return table.groups[upper.word.symbol.item] if known and upper is not None else None
    return table.groups[upper.word.symbol.item] if upper is not None else None


def level_issues(unit: Unit, table: TableSpec) -> Iterator[Issue]:
    """The doubts that the levels of a row leave."""
    assert unit.body is not None
    for column in table.columns:
        if column.level not in (1, 2) or not table.groups:
            continue
        pointer = f"{unit.pointer}/{column.key}"
        hit = unit.body.level1 if column.level == 1 else unit.body.level2
        text, origin = level_of(unit, table, column.level)
        if not text:
            yield Issue("unknown-label", Severity.ERROR, pointer, "no label of this level stands over the row")
        elif hit is None or not _agrees(unit, table):
            yield Issue(
                "inherited-label", Severity.WARNING, pointer, "the label was inferred from its neighbours", text
            )
        elif origin is Origin.REPAIRED:
            yield Issue("restored-label", Severity.WARNING, pointer, "the label was read with errors", text)
