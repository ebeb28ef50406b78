"""Tables: the rows of a list with the labels of their hierarchy, and the row that ends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.forms.matching.cell_splitting import covers_several
from extract.forms.matching.column_alignment import Fit
from extract.forms.matching.headers import Column
from extract.forms.matching.label_hierarchy import Hierarchy, Label, resolve
from extract.forms.matching.match import Found, Match, column_match, lines_of, text_of
from extract.forms.matching.matrices import RowTarget, match_row
from extract.forms.matching.sections import Section, field_labels
from extract.forms.matching.table_rows import Body, BodyRow, fit_of, level_columns, read_body, spans_rows
from extract.forms.sheets.label_similarity import best_similarity, is_exact
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import ColumnSpec, FormSpec, Lexicon, TableSpec
from extract.model import Issue, Severity
from extract.text import join

NEARLY = 0.5
"""A label of two characters is still like another one with one of them misread."""


def match_table(found: Found, sheet: Sheet, section: Section, form: FormSpec, lexicon: Lexicon) -> None:
    """Match the rows of a table's section behind those that were found before it, and its footer."""
    spec, header = section.table, section.header
    assert spec is not None
    assert header is not None
    found.header(f"/{spec.key}", header.columns)
    fit = fit_of(spec, form.side_labels, lexicon.blank_marks, sheet.boxed)
    body = read_body(sheet, section, spec, fit)
    found.unplaced([s for s in body.unplaced if not fit.is_blank(s.text)], f"/{spec.key}")
    start = found.lists.get(spec.key, 0)
    labels = _levels(body, header.columns, spec, sheet)
    kept = [(row, label) for row, label in zip(body.rows, labels, strict=True) if not row.label_only]
    for i, (row, label) in enumerate(kept, start):
        _body_row(found, f"/{spec.key}/{i}", row, label, spec)
        _spanning(found, f"/{spec.key}/{i}", row, header.columns)
    found.lists[spec.key] = start + len(kept)
    if kept and not section.footers:
        _nearly_footer(found, f"/{spec.key}/{start + len(kept) - 1}", kept[-1][0], spec)
    for r in section.footers:
        _footer(found, section.slots(sheet, r), section, form, fit)


def _nearly_footer(found: Found, at: str, row: BodyRow, spec: TableSpec) -> None:
    """Say where a table without its footer ends with a row whose first text is half of the footer's label."""
    texts = [s.text for column in spec.columns for s in row.slots.get(column.key, ()) if s.text]
    likes = best_similarity(texts[0], spec.footer.labels) if spec.footer and texts else 0.0
    if likes >= NEARLY:
        message = f"the row may be the one that ends the table, its label misread: {texts[0]}"
        found.issues.append(Issue("low-confidence", Severity.ERROR, at, message, None, texts[0]))


def _levels(body: Body, columns: Sequence[Column], spec: TableSpec, sheet: Sheet) -> tuple[dict[int, Label], ...]:
    by_level = level_columns(columns)
    halves = _halves(body, by_level.values())
    rows = [
        {
            level: halves.get(id((one := _as_one(row.slots[c.key])).cell), one)
            for level, c in by_level.items()
            if row.slots.get(c.key)
        }
        for row in body.rows
    ]
    breaks = [
        n for n, row in enumerate(body.rows) if n and any(body.rows[n - 1].index < b <= row.index for b in sheet.breaks)
    ]
    return resolve(rows, breaks, Hierarchy(spec.groups), sheet.boxed)


def _halves(body: Body, columns: Iterable[ColumnSpec]) -> dict[int, Slot]:
    """A row cut by a page end shows which cells are two halves of one: the blank half, by id, and the one with text."""
    halves: dict[int, Slot] = {}
    for row in body.rows:
        for column in columns:
            slots = row.slots.get(column.key, ())
            filled = [s for s in slots if s.text]
            if len(filled) == 1 and len(slots) > 1:
                halves.update({id(s.cell): filled[0] for s in slots if not s.text})
    return halves


def _as_one(slots: Sequence[Slot]) -> Slot:
    """Several cells in a label's column: the one that holds text, or the first."""
    filled = [s for s in slots if s.text]
    if len(filled) < 2:
        return filled[0] if filled else slots[0]
    first = filled[0]
    return Slot(first.cell, join(s.text for s in filled), first.x0, filled[-1].x1, first.starts)


def _body_row(found: Found, at: str, row: BodyRow, labels: dict[int, Label], spec: TableSpec) -> None:
    for column in spec.columns:
        if column.level:
            _level_match(found, f"{at}/{column.key}", column, labels.get(column.level, Label(None)), row)
            continue
        slots = row.slots.get(column.key, ())
        found.add(column_match(at, column, tuple(s.cell for s in slots), column.required))
        found.apart(slots, f"{at}/{column.key}")
        found.shared([s for s in slots if spans_rows(s)], f"{at}/{column.key}")


def _spanning(found: Found, at: str, row: BodyRow, columns: Sequence[Column]) -> None:
    for column in columns:
        wide = [s for s in row.slots.get(column.spec.key, ()) if covers_several(s, columns)]
        found.spanning(wide if not column.spec.level else [], f"{at}/{column.spec.key}")


_LABEL_ISSUES = {
    "restored-label": (Severity.WARNING, "the label was split or displaced and has been put back"),
    "inherited-label": (Severity.WARNING, "the row shows no label; it was inferred from its neighbours"),
    "doubtful-label": (Severity.ERROR, "the row's own label cell is blank; the label was taken from the row above"),
    "unknown-label": (Severity.ERROR, "the label is none of the form's words"),
}


def _level_match(found: Found, pointer: str, column: ColumnSpec, label: Label, row: BodyRow) -> None:
    slots = row.slots.get(column.key, ())
    cells = label.cells or tuple(s.cell for s in slots)
    page = cells[0].page if cells else 1
    found.add(
        Match(
            pointer, column.type, label.text or "", lines_of(label.cells), label.origin, column.required, column.values,
            cells[0].box if cells else None, page,
        )
    )  # fmt: skip
    if label.issue:
        severity, message = _LABEL_ISSUES[label.issue]
        found.issues.append(Issue(label.issue, severity, pointer, message, label.text, text_of(label.cells)))


def _footer(found: Found, slots: Sequence[Slot], section: Section, form: FormSpec, fit: Fit) -> None:
    spec, header = section.table, section.header
    assert spec is not None
    assert spec.footer is not None
    assert header is not None
    columns = [c for c in header.columns if c.spec.key in spec.footer.columns]
    foreign = field_labels(slots, form)
    first = next(i for i, s in enumerate(slots) if is_exact(s.text, spec.footer.labels))
    found.label(f"/{spec.footer.key}", slots[first].cell)
    stop = min((i for i in foreign if i > first), default=len(slots))
    target = RowTarget(f"/{spec.footer.key}", columns, spec.footer.required, latest=True)
    match_row(found, slots[first + 1 : stop], target, fit)
