"""Matrices: declared rows by declared columns, and the unit that their labels name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.forms.matching.cell_splitting import covers_several, split_wide
from extract.forms.matching.column_alignment import Fit, place
from extract.forms.matching.headers import Column
from extract.forms.matching.match import ROW_NUMBER, Found, Match, column_match
from extract.forms.matching.sections import MAX_LABEL, Section, matrix_row
from extract.forms.sheets.label_similarity import best_similarity, is_label
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import FormSpec, Lexicon, MatrixSpec, ValueType
from extract.model import Doubt, Issue, Severity, TextLine
from extract.text import fold


def match_matrix(found: Found, sheet: Sheet, section: Section, form: FormSpec, lexicon: Lexicon) -> None:
    """Match the rows of a matrix's section, and its unit."""
    spec, header = section.matrix, section.header
    assert spec is not None
    assert header is not None
    found.header(f"/{spec.key}", header.columns)
    _unit(found, sheet, section, spec)
    fit = Fit({}, (*spec.labels, *form.side_labels), lexicon.blank_marks, sheet.boxed)
    words = (*spec.labels, *form.side_labels)
    for r in section.rows:
        slots = section.slots(sheet, r)
        label = matrix_row(slots, spec)
        before = slots if label is None else slots[: label[0]]
        stray = [s for s in before if s.text and s.starts and not _is_side_label(s, words)]
        found.unplaced([s for s in stray if label is None or not ROW_NUMBER.fullmatch(s.text)], f"/{spec.key}")
        if label is None:
            continue
        i, row = label
        found.label(f"/{spec.key}/{row.key}", slots[i].cell)
        match_row(found, slots[i + 1 :], RowTarget(f"/{spec.key}/{row.key}", header.columns, row.required), fit)


def _is_side_label(slot: Slot, words: Sequence[str]) -> bool:
    """Whether a cell left of a row's label is the matrix's own; of one that covers rows half the letters are enough."""
    covers = slot.cell.row_end - slot.cell.row > 1
    return is_label(slot.text, words) or (covers and best_similarity(slot.text, words) >= 0.5)


@dataclass(frozen=True)
class RowTarget:
    """What a row is read as: its pointer, its columns, which of them are required.

    `latest`: where the row stands on the form again, its last values count.
    """

    pointer: str
    columns: Sequence[Column]
    required: Sequence[str]
    latest: bool = False


def match_row(found: Found, slots: Sequence[Slot], target: RowTarget, fit: Fit) -> None:
    """Give the cells of one row, without its label, to its columns."""
    at, columns = target.pointer, target.columns
    cells = split_wide(slots, columns) if fit.boxed else slots
    targets = place(cells, columns, fit)
    for j, column in enumerate(columns):
        own = [s for s, t in zip(cells, targets, strict=True) if t == j]
        match = column_match(at, column.spec, tuple(s.cell for s in own), column.spec.key in target.required)
        found.add(match, target.latest)
        found.apart(own, match.pointer)
        found.spanning([s for s in own if covers_several(s, columns)], match.pointer)
    lost = [s for s, t in zip(cells, targets, strict=True) if t is None and s.text and s.starts]
    found.unplaced([s for s in lost if not fit.is_blank(s.text)], at)


def _unit(found: Found, sheet: Sheet, section: Section, spec: MatrixSpec) -> None:
    """The unit stands in the matrix's label, in its header, or above the table."""
    if spec.unit is None or section.header is None:
        return
    rows = range(section.header.row, section.rows[-1] + 1 if section.rows else section.header.row_end)
    slots = [s for r in rows for s in section.slots(sheet, r) if s.text and s.starts]
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
    letters = set("".join(words)) - set(word)
    hidden = any(letters & set(text) for c in chars[max(0, at - 1) : at + 1] for text, _ in c.alternatives)
    own = chars[max(0, at - hidden) : at + len(word)]
    sure, theirs = min(c.confidence for c in own), frozenset[Doubt]().union(*(c.doubts for c in own))
    others = frozenset[Doubt]().union(*(c.doubts for c in chars)) - theirs
    return tuple(replace(line, confidence=sure, doubts=line.doubts - others) for line in lines)
