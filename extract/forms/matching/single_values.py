"""Single values: beside their labels, in the title and heading, in lines outside of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.forms.matching.match import Found, field_match, lines_of, pointer_of, text_of
from extract.forms.matching.sections import field_labels
from extract.forms.sheets.classify import title_score
from extract.forms.sheets.label_similarity import is_label, split_inline
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import FieldSpec, FormSpec, Lexicon, Place, ValueType
from extract.geometry import Box
from extract.model import Cell, TextLine
from extract.text import fold


def match_heading(found: Found, sheet: Sheet, form: FormSpec, lexicon: Lexicon) -> None:
    """Match what stands above and below the tables: title, year, `label: value` lines."""
    lines = [line for line in sheet.heading if line.text]
    for spec in form.fields:
        if spec.place is Place.TITLE:
            _title(found, spec, lines, form)
        elif spec.place is Place.HEADING and spec.type is ValueType.YEAR:
            _year(found, spec, lines, lexicon)
        elif spec.place is Place.RIGHT:
            for line in (*lines, *sheet.tail):
                if (value := split_inline(line.text, spec.labels)) is not None:
                    found.add(field_match(spec, value, (line,)))


def _title(found: Found, spec: FieldSpec, lines: Sequence[TextLine], form: FormSpec) -> None:
    best = max(lines, key=lambda line: title_score(line.text, form.titles), default=None)
    if best is not None and title_score(best.text, form.titles):
        text = re.sub(r"\s*\([^()]*\d{4}[^()]*\)$", "", fold(best.text))
        found.add(field_match(spec, text.replace(" ", ""), (best,)))


def _year(found: Found, spec: FieldSpec, lines: Sequence[TextLine], lexicon: Lexicon) -> None:
    hits = [(m, line) for line in lines for m in re.finditer(lexicon.year_pattern, fold(line.text))]
    if hits:
        longest = max(hits, key=lambda h: len(h[0].group(0).replace(" ", "")))
        found.add(field_match(spec, longest[0].group(1), (longest[1],)))


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


def match_free_row(found: Found, slots: Sequence[Slot], form: FormSpec) -> None:
    """A single value that stands outside of the table, or whose row the table lost."""
    labels = field_labels(slots, form, inner=False)
    wanted = [i for i in labels if labels[i].key and not found.has(pointer_of(labels[i].key))]
    if len(slots) > 1 and wanted:
        match_field_row(found, slots[wanted[0] :], form)


def match_field_row(found: Found, slots: Sequence[Slot], form: FormSpec) -> None:
    """Each label takes the text that follows it, up to the next label."""
    labels = field_labels(slots, form)
    starts = [*sorted(labels), len(slots)]
    first = starts[0]
    before = [s for s in slots[:first] if s.text and s.starts and not re.fullmatch(r"[\d.]+", s.text)]
    found.unplaced([s for s in before if not _known_elsewhere(s.text, form)], "")
    for at, end in pairwise(starts):
        _field_value(found, labels[at], slots[at], slots[at + 1 : end], form)


def _field_value(found: Found, spec: FieldSpec, label: Slot, following: Sequence[Slot], form: FormSpec) -> None:
    """The text behind a label; more than one text behind it is joined, as a false wall may have cut it, and doubted."""
    if not spec.key:
        return
    found.label(pointer_of(spec.key), label.cell)
    inline = split_inline(label.text, spec.labels)
    texts = [s for s in following if s.text and not _known_elsewhere(s.text, form)]
    if inline is not None:
        found.add(field_match(spec, inline, label.cell.lines, label.cell))
        extra = texts
    elif texts:
        cells = tuple(s.cell for s in texts)
        found.add(field_match(spec, text_of(cells), lines_of(cells), cells[0]))
        extra = texts[1:]
    else:
        found.add(field_match(spec, "", (), following[0].cell if following else label.cell))
        extra = []
    found.unplaced([s for s in extra if s.starts], pointer_of(spec.key))


def _known_elsewhere(text: str, form: FormSpec) -> bool:
    footers = [x for t in form.tables if t.footer for x in t.footer.labels]
    return is_label(text, (*form.side_labels, *footers))
