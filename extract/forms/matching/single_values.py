"""Single values: beside their labels, in the title and heading, in lines outside of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.forms.matching.inner_labels import add_parts
from extract.forms.matching.match import ROW_NUMBER, Found, field_match, lines_of, pointer_of, text_of
from extract.forms.matching.sections import field_labels
from extract.forms.sheets.classify import title_score
from extract.forms.sheets.label_similarity import is_label, split_inline
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import FieldSpec, FormSpec, Lexicon, Place, ValueType
from extract.geometry import Box
from extract.model import Cell, TextLine
from extract.text import fold


def match_heading(found: Found, sheet: Sheet, form: FormSpec, lexicon: Lexicon) -> None:
    """Match what stands above the tables: title and year."""
    lines = [line for line in sheet.heading if line.text]
    for spec in form.fields:
        if spec.place is Place.TITLE:
            _title(found, spec, lines, form)
        elif spec.place is Place.HEADING and spec.type is ValueType.YEAR:
            _year(found, spec, lines, lexicon)


def match_inline_lines(found: Found, sheet: Sheet, form: FormSpec, lexicon: Lexicon) -> None:
    """Match the `label: value` lines above and below the tables.

    A line that states the unit of a matrix is no value of a field that happens to have the same label.
    """
    units = {word for matrix in form.matrices if matrix.unit for word in matrix.unit.values}
    for spec in form.fields:
        if spec.place is not Place.RIGHT:
            continue
        for line in (*sheet.heading, *sheet.tail):
            value = split_inline(line.text, spec.labels)
            if value is not None and value not in units - set(spec.values):
                printed = re.split("[:：]", line.text, maxsplit=1)[1]
                add_parts(found, field_match(spec, value, (line,)), printed, form, lexicon)


def _title(found: Found, spec: FieldSpec, lines: Sequence[TextLine], form: FormSpec) -> None:
    best = max(lines, key=lambda line: title_score(line.text, form.titles), default=None)
    if best is not None and title_score(best.text, form.titles):
        text = re.sub(r"\s*\([^()]*\d{4}[^()]*\)$", "", fold(best.text))
        found.add(field_match(spec, text.replace(" ", ""), (best,)))


def _year(found: Found, spec: FieldSpec, lines: Sequence[TextLine], lexicon: Lexicon) -> None:
    """The year that stands in the heading; of several the one with most around it is taken, and the others are said."""
    hits = [(m, line) for line in lines for m in re.finditer(lexicon.year_pattern, fold(line.text))]
    for hit, line in sorted(hits, key=lambda h: -len(h[0].group(0).replace(" ", ""))):
        found.add(field_match(spec, hit.group(1), (line,)))


def free_rows(lines: Sequence[TextLine]) -> Iterator[tuple[Slot, ...]]:
    """Lines outside of the table that stand beside one another, as rows."""
    rows: list[list[tuple[Box, TextLine]]] = []
    for line in lines:
        if line.quad is None or not line.text:
            continue
        box = line.quad.box
        last = rows[-1][0] if rows else None
        if last and last[1].page == line.page and abs(last[0].cy - box.cy) < 0.5 * min(last[0].height, box.height):
            rows[-1].append((box, line))
        else:
            rows.append([(box, line)])
    for row in rows:
        ordered = sorted(row, key=lambda item: item[0].x0)
        cells = [Cell(0, k, 1, k + 1, box, (line,), line.page) for k, (box, line) in enumerate(ordered)]
        yield tuple(Slot(c, text_of((c,)), float(c.col), float(c.col_end), True) for c in cells)


def match_free_row(found: Found, slots: Sequence[Slot], form: FormSpec, lexicon: Lexicon) -> None:
    """A single value that stands outside of the table, or whose row the table lost."""
    labels = field_labels(slots, form, inner=False)
    first = next((i for i in sorted(labels) if labels[i].key), None)
    if len(slots) > 1 and first is not None:
        match_field_row(found, slots[first:], form, lexicon)


def match_field_row(found: Found, slots: Sequence[Slot], form: FormSpec, lexicon: Lexicon) -> None:
    """Each label takes the text that follows it, up to the next label; the number of a row may stand before it."""
    labels = field_labels(slots, form)
    starts = [*sorted(labels), len(slots)]
    first = starts[0]
    before = [s for s in slots[:first] if s.text and s.starts and not ROW_NUMBER.fullmatch(s.text)]
    found.unplaced([s for s in before if not _known_elsewhere(s.text, form)], "")
    for at, end in pairwise(starts):
        if labels[at].key:
            found.label(pointer_of(labels[at].key), slots[at].cell)
            _field_value(found, labels[at], slots[at:end], form, lexicon)


def _field_value(found: Found, spec: FieldSpec, slots: Sequence[Slot], form: FormSpec, lexicon: Lexicon) -> None:
    """The text behind a label, the first of `slots`.

    More than one text behind it is joined, as a false wall may have cut it, and doubted.
    """
    label, following = slots[0], slots[1:]
    inline = split_inline(label.text, spec.labels)
    texts = [s for s in following if s.text and not _known_elsewhere(s.text, form)]
    if inline is not None:
        match, extra = field_match(spec, inline, label.cell.lines, label.cell), texts
        printed = re.split("[:：]", _printed((label.cell,)), maxsplit=1)[1]
    elif texts:
        cells = tuple(s.cell for s in texts)
        match, extra = field_match(spec, text_of(cells), lines_of(cells), cells[0]), texts[1:]
        printed = _printed(cells)
    else:
        match, extra, printed = field_match(spec, "", (), following[0].cell if following else label.cell), [], ""
    add_parts(found, match, printed, form, lexicon)
    found.unplaced([s for s in extra if s.starts], pointer_of(spec.key))


def _printed(cells: Sequence[Cell]) -> str:
    """The text of some cells with the gaps that their lines show."""
    return " ".join(line.text for cell in cells for line in cell.lines)


def _known_elsewhere(text: str, form: FormSpec) -> bool:
    footers = [x for t in form.tables if t.footer for x in t.footer.labels]
    return is_label(text, (*form.side_labels, *footers))
