"""Lines outside of the tables that hold a figure which no field took: a row below the last rule, a total by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.forms.matching.match import Found
from extract.forms.matching.sections import field_labels
from extract.forms.sheets.classify import title_score
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import FormSpec, Lexicon
from extract.text import fold

_FIGURE = re.compile(r"\d{1,3}(?:[,，]\d{3})+|\d+\.\d+|\d{3,}")
_NUMBER = re.compile(r"[-+¥￥]?[\d,，.]+%?")
SURE = 0.5
"""A line read less surely than this is dirt at the edge of a photograph more often than print."""


def say_left_figures(
    found: Found, sheet: Sheet, rows: Sequence[Sequence[Slot]], form: FormSpec, lexicon: Lexicon
) -> None:
    """Say which figures outside of the tables no field took; `rows` are the free lines, side by side as rows.

    A figure is a number of three digits or with decimals; beside another text inside of the table's width, any number.
    """
    taken = {line for match in found.matches.values() for line in match.lines}
    for row in rows:
        if field_labels(row, form, inner=False):
            continue
        free = [s for s in row if not taken.intersection(s.cell.lines)]
        left = [s for s in free if not _aside(s.text, form, lexicon)]
        figures = [s for s in left if _FIGURE.search(s.text)]
        if any(_inside(s, sheet) for s in left) and len(free) > 1:
            figures += [s for s in free if s not in figures and _NUMBER.fullmatch(s.text) and _inside(s, sheet)]
        found.unplaced([s for s in figures if _sure(s)], "")


def _aside(text: str, form: FormSpec, lexicon: Lexicon) -> bool:
    return bool(title_score(text, form.titles)) or any(re.search(p, fold(text)) for p in lexicon.asides)


def _sure(slot: Slot) -> bool:
    return all(line.confidence is None or line.confidence >= SURE for line in slot.cell.lines)


def _inside(slot: Slot, sheet: Sheet) -> bool:
    """Whether a free line stands between the left and the right edge of the tables of its page."""
    boxes = [c.box for c in sheet.grid.cells if c.box and c.page == slot.cell.page]
    box = slot.cell.box
    if not boxes or box is None:
        return False
    return min(b.x0 for b in boxes) <= box.x0 and box.x1 <= max(b.x1 for b in boxes)
