"""The path of labels as regions: what text belongs to which field, matrix row, table row or footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.forms.spec import ColumnSpec, FormSpec, ValueType
from extract.forms.text_stream.grammar import OVER, Cell, Grammar, Kind, Symbol
from extract.forms.text_stream.hits import Hit
from extract.forms.text_stream.label_path import MAX_STRANGE, LabelPath
from extract.forms.text_stream.stream import Shape, Stream
from extract.forms.text_stream.walls import Span

STRANGE = ColumnSpec("", ValueType.TEXT, ())
"""A column that the form does not declare."""


@dataclass(frozen=True)
class FieldText:
    """The text behind a field's label, or of several labels that stand together above their texts."""

    hits: tuple[Hit, ...]
    span: Span


@dataclass(frozen=True)
class Heading:
    """A header: its columns in the order of the text, and those that were told by their neighbours alone."""

    cells: tuple[Cell, ...] = ()
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowText:
    """The text behind the label of a matrix row."""

    owner: int
    item: int
    heading: Heading
    span: Span


@dataclass(frozen=True)
class BodyText:
    """Text below a table's header: the labels that it stands under, and the hit above the whole block.

    `unsure` tells that its rows may begin and end elsewhere.
    """

    owner: int
    heading: Heading
    level1: Hit | None
    level2: Hit | None
    above: Hit | None
    span: Span
    unsure: bool = False


@dataclass(frozen=True)
class FooterText:
    """The text behind a table's footer label."""

    owner: int
    heading: Heading
    span: Span


@dataclass
class Regions:
    """All regions of a text; `loose` belongs to nothing, `notes` are labels with something in brackets."""

    fields: list[FieldText] = field(default_factory=list)
    rows: list[RowText] = field(default_factory=list)
    bodies: list[BodyText] = field(default_factory=list)
    footers: list[FooterText] = field(default_factory=list)
    loose: list[Span] = field(default_factory=list)
    notes: list[Hit] = field(default_factory=list)
    head: Span = (0, 0)
    last: str = ""
    """The key of the part that the text ends in."""


def regions_of(stream: Stream, path: LabelPath, grammar: Grammar) -> Regions:
    """The regions between the labels of a path."""
    walker = _Walker(stream, grammar)
    hits = [step.hit for step in path.steps]
    for i, hit in enumerate(hits):
        end = hits[i + 1].start if i + 1 < len(hits) else len(stream)
        walker.take(hit, (hit.end, end), hits[i + 1] if i + 1 < len(hits) else None)
    titles = [i for i, h in enumerate(hits) if h.word.symbol.kind is Kind.TITLE]
    behind = hits[titles[-1] + 1 if titles else 0 :]
    walker.regions.head = (0, behind[0].start if behind else len(stream))
    return walker.regions


