"""Body rows of a table: cells to columns, rows cut by a page end made whole, fillers dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extract.forms.matching.cell_splitting import split_wide
from extract.forms.matching.column_alignment import Fit, place
from extract.forms.matching.headers import Column
from extract.forms.matching.label_hierarchy import Hierarchy
from extract.forms.matching.sections import Section
from extract.forms.sheets.label_similarity import is_exact
from extract.forms.sheets.sheet import Sheet, Slot
from extract.forms.spec import ColumnSpec, TableSpec, ValueType
from extract.geometry import Box, overlap_1d
from extract.text import join


@dataclass(frozen=True)
class BodyRow:
    """One row of the table: the slots of each column by key; `label_only` rows carry labels and nothing else."""

    index: int
    slots: Mapping[str, tuple[Slot, ...]]
    label_only: bool = False

    def text(self, key: str) -> str:
        """What stands in a column."""
        return "".join(s.text for s in self.slots.get(key, ()))


@dataclass(frozen=True)
class Body:
    """The rows of a table and the slots that no column could take."""

    rows: tuple[BodyRow, ...]
    unplaced: tuple[Slot, ...]


def read_body(sheet: Sheet, section: Section, table: TableSpec, fit: Fit) -> Body:
    """Align every row to the columns, then mend what page ends and exports did to the rows."""
    placed: list[BodyRow] = []
    unplaced: list[Slot] = []
    assert section.header is not None
    for r in section.rows:
        own, left = _place_row(section.slots(sheet, r), section.header.columns, fit)
        unplaced += left
        own = {key: tuple(_own_lines(sheet, s, r, key, table) for s in found) for key, found in own.items()}
        if any(s.cell.lines for found in own.values() for s in found):
            placed.append(BodyRow(r, own, not _has_body(own, table)))
    real = [row for row in placed if not _is_filler(row, table, fit)]
    whole = _attach_orphans(_join_broken(real, sheet, table, fit), sheet, table, fit)
    return Body(tuple(whole), tuple(unplaced))


def _place_row(
    row: Sequence[Slot], columns: Sequence[Column], fit: Fit
) -> tuple[dict[str, tuple[Slot, ...]], list[Slot]]:
    """The slots of a row by the key of their column, and those that no column could take."""
    slots = split_wide(row, columns) if fit.boxed else row
    own: dict[str, tuple[Slot, ...]] = {}
    left: list[Slot] = []
    for slot, target in zip(slots, place(slots, columns, fit), strict=True):
        if target is not None:
            key = columns[target].spec.key
            own[key] = (*own.get(key, ()), slot)
        elif slot.text and slot.starts and not fit.is_free(slot.text):
            left.append(slot)
    return own, left


def _own_lines(sheet: Sheet, slot: Slot, row: int, key: str, table: TableSpec) -> Slot:
    """A cell over several rows outside of the hierarchy has lost walls: each row takes the lines that stand in it.

    Where a line stands across rows the cell is left whole; `spans_rows` then tells that it is doubtful.
    """
    cell = slot.cell
    level = next(c.level for c in table.columns if c.key == key)
    if level or cell.box is None or cell.row_end - cell.row < 2:
        return slot
    bands = {r: sheet.band(r, cell.page) for r in range(cell.row, cell.row_end)}
    share = {r: tuple(x for x in cell.lines if b and x.quad and _inside(x.quad.box, b)) for r, b in bands.items()}
    if sum(len(lines) for lines in share.values()) != len(cell.lines) or not all(share.values()):
        return slot
    return Slot(replace(cell, lines=share[row]), join(x.text for x in share[row]), slot.x0, slot.x1, True)


def _inside(box: Box, band: tuple[float, float]) -> bool:
    return overlap_1d(box.y0, box.y1, *band) > 0.8 * box.height


def spans_rows(slot: Slot) -> bool:
    """Whether a cell with text covers more than one row."""
    return bool(slot.text) and slot.cell.row_end - slot.cell.row > 1


def _keys(table: TableSpec, numeric: bool) -> list[str]:
    return [c.key for c in table.columns if not c.level and c.type.numeric is numeric]


def _has_body(own: Mapping[str, tuple[Slot, ...]], table: TableSpec) -> bool:
    """Whether there is ink outside of the hierarchy's columns, read or not."""
    return any(s.cell.lines for c in table.columns if not c.level for s in own.get(c.key, ()))


