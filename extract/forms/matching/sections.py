"""A sheet's rows told apart: single values, headings with text below, matrices, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.forms.matching.cell_splitting import split_apart
from extract.forms.matching.headers import Column, Header, find_header
from extract.forms.sheets.label_similarity import best_similarity, is_exact, is_label, is_piece, split_inline
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, MatrixSpec, Place, RowSpec, TableSpec, ValueType
from extract.model import Cell

MAX_LABEL = 24
"""No label is longer than this many characters."""


@dataclass(frozen=True)
class Region:
    """The part of the table's width below a heading in which a field's text stands."""

    field: FieldSpec
    x0: float
    x1: float
    heading: Cell


@dataclass
class Section:
    """Rows of one kind, in order; which of the members are set tells the kind."""

    rows: list[int] = field(default_factory=list)
    regions: tuple[Region, ...] = ()
    matrix: MatrixSpec | None = None
    table: TableSpec | None = None
    header: Header | None = None
    footer: int | None = None


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
    rows, apart = sheet.rows, [split_apart(slots) for slots in sheet.rows]
    found: list[Section] = []
    fields: list[int] = []
    loose: list[int] = []
    current: Section | None = None
    skip_to = 0
    for r, slots in enumerate(rows):
        if r < skip_to or not any(s.text for s in slots):
            continue
        opened = _opens(rows[r], apart, r, form)
        if opened is not None and opened.header is not None:
            skip_to = opened.header.row_end
        if opened is not None and current is not None and _same(current, opened):
            current.rows.extend(opened.rows)
            continue
        if opened is not None:
            current = opened
            found.append(opened)
        elif current is not None and current.table is not None and is_footer(slots, current.table):
            current.footer = r
            current = None
            if field_labels(slots, form):
                fields.append(r)
        elif _is_field_row(slots, form, current):
            fields.append(r)
            current = None if current is None or current.table is None else current
        elif current is not None:
            current.rows.append(r)
        else:
            loose.append(r)
    return Sections(
        tuple(fields),
        tuple(s for s in found if s.regions),
        tuple(s for s in found if s.matrix),
        tuple(s for s in found if s.table),
        tuple(loose),
    )


def _same(current: Section, opened: Section) -> bool:
    """A header repeated on the next page opens nothing new, nor does a further row of a matrix without one."""
    if opened.matrix is not None and opened.rows:
        return opened.matrix is current.matrix
    return opened.table is not None and opened.table is current.table


def _opens(slots: Sequence[Slot], apart: Sequence[Sequence[Slot]], r: int, form: FormSpec) -> Section | None:
    tables = [(t, find_header(apart, r, t.columns)) for t in form.tables]
    headed = [m for m in form.matrices if m.columns[0].labels]
    matrices = [(m, find_header(apart, r, m.columns)) for m in headed]
    found = [(_share(h, t.columns) + 0.0001, Section(header=h, table=t)) for t, h in tables if h]
    found += [(_share(h, m.columns), Section(header=h, matrix=m)) for m, h in matrices if h]
    if found:
        return max(found, key=lambda f: f[0])[1]
    regions = _regions(slots, form)
    return Section(regions=regions) if regions else _headless(slots, r, form)


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
