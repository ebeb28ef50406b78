"""A sheet's sections matched one after another: every field of a form to the lines that hold it."""

from __future__ import annotations

from collections.abc import Sequence

from extract.forms.matching.free_lines import say_left_figures
from extract.forms.matching.match import Alignment, Found
from extract.forms.matching.matrices import match_matrix
from extract.forms.matching.sections import split_sections
from extract.forms.matching.single_values import (
    free_rows,
    match_field_row,
    match_free_row,
    match_heading,
    match_inline_lines,
)
from extract.forms.matching.tables import match_table
from extract.forms.matching.text_blocks import match_text_block
from extract.forms.sheets.label_similarity import is_label
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import FormSpec, Lexicon


def align(sheet: Sheet, form: FormSpec, lexicon: Lexicon) -> Alignment:
    """Match every field of a form to the lines that hold it."""
    found = Found()
    sections = split_sections(sheet, form)
    match_heading(found, sheet, form, lexicon)
    for r in sections.fields:
        match_field_row(found, sheet.rows[r], form, lexicon)
    for section in sections.below:
        match_text_block(found, sheet, section, form)
    for section in sections.matrices:
        match_matrix(found, sheet, section, form, lexicon)
    for section in sections.tables:
        match_table(found, sheet, section, form, lexicon)
    for r in sections.loose:
        _loose(found, sheet.rows[r], form)
    match_inline_lines(found, sheet, form, lexicon)
    rows = tuple(free_rows((*sheet.heading, *sheet.tail)))
    for row in rows:
        match_free_row(found, row, form, lexicon)
    say_left_figures(found, sheet, rows, form, lexicon)
    return found.alignment()


def _loose(found: Found, slots: Sequence[Slot], form: FormSpec) -> None:
    words = (*form.side_labels, *(x for m in form.matrices for x in m.labels), *form.titles)
    found.unplaced([s for s in slots if s.text and s.starts and not is_label(s.text, words)], "")