def _numbers(row: BodyRow, table: TableSpec, fit: Fit) -> set[str]:
    return {k for k in _keys(table, numeric=True) if not fit.is_blank(row.text(k))}


def _join_broken(placed: Sequence[BodyRow], sheet: Sheet, table: TableSpec, fit: Fit) -> list[BodyRow]:
    """A row whose text runs on over the page end is one row: its numbers stand on one side of the break only."""
    whole: list[BodyRow] = []
    for row in placed:
        before = whole[-1] if whole else None
        if before is not None and not row.label_only and _continues(before, row, sheet, table, fit):
            merged = {
                k: (*before.slots.get(k, ()), *_fresh(before.slots.get(k, ()), row.slots.get(k, ())))
                for k in {**before.slots, **row.slots}
            }
            whole[-1] = BodyRow(before.index, merged)
        else:
            whole.append(row)
    return whole


def _fresh(before: Sequence[Slot], here: Sequence[Slot]) -> tuple[Slot, ...]:
    """The slots that bring something new (a merged cell covers both rows and is counted once)."""
    return tuple(s for s in here if all(s.cell is not b.cell for b in before))


def _continues(before: BodyRow, row: BodyRow, sheet: Sheet, table: TableSpec, fit: Fit) -> bool:
    if before.label_only:
        return False
    above, here = _numbers(before, table, fit), _numbers(row, table, fit)
    numeric = {c.key for c in table.columns if c.type.numeric and c.required}
    if not numeric or (above & here):
        return False
    at_break = any(before.index < b <= row.index for b in sheet.breaks)
    if at_break:
        return not here or (not above and bool(here))
    heads = [c.key for c in table.columns if c.required and c.type is ValueType.TEXT and not c.level]
    return not fit.boxed and not here and not any(row.text(k) for k in heads)


def _attach_orphans(rows: list[BodyRow], sheet: Sheet, table: TableSpec, fit: Fit) -> list[BodyRow]:
    """A label that an export left on a row of its own at a page end goes to the row above."""
    if fit.boxed:
        return rows
    result: list[BodyRow] = []
    for n, row in enumerate(rows):
        following = rows[n + 1] if n + 1 < len(rows) else None
        ends_part = following is None or any(row.index < b <= following.index for b in sheet.breaks)
        above = result[-1] if result else None
        if row.label_only and ends_part and above is not None and not above.label_only:
            slots = [s for own in row.slots.values() for s in own if s.text]
            key = _lacking_level(slots[0].text, above, table, fit) if len(slots) == 1 else None
            if key and (following is None or following.text(key)):
                result[-1] = BodyRow(above.index, {**above.slots, key: tuple(slots)})
                continue
        result.append(row)
    return result


def _lacking_level(word: str, above: BodyRow, table: TableSpec, fit: Fit) -> str | None:
    """The lowest level that knows a word and that the row above shows no label for."""
    for column in sorted((c for c in table.columns if c.level), key=lambda c: -c.level):
        if is_exact(word, fit.levels.get(column.level, ())):
            return None if above.text(column.key) else column.key
    return None


def _is_filler(row: BodyRow, table: TableSpec, fit: Fit) -> bool:
    """A row of the empty form: no numbers, and nothing in its text columns but the form's own filler.

    A row with ink that could not be read is none.
    """
    if row.label_only or any(not x.text for own in row.slots.values() for s in own for x in s.cell.lines):
        return False
    if _numbers(row, table, fit):
        return False
    texts = [row.text(k) for k in _keys(table, numeric=False) if not fit.is_blank(row.text(k))]
    return all(any(re.fullmatch(p, t) for p in table.placeholders) for t in texts)


def level_columns(columns: Sequence[Column]) -> dict[int, ColumnSpec]:
    """The hierarchy's columns by level."""
    return {c.spec.level: c.spec for c in columns if c.spec.level}


def fit_of(table: TableSpec, free: Sequence[str], blank_marks: frozenset[str], boxed: bool) -> Fit:
    """What the prices need to know about a table."""
    hierarchy = Hierarchy(table.groups)
    levels = {c.level: hierarchy.words(c.level) for c in table.columns if c.level}
    return Fit(levels, tuple(free), blank_marks, boxed)
