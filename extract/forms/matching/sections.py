"""A sheet's rows told apart: single values, headings with text below, matrices, tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

from extract.forms.matching.cell_splitting import split_apart
from extract.forms.matching.headers import Column, Header, find_header
from extract.forms.sheets.label_similarity import best_similarity, is_exact, is_label, is_piece, split_inline
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, MatrixSpec, Place, RowSpec, TableSpec, ValueType
from extract.model import Cell

MAX_LABEL = 24
"""No label is longer than this many characters."""
TABLE_FIRST = 0.0001
"""Where a header fits a table and a matrix alike, it is the table's."""


@dataclass(frozen=True)
class Region:
    """The part of the table's width below a heading in which a field's text stands."""

    field: FieldSpec
    x0: float
    x1: float
    heading: Cell


@dataclass
class Section:
    """Rows of one kind, in order; which of the members are set tells the kind.

    `span` is the part of the table's width that it stands in, where another section (`twin`) stands at its right.
    """

    rows: list[int] = field(default_factory=list)
    regions: tuple[Region, ...] = ()
    matrix: MatrixSpec | None = None
    table: TableSpec | None = None
    header: Header | None = None
    footers: list[int] = field(default_factory=list)
    span: tuple[float, float] = (-math.inf, math.inf)
    twin: Section | None = None

    def slots(self, sheet: Sheet, row: int) -> tuple[Slot, ...]:
        """The slots of a row that stand in the section's part of the width."""
        return within(sheet.rows[row], self.span)

    def parts(self) -> tuple[Section, ...]:
        """The section and, where there is one, its twin."""
        return (self,) if self.twin is None else (self, self.twin)


def within(slots: Sequence[Slot], span: tuple[float, float]) -> tuple[Slot, ...]:
    """The slots whose middle stands in a part of the width."""
    return tuple(s for s in slots if span[0] <= (s.x0 + s.x1) / 2 < span[1])


@dataclass(frozen=True)
class Sections:
    """All sections of a sheet; `fields` are the rows that hold single values beside their labels, `loose` the rows
    that belong to nothing."""

    fields: tuple[int, ...]
    below: tuple[Section, ...]
    matrices: tuple[Section, ...]
    tables: tuple[Section, ...]
    loose: tuple[int, ...]


def split_sections(sheet: Sheet, form: FormSpec) -> Sections:
    """Tell the rows of a sheet apart by the labels that stand in them."""
    splitter = _Splitter(sheet, form, tuple(split_apart(slots) for slots in sheet.rows))
    for r, slots in enumerate(sheet.rows):
        if r >= splitter.skip_to and any(s.cell.lines for s in slots):
            splitter.take(r)
    found = splitter.found
    return Sections(
        tuple(splitter.fields),
        tuple(s for s in found if s.regions),
        tuple(s for s in found if s.matrix),
        tuple(s for s in found if s.table),
        tuple(splitter.loose),
    )