class _Walker:
    def __init__(self, stream: Stream, grammar: Grammar) -> None:
        self.stream, self.form, self.grammar = stream, grammar.form, grammar
        self.regions = Regions()
        self.stacked: list[Hit] = []
        self.header: list[tuple[Symbol, Span]] = []
        self.heading = Heading()
        self.waiting: Hit | None = None
        self.level1: Hit | None = None
        self.level2: Hit | None = None
        self.above: Hit | None = None
        self.table = -1

    def take(self, hit: Hit, span: Span, ahead: Hit | None) -> None:
        """File the text behind a label."""
        kind, filled = hit.word.symbol.kind, span[1] > span[0]
        self.regions.notes.append(hit)
        if kind.heads:
            self._head(hit, span, ahead)
        elif kind is Kind.FIELD:
            self._field(hit, span, ahead)
        elif kind is Kind.MATRIX_ROW:
            self._row(hit, span, ahead)
        elif kind.levels:
            self._level(hit, span)
        elif kind is Kind.FOOTER:
            self.regions.footers.append(FooterText(hit.word.symbol.owner, self.heading, span))
            self.regions.last, self.table = "", -1
        elif kind is Kind.ABOVE:
            self.above, self.level1, self.level2 = hit, None, None
        elif kind is Kind.SIDE and self.table >= 0 and filled:
            self._body(span)
        elif kind is not Kind.IGNORED and kind is not Kind.TITLE and filled:
            self.regions.loose.append(span)

    def _field(self, hit: Hit, span: Span, ahead: Hit | None) -> None:
        """Labels of texts below them that stand side by side share what follows."""
        self.stacked.append(hit)
        next_below = ahead is not None and self.grammar.below(ahead.word.symbol)
        if self.grammar.below(hit.word.symbol) and span[1] == span[0] and next_below:
            return
        self.regions.fields.append(FieldText(tuple(self.stacked), span))
        self.stacked, self.table = [], -1
        self.regions.last = self.form.fields[hit.word.symbol.item].key

    # ---- headers ---------------------------------------------------------------------------------------------------

    def _head(self, hit: Hit, span: Span, ahead: Hit | None) -> None:
        self.header.append((hit.word.symbol, span))
        going_on = ahead is not None and _same_header(ahead.word.symbol, hit.word.symbol)
        going_on = going_on and span[1] - span[0] <= MAX_STRANGE
        if going_on:
            return
        symbol = hit.word.symbol
        of_matrix = symbol.kind is Kind.MATRIX_COLUMN
        self.heading, behind = self._heading(of_matrix, ahead)
        self.header = []
        if of_matrix:
            self._first_row(symbol.owner, behind)
            return
        self.table = symbol.owner
        self.regions.last = self.form.tables[symbol.owner].key
        if behind[1] > behind[0]:
            self._body(behind)

    def _heading(self, of_matrix: bool, ahead: Hit | None) -> tuple[Heading, Span]:
        """The columns of the header that ends here, and the text behind it."""
        owner = self.header[0][0].owner
        columns = self.form.matrices[owner].columns if of_matrix else self.form.tables[owner].columns
        seen = {symbol.item for symbol, _ in self.header}
        cells: list[Cell] = []
        guessed: list[str] = []
        behind = self.header[-1][1]
        walled = self.stream.shape is not Shape.RUN and ahead is not None
        for k, (symbol, span) in enumerate(self.header):
            if symbol.item == OVER:
                continue
            cells.append(Cell(columns[symbol.item], symbol.part))
            last = k + 1 == len(self.header)
            if span[1] - span[0] < 2 or (last and not (walled and of_matrix)):
                continue
            after = len(columns) if last else self.header[k + 1][0].item
            meant = None if last or span[1] - span[0] > MAX_STRANGE else _meant(columns, seen, (symbol.item, after))
            cells.append(Cell(columns[meant]) if meant is not None else Cell(STRANGE))
            if meant is not None:
                guessed.append(columns[meant].key)
                seen.add(meant)
            behind = (span[1], span[1]) if last else behind
        if any(symbol.item == OVER for symbol, _ in self.header):
            # a header of two levels is printed cell by cell, not column by column
            cells.sort(key=lambda c: (columns.index(c.spec) if c.spec in columns else len(columns), c.part))
        return Heading(tuple(cells), tuple(guessed)), behind

    # ---- rows ------------------------------------------------------------------------------------------------------

    def _row(self, hit: Hit, span: Span, ahead: Hit | None) -> None:
        symbol = hit.word.symbol
        if ahead is not None and ahead.word.symbol.kind is Kind.MATRIX_COLUMN and span[1] - span[0] <= 2:
            self.waiting = hit
            return
        self.regions.rows.append(RowText(symbol.owner, symbol.item, self._matrix_heading(symbol.owner), span))
        self.regions.last, self.table = self.form.matrices[symbol.owner].key, -1

    def _first_row(self, owner: int, behind: Span) -> None:
        """Text right behind a matrix' header belongs to the row whose label stands before it, else the first."""
        item = self.waiting.word.symbol.item if self.waiting else 0
        if behind[1] > behind[0]:
            self.regions.rows.append(RowText(owner, item, self.heading, behind))
        self.waiting, self.table = None, -1
        self.regions.last = self.form.matrices[owner].key

    def _matrix_heading(self, owner: int) -> Heading:
        columns = self.form.matrices[owner].columns
        own = self.heading.cells and any(c.spec in columns for c in self.heading.cells)
        return self.heading if own else Heading(tuple(Cell(c) for c in columns))

    def _level(self, hit: Hit, span: Span) -> None:
        symbol = hit.word.symbol
        self.table = symbol.owner
        if self._is_name(hit):
            span = (hit.start, span[1])
        elif symbol.kind is Kind.LEVEL1:
            self.level1, self.level2 = hit, None
        else:
            self.level2 = hit
        self.regions.last = self.form.tables[symbol.owner].key
        if span[1] > span[0]:
            self._body(span)

    def _is_name(self, hit: Hit) -> bool:
        """Whether an upper label right behind the lower one under it names a row: it begins no group of its own."""
        upper, lower = self.level1, self.level2
        again = upper is not None and hit.word.symbol == upper.word.symbol
        return again and lower is not None and lower.end == hit.start

    def _body(self, span: Span) -> None:
        heading = self.heading
        if not any(c.spec in self.form.tables[self.table].columns for c in heading.cells):
            heading = Heading(tuple(_default_cells(self.form, self.table)))
        self.regions.bodies.append(BodyText(self.table, heading, self.level1, self.level2, self.above, span))


def _meant(columns: Sequence[ColumnSpec], seen: set[int], around: tuple[int, int]) -> int | None:
    """The one column that an unread piece of a header must be: the only one missing, or the only one between two."""
    missing = [i for i, c in enumerate(columns) if i not in seen and not c.inside and not c.above]
    between = [i for i in missing if around[0] < i < around[1]]
    return missing[0] if len(missing) == 1 else between[0] if len(between) == 1 else None


def _default_cells(form: FormSpec, table: int) -> Sequence[Cell]:
    """The columns in declared order, for a text whose header is lost."""
    return [Cell(c) for c in form.tables[table].columns if not c.inside and not c.above]


def _same_header(a: Symbol, b: Symbol) -> bool:
    return a.kind is b.kind and a.owner == b.owner
