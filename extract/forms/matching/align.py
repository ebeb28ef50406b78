"""Labels and header paths to fields, rows to columns: a sheet becomes matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extract.forms.matching.column_alignment import Column, Fit, place, split_wide, stands_apart
from extract.forms.matching.label_hierarchy import Hierarchy, Label, resolve
from extract.forms.matching.match import Alignment, Match, lines_of, text_of
from extract.forms.matching.sections import MAX_LABEL, Region, Section, field_labels, matrix_row, split_sections
from extract.forms.matching.table_rows import Body, BodyRow, fit_of, level_columns, read_body, spans_rows
from extract.forms.sheets.classify import title_score
from extract.forms.sheets.label_similarity import is_exact, is_label, is_piece, split_inline
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import (
    ColumnSpec,
    FieldSpec,
    FormSpec,
    Lexicon,
    MatrixSpec,
    Place,
    TableSpec,
    ValueType,
)
from extract.geometry import Box, overlap_1d
from extract.model import Cell, Issue, Severity, TextLine
from extract.text import fold, join


@dataclass
class _Found:
    matches: dict[str, Match] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def add(self, match: Match) -> None:
        """Keep a match; the first that holds a text wins."""
        kept = self.matches.get(match.pointer)
        if kept is None or (not kept.text and match.text):
            self.matches[match.pointer] = match

    def has(self, pointer: str) -> bool:
        """Whether a text was found for a field."""
        kept = self.matches.get(pointer)
        return kept is not None and bool(kept.text)

    def apart(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say where a cell looks like two whose wall was lost."""
        for slot in slots:
            if stands_apart(slot.cell):
                self._say("two texts stand side by side in one cell, a rule between them may be lost", slot, pointer)

    def shared(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say where a cell covers several rows of a column whose rows have their own values."""
        for slot in slots:
            self._say("the cell covers several rows, a rule between them may be lost", slot, pointer)

    def unplaced(self, slots: Sequence[Slot], pointer: str) -> None:
        """Say which texts no field could take."""
        for slot in slots:
            self._say(f"text on page {slot.cell.page} belongs to no field", slot, pointer)

    def _say(self, what: str, slot: Slot, pointer: str) -> None:
        message = f"{what}: {slot.text[:60]}"
        self.issues.append(Issue("unplaced-text", Severity.ERROR, pointer, message, None, slot.text))


def align(sheet: Sheet, form: FormSpec, lexicon: Lexicon) -> Alignment:
    """Match every field of a form to the lines that hold it."""
    found = _Found()
    sections = split_sections(sheet, form)
    _heading(found, sheet, form, lexicon)
    for r in sections.fields:
        _field_row(found, sheet.rows[r], form)
    for section in sections.below:
        _below(found, sheet, section, form)
    for section in sections.matrices:
        _matrix(found, sheet, section, form, lexicon)
    for section in sections.tables:
        _table(found, sheet, section, form, lexicon)
    for r in sections.loose:
        _loose(found, sheet.rows[r], form)
    for row in _free_rows((*sheet.heading, *sheet.tail)):
        _free_row(found, row, form)
    return Alignment(tuple(found.matches.values()), found.lists, tuple(found.issues))


def pointer_of(key: str) -> str:
    """The JSON pointer of a dotted key."""
    return "/" + key.replace(".", "/")


def _loose(found: _Found, slots: Sequence[Slot], form: FormSpec) -> None:
    words = (*form.side_labels, *(x for m in form.matrices for x in m.labels), *form.titles)
    found.unplaced([s for s in slots if s.text and s.starts and not is_label(s.text, words)], "")


# ---- single values -----------------------------------------------------------------------------------------------


def _heading(found: _Found, sheet: Sheet, form: FormSpec, lexicon: Lexicon) -> None:
    lines = [line for line in sheet.heading if line.text]
    for spec in form.fields:
        if spec.place is Place.TITLE:
            _title(found, spec, lines, form)
        elif spec.place is Place.HEADING and spec.type is ValueType.YEAR:
            _year(found, spec, lines, lexicon)
        elif spec.place is Place.RIGHT:
            for line in (*lines, *sheet.tail):
                if (value := split_inline(line.text, spec.labels)) is not None:
                    found.add(_match(spec, value, (line,)))


def _free_rows(lines: Sequence[TextLine]) -> Iterator[tuple[Slot, ...]]:
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


def _free_row(found: _Found, slots: Sequence[Slot], form: FormSpec) -> None:
    """A single value that stands outside of the table, or whose row the table lost."""
    labels = field_labels(slots, form, inner=False)
    wanted = [i for i in labels if labels[i].key and not found.has(pointer_of(labels[i].key))]
    if len(slots) > 1 and wanted:
        _field_row(found, slots[wanted[0] :], form)


def _title(found: _Found, spec: FieldSpec, lines: Sequence[TextLine], form: FormSpec) -> None:
    best = max(lines, key=lambda line: title_score(line.text, form.titles), default=None)
    if best is not None and title_score(best.text, form.titles):
        text = re.sub(r"\s*\([^()]*\d{4}[^()]*\)$", "", fold(best.text))
        found.add(_match(spec, text.replace(" ", ""), (best,)))


def _year(found: _Found, spec: FieldSpec, lines: Sequence[TextLine], lexicon: Lexicon) -> None:
    hits = [(m, line) for line in lines for m in re.finditer(lexicon.year_pattern, fold(line.text))]
    if hits:
        longest = max(hits, key=lambda h: len(h[0].group(0).replace(" ", "")))
        found.add(_match(spec, longest[0].group(1), (longest[1],)))


def _match(spec: FieldSpec, text: str, lines: Sequence[TextLine], cell: Cell | None = None) -> Match:
    page = lines[0].page if lines else (cell.page if cell else 1)
    box = cell.box if cell else None
    return Match(pointer_of(spec.key), spec.type, text, tuple(lines), None, spec.required, spec.values, box, page)


def _field_row(found: _Found, slots: Sequence[Slot], form: FormSpec) -> None:
    """Each label takes the text that follows it, up to the next label."""
    labels = field_labels(slots, form)
    starts = [*sorted(labels), len(slots)]
    first = starts[0]
    before = [s for s in slots[:first] if s.text and s.starts and not re.fullmatch(r"[\d.]+", s.text)]
    found.unplaced([s for s in before if not _known_elsewhere(s.text, form)], "")
    for at, end in pairwise(starts):
        _field_value(found, labels[at], slots[at], slots[at + 1 : end], form)


def _field_value(found: _Found, spec: FieldSpec, label: Slot, following: Sequence[Slot], form: FormSpec) -> None:
    """The text behind a label; more than one text behind it is joined, as a false wall may have cut it, and doubted."""
    if not spec.key:
        return
    inline = split_inline(label.text, spec.labels)
    texts = [s for s in following if s.text and not _known_elsewhere(s.text, form)]
    if inline is not None:
        found.add(_match(spec, inline, label.cell.lines, label.cell))
        extra = texts
    elif texts:
        cells = tuple(s.cell for s in texts)
        found.add(_match(spec, text_of(cells), lines_of(cells), cells[0]))
        extra = texts[1:]
    else:
        found.add(_match(spec, "", (), following[0].cell if following else label.cell))
        extra = []
    found.unplaced([s for s in extra if s.starts], pointer_of(spec.key))


def _known_elsewhere(text: str, form: FormSpec) -> bool:
    footers = [x for t in form.tables if t.footer for x in t.footer.labels]
    return is_label(text, (*form.side_labels, *footers))


def _below(found: _Found, sheet: Sheet, section: Section, form: FormSpec) -> None:
    """Text below headings: every row of the section adds to the region it stands in."""
    parts: dict[str, list[Cell]] = {region.field.key: [] for region in section.regions}
    sides: list[Slot] = []
    for r in section.rows:
        for slot in sheet.rows[r]:
            if not slot.text or not slot.starts:
                continue
            region = _nearest(slot, section.regions)
            short = len(slot.text) <= 12 and _is_side_piece(slot.text, form.side_labels)
            if region is None or (short and slot.x0 < section.regions[0].x0 + 1e-6):
                sides.append(slot)
            else:
                parts[region.field.key].append(slot.cell)
    pieces = _lost_pieces(sides, form.side_labels) if not sheet.boxed else ()
    for region in section.regions:
        cells = tuple(parts[region.field.key])
        text, dropped = _without_piece(text_of(cells), pieces)
        match = _match(region.field, text, lines_of(cells), cells[0] if cells else None)
        found.add(match)
        if dropped:
            message = f"a piece of the label at the left stood in the text and was taken out: {dropped}"
            found.issues.append(Issue("restored-label", Severity.WARNING, match.pointer, message, None, dropped))
    found.unplaced([s for s in sides if not _is_side_piece(s.text, form.side_labels)], "")


def _nearest(slot: Slot, regions: Sequence[Region]) -> Region | None:
    """The region that most of a slot stands in; left of all regions stands a side label."""
    shares = [overlap_1d(slot.x0, slot.x1, g.x0, g.x1) / max(slot.x1 - slot.x0, 1e-9) for g in regions]
    best = max(range(len(regions)), key=shares.__getitem__)
    return regions[best] if shares[best] > 0.3 else None


def _is_side_piece(text: str, labels: Sequence[str]) -> bool:
    return is_label(text, labels) or is_piece(text, labels)


def _lost_pieces(sides: Sequence[Slot], labels: Sequence[str]) -> tuple[str, ...]:
    """What an export dropped out of a side label: the inside of a declared label whose ends are what stands there."""
    pieces = []
    for slot in sides:
        key = slot.text.replace(" ", "")
        for label in labels:
            for cut in range(1, len(key)):
                head, tail = key[:cut], key[cut:]
                if len(label) > len(key) and label.startswith(head) and label.endswith(tail):
                    pieces.append(label[cut : len(label) - len(tail)])
    return tuple(dict.fromkeys(pieces))


def _without_piece(text: str, pieces: Sequence[str]) -> tuple[str, str]:
    """A text without the one piece that stands in it before a mark, where no sentence would have it."""
    for piece in sorted(pieces, key=len, reverse=True):
        spots = [m.start() for m in re.finditer(re.escape(piece) + r"(?=[，,。；;、]|$)", text)]
        if len(spots) == 1 and len(piece) >= 2:
            at = spots[0]
            return text[:at] + text[at + len(piece) :], piece
    return text, ""


# ---- matrices ----------------------------------------------------------------------------------------------------


def _matrix(found: _Found, sheet: Sheet, section: Section, form: FormSpec, lexicon: Lexicon) -> None:
    spec, header = section.matrix, section.header
    assert spec is not None
    assert header is not None
    _unit(found, sheet, section, spec)
    fit = Fit({}, (*spec.labels, *form.side_labels), lexicon.blank_marks, sheet.boxed)
    for r in section.rows:
        slots = sheet.rows[r]
        label = matrix_row(slots, spec)
        if label is None:
            words = (*spec.labels, *form.side_labels)
            found.unplaced([s for s in slots if s.text and s.starts and not is_label(s.text, words)], f"/{spec.key}")
            continue
        i, row = label
        _matrix_row(found, f"/{spec.key}/{row.key}", slots[i + 1 :], header.columns, row.required, fit)


def _matrix_row(
    found: _Found,
    at: str,
    slots: Sequence[Slot],
    columns: Sequence[Column],
    required: Sequence[str],
    fit: Fit,
) -> None:
    cells = split_wide(slots, columns) if fit.boxed else slots
    targets = place(cells, columns, fit)
    for j, column in enumerate(columns):
        own = [s for s, t in zip(cells, targets, strict=True) if t == j]
        found.add(_column_match(at, column.spec, tuple(s.cell for s in own), column.spec.key in required))
        found.apart(own, f"{at}/{column.spec.key}")
    lost = [s for s, t in zip(cells, targets, strict=True) if t is None and s.text and s.starts]
    found.unplaced([s for s in lost if not fit.is_blank(s.text)], at)


def _column_match(at: str, spec: ColumnSpec, cells: tuple[Cell, ...], required: bool) -> Match:
    lines = lines_of(cells)
    page = cells[0].page if cells else 1
    box = cells[0].box if cells else None
    return Match(f"{at}/{spec.key}", spec.type, text_of(cells), lines, None, required, spec.values, box, page)


def _unit(found: _Found, sheet: Sheet, section: Section, spec: MatrixSpec) -> None:
    """The unit stands in the matrix's label, in its header, or above the table."""
    if spec.unit is None or section.header is None:
        return
    rows = range(section.header.row, section.rows[-1] + 1 if section.rows else section.header.row_end)
    slots = [s for r in rows for s in sheet.rows[r] if s.text and s.starts]
    labelled = [s for s in slots if is_label(s.text, spec.labels)]
    headers = [s for s in slots if s.cell.row < section.header.row_end and s not in labelled]
    spots: Iterator[tuple[str, tuple[TextLine, ...]]] = iter(
        [(s.text, s.cell.lines) for s in (*labelled, *headers, *(s for s in slots if len(s.text) <= MAX_LABEL // 2))]
        + [(line.text, (line,)) for line in (*sheet.heading, *sheet.tail)]
    )
    pointer = f"/{spec.key}/{spec.unit.key}"
    values = sorted(spec.unit.values, key=len, reverse=True)
    for text, lines in spots:
        for value in values:
            if re.search(rf"[(:：\[\s]\s*{re.escape(value)}\s*[)\]]?$", fold(text)):
                own = _ending(lines, value, values)
                found.add(Match(pointer, ValueType.CHOICE, value, own, None, False, spec.unit.values))
                return
    led = [s for s in slots if s.text.replace(" ", "").startswith(spec.labels)]
    for slot in led:  # a bracket that was misread leaves the word, and a doubt: what else of it was lost?
        worn = next((v for v in values if re.search(rf"{re.escape(v)}\W*$", slot.text)), None)
        if worn is not None:
            found.add(Match(pointer, ValueType.CHOICE, worn, slot.cell.lines, None, False, spec.unit.values))
            message = f"the unit was taken from a label that is hard to read: {slot.text}"
            found.issues.append(Issue("low-confidence", Severity.ERROR, pointer, message, None, slot.text))
            return


def _ending(lines: Sequence[TextLine], word: str, words: Sequence[str]) -> tuple[TextLine, ...]:
    """The lines with the confidence of the word that they end with, whatever else of the label is hard to read.

    The bracket before it counts only where it may hide what makes the word another one.
    """
    chars = [c for line in lines for c in line.chars if not c.text.isspace()]
    text = "".join(c.text for c in chars)
    at = text.rfind(word)
    if at < 0 or len(text) != len(chars):
        return tuple(lines)
    others = set("".join(words)) - set(word)
    hidden = any(others & set(text) for c in chars[max(0, at - 1) : at + 1] for text, _ in c.alternatives)
    sure = min(c.confidence for c in chars[max(0, at - hidden) : at + len(word)])
    return tuple(replace(line, confidence=sure) for line in lines)


# ---- tables ------------------------------------------------------------------------------------------------------


def _table(found: _Found, sheet: Sheet, section: Section, form: FormSpec, lexicon: Lexicon) -> None:
    spec, header = section.table, section.header
    assert spec is not None
    assert header is not None
    fit = fit_of(spec, form.side_labels, lexicon.blank_marks, sheet.boxed)
    body = read_body(sheet, section.rows, header.columns, spec, fit)
    found.unplaced([s for s in body.unplaced if not fit.is_blank(s.text)], f"/{spec.key}")
    start = found.lists.get(spec.key, 0)
    labels = _levels(body, header.columns, spec, sheet)
    kept = [(row, label) for row, label in zip(body.rows, labels, strict=True) if not row.label_only]
    for i, (row, label) in enumerate(kept, start):
        _body_row(found, f"/{spec.key}/{i}", row, label, spec)
    found.lists[spec.key] = start + len(kept)
    if section.footer is not None:
        _footer(found, sheet.rows[section.footer], section, form, fit)


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


def _body_row(found: _Found, at: str, row: BodyRow, labels: dict[int, Label], spec: TableSpec) -> None:
    for column in spec.columns:
        if column.level:
            _level_match(found, f"{at}/{column.key}", column, labels.get(column.level, Label(None)), row)
            continue
        slots = row.slots.get(column.key, ())
        found.add(_column_match(at, column, tuple(s.cell for s in slots), column.required))
        found.apart(slots, f"{at}/{column.key}")
        found.shared([s for s in slots if spans_rows(s)], f"{at}/{column.key}")


_LABEL_ISSUES = {
    "restored-label": (Severity.WARNING, "the label was split or displaced and has been put back"),
    "inherited-label": (Severity.WARNING, "the row shows no label; it was inferred from its neighbours"),
    "doubtful-label": (Severity.ERROR, "the row's own label cell is blank; the label was taken from the row above"),
    "unknown-label": (Severity.ERROR, "the label is none of the form's words"),
}


def _level_match(found: _Found, pointer: str, column: ColumnSpec, label: Label, row: BodyRow) -> None:
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


def _footer(found: _Found, slots: Sequence[Slot], section: Section, form: FormSpec, fit: Fit) -> None:
    spec, header = section.table, section.header
    assert spec is not None
    assert spec.footer is not None
    assert header is not None
    columns = [c for c in header.columns if c.spec.key in spec.footer.columns]
    foreign = field_labels(slots, form)
    first = next(i for i, s in enumerate(slots) if is_exact(s.text, spec.footer.labels))
    stop = min((i for i in foreign if i > first), default=len(slots))
    _matrix_row(found, f"/{spec.footer.key}", slots[first + 1 : stop], columns, spec.footer.required, fit)