@dataclass
class _Splitter:
    """Gives row after row to sections; `apart` are the rows with their cells cut where two texts stand apart."""

    sheet: Sheet
    form: FormSpec
    apart: Sequence[Sequence[Slot]]
    found: list[Section] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    current: Section | None = None
    skip_to: int = 0

    def take(self, r: int) -> None:
        """Give a row to the section it opens, ends or goes on with."""
        slots = self.sheet.rows[r]
        opened = self._opens(r)
        if opened is not None and opened.header is not None:
            self.skip_to = opened.header.row_end
        if opened is not None and self.current is not None and self._goes_on(self.current, opened, r):
            self.current.rows.extend(opened.rows)
        elif opened is not None:
            self._close()
            self.current = opened
            self.found.extend(opened.parts())
        elif self.current is not None and self._ends(self.current, r):
            self._close()
            if field_labels(slots, self.form):
                self.fields.append(r)
        elif _is_field_row(slots, self.form, self.current):
            self.fields.append(r)
            self.current = None if self.current is None or self.current.table is None else self.current
        elif self.current is not None:
            for part in self.current.parts():
                part.rows.append(r)
        else:
            self.loose.append(r)

    def _close(self) -> None:
        if self.current is not None:
            self.closed.update(part.table.key for part in self.current.parts() if part.table)
        self.current = None

    def _ends(self, current: Section, r: int) -> bool:
        """Whether a row is the footer of the current table, or of one of two side by side."""
        ended = [p for p in current.parts() if p.table and is_footer(p.slots(self.sheet, r), p.table)]
        for part in current.parts() if ended else ():
            (part.footers if part in ended else part.rows).append(r)
        return bool(ended)

    def _goes_on(self, current: Section, opened: Section, r: int) -> bool:
        """A header or heading repeated on the next page opens nothing new, nor does a row of a headless matrix."""
        if opened.matrix is not None and opened.rows:
            return opened.matrix is current.matrix
        if opened.regions and r in self.sheet.breaks:
            return [g.field for g in opened.regions] == [g.field for g in current.regions]
        return opened.table is not None and opened.table is current.table

    def _opens(self, r: int) -> Section | None:
        """The section that a row opens as its header, or its heading."""
        found = self._headed(self.apart, r)
        if found:
            best = max(found, key=lambda f: f[0])[1]
            return find_twins(self.apart, r, self.form) or best
        slots = self.sheet.rows[r]
        regions = _regions(slots, self.form)
        return Section(regions=regions) if regions else _headless(slots, r, self.form)

    def _headed(self, rows: Sequence[Sequence[Slot]], r: int) -> list[tuple[float, Section]]:
        """The sections whose header starts at a row, with how well it fits.

        Of two tables with the same header the one that is not over yet is meant; a header that is repeated where no
        page ends ends its table.
        """
        over = set(self.closed)
        if self.current is not None and self.current.table is not None and r not in self.sheet.breaks:
            over.add(self.current.table.key)
        tables = [(t, find_header(rows, r, t.columns)) for t in self.form.tables]
        headed = [m for m in self.form.matrices if m.columns[0].labels]
        matrices = [(m, find_header(rows, r, m.columns)) for m in headed]
        found = [
            (_share(h, t.columns) + TABLE_FIRST * (1.0 if t.key not in over else 0.5), Section(header=h, table=t))
            for t, h in tables if h
        ]  # fmt: skip
        return found + [(_share(h, m.columns), Section(header=h, matrix=m)) for m, h in matrices if h]


def find_twins(rows: Sequence[Sequence[Slot]], r: int, form: FormSpec) -> Section | None:
    """Two sections whose whole headers stand side by side in one row, the left one with the other as its twin.

    Where either could stand at the left, the rows below tell by their labels.
    """
    specs: list[TableSpec | MatrixSpec] = [*form.tables, *(m for m in form.matrices if m.columns[0].labels)]
    if len(specs) < 2 or len(rows[r]) < 4:
        return None
    found: list[tuple[int, Section]] = []
    for left, right in permutations(specs, 2):
        if (pair := _side_by_side(rows, r, left, right)) is not None:
            found.append((_known_rows(rows, r, pair), pair))
    return max(found, key=lambda f: f[0])[1] if found else None


def _side_by_side(
    rows: Sequence[Sequence[Slot]], r: int, left: TableSpec | MatrixSpec, right: TableSpec | MatrixSpec
) -> Section | None:
    for cut in range(2, len(rows[r]) - 1):
        x = rows[r][cut].x0
        spans = ((-math.inf, x), (x, math.inf))
        halves = [find_header([within(slots, span) for slots in rows[: r + 2]], r, spec.columns)
                  for spec, span in zip((left, right), spans, strict=True)]  # fmt: skip
        if all(h is not None and h.hits == len(s.columns) for h, s in zip(halves, (left, right), strict=True)):
            one, other = (
                Section(header=h, span=span, table=s if isinstance(s, TableSpec) else None,
                        matrix=s if isinstance(s, MatrixSpec) else None)
                for h, span, s in zip(halves, spans, (left, right), strict=True)
            )  # fmt: skip
            one.twin = other
            return one
    return None


def _known_rows(rows: Sequence[Sequence[Slot]], r: int, pair: Section) -> int:
    """How many rows below show the label of a matrix's row in the half where it is looked for."""
    matrices = [(part.matrix, part.span) for part in pair.parts() if part.matrix]
    return sum(matrix_row(within(slots, span), m) is not None for slots in rows[r + 1 :] for m, span in matrices)


def _headless(slots: Sequence[Slot], r: int, form: FormSpec) -> Section | None:
    """A row of a matrix without a header: its only column is what stands right of the row's label."""
    for matrix in form.matrices:
        label = matrix_row(slots, matrix) if not matrix.columns[0].labels else None
        if label is not None:
            column = Column(matrix.columns[0], slots[label[0]].x1, slots[-1].x1)
            return Section([r], matrix=matrix, header=Header((column,), 0, r, r))
    return None


def _share(header: Header, columns: Sequence[ColumnSpec]) -> float:
    return header.hits / len(columns) + header.hits / 1000


def _regions(slots: Sequence[Slot], form: FormSpec) -> tuple[Region, ...]:
    """The headings of a row that holds nothing but headings; empty where it holds anything else."""
    below = [f for f in form.fields if f.place is Place.BELOW]
    heads: dict[str, tuple[FieldSpec, Slot, bool]] = {}
    for slot in slots:
        if not slot.text:
            continue
        side = is_label(slot.text, form.side_labels) or (
            len(slot.text.replace(" ", "")) >= 2 and is_piece(slot.text, form.side_labels)
        )
        spec = _best_field(slot.text, below)
        if spec is None and not side:
            return ()
        if spec is not None and slot.starts and (spec.key not in heads or heads[spec.key][2]):
            heads[spec.key] = (spec, slot, side)
    if not heads or (len(heads) < len(below) and all(side for _, _, side in heads.values())):
        return ()
    ordered = sorted(heads.values(), key=lambda h: h[1].x0)
    ends = [h[1].x0 for h in ordered[1:]] + [max(s.x1 for s in slots)]
    return tuple(Region(h[0], h[1].x0, end, h[1].cell) for h, end in zip(ordered, ends, strict=True))


def _best_field(text: str, fields: Sequence[FieldSpec]) -> FieldSpec | None:
    if not text or len(text) > MAX_LABEL:
        return None
    matching = [f for f in fields if is_label(text, f.labels)]
    return max(matching, key=lambda f: best_similarity(text, f.labels), default=None)


def field_labels(slots: Sequence[Slot], form: FormSpec, inner: bool = True) -> dict[int, FieldSpec]:
    """Which slots of a row are labels of single values; `inner` takes in headings with their text at the right.

    An ignored label comes with a field that has no key.
    """
    right = [f for f in form.fields if f.place is Place.RIGHT]
    if form.ignored_labels:
        right.append(FieldSpec("", ValueType.TEXT, labels=form.ignored_labels))
    below = [f for f in form.fields if f.place is Place.BELOW]
    found: dict[int, FieldSpec] = {}
    filled = [i for i, s in enumerate(slots) if s.text]
    for n, i in enumerate(filled):
        if (spec := _best_field(slots[i].text, right)) is not None:
            found[i] = spec
        elif any(split_inline(slots[i].text, f.labels) for f in right):
            found[i] = next(f for f in right if split_inline(slots[i].text, f.labels))
        elif inner and (spec := _best_field(slots[i].text, below)) is not None and n + 1 < len(filled):
            found[i] = spec
    return found


def _is_field_row(slots: Sequence[Slot], form: FormSpec, current: Section | None) -> bool:
    labels = field_labels(slots, form, inner=current is None or not current.regions)
    if not labels:
        return False
    if current is None:
        return True
    if current.regions:
        return not all(is_label(slots[i].text, form.side_labels) for i in labels)
    first = next(i for i, s in enumerate(slots) if s.text)
    if current.matrix is not None and matrix_row(slots, current.matrix) is not None:
        return False
    exact = is_exact(slots[first].text, labels[first].labels) if first in labels else False
    return exact and labels[first].place is Place.RIGHT


def is_footer(slots: Sequence[Slot], table: TableSpec) -> bool:
    """Whether a row ends the table: its first text is the footer's label."""
    if table.footer is None:
        return False
    leading = [s.text for s in slots if s.text and s.starts][:2]
    return any(is_exact(text, table.footer.labels) for text in leading)


def matrix_row(slots: Sequence[Slot], matrix: MatrixSpec) -> tuple[int, RowSpec] | None:
    """The slot that holds the label of one of the matrix's rows, and that row."""
    best: tuple[float, int, RowSpec] | None = None
    for i, slot in enumerate(slots):
        if not slot.text or len(slot.text) > MAX_LABEL:
            continue
        for row in matrix.rows:
            if is_label(slot.text, row.labels):
                like = best_similarity(slot.text, row.labels)
                if best is None or like > best[0]:
                    best = (like, i, row)
    return (best[1], best[2]) if best else None
