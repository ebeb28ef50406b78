"""Workbooks that look like the paper: a sheet per form, labels and values where the form has them, cells merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from extract.downstream.export.doubts import CellDoubt, CellDoubts, doubts, pointer
from extract.downstream.export.harmless import is_dangerous
from extract.downstream.export.xlsx import EXACT_DIGITS, MAX_CHARACTERS, refuse_long, sheet_text
from extract.downstream.tables.atomic_file import unfinished
from extract.downstream.tables.glossary import word
from extract.downstream.tables.record_rows import RecordRows
from extract.downstream.tables.table_layout import Column, Kind, Layout, Role, Table
from extract.records.decode import value as value_at

SIDE_WIDTH, COLUMN_WIDTH = 10, 15
"""Widths in characters: of the column of side labels, and of all others."""


@dataclass(frozen=True)
class Cell:
    """A cell of the sheet, ends exclusive; `pointer` says which value of the data it shows, None for a label."""

    row: int
    col: int
    row_end: int
    col_end: int
    value: Any
    pointer: str | None = None


def write_paper(records: Iterator[RecordRows], target: Path) -> tuple[Path, ...]:
    """Write a workbook with a sheet for each record. Raises OutputError."""
    with unfinished(target) as files:
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(files.file()), options) as book:
            styles = _Styles(book)
            for number, one in enumerate(records, start=1):
                refuse_long(one)
                _draw(book.add_worksheet(_name(number, one)), styles, one)
            if not book.worksheets():
                book.add_worksheet()
        return files.finish()


def _name(number: int, one: RecordRows) -> str:
    """The number of the sheet and the first text of the form that its scan's name does not tell."""
    texts = [one.record.data.get(column.path[0]) for column in _singles(one.layout)]
    text = next((text for text in texts if isinstance(text, str)), "")
    return sheet_text(f"{number} {text}")


def cells(one: RecordRows) -> tuple[Cell, ...]:
    """The cells of the sheet: title, single values two to a row, then each matrix and each list under its headers."""
    width = _width(one.layout)
    found: list[Cell] = [Cell(0, 0, 1, width, one.record.data.get("title") or one.layout.label, "/title")]
    found += _single_cells(one, len(found), width)
    for table in one.layout.tables:
        top = max(cell.row_end for cell in found)
        if table.role is Role.LINES:
            found += _matrix_cells(table, one.record.data, top, width)
        elif table.role is Role.ROWS:
            found += _list_cells(one.layout, table, one.record.data, top, width)
    return tuple(found)


def _width(layout: Layout) -> int:
    """Columns of the sheet: a side label and the columns of the widest list; at least four for two pairs."""
    return max(4, *(1 + len(_shown(table)) for table in layout.tables if table.role in {Role.LINES, Role.ROWS}))


def _shown(table: Table) -> tuple[Column, ...]:
    """The columns that the paper has: those of the row's own values, not of what was made of them."""
    return tuple(column for column in table.values if len(column.path) == 1)


def _singles(layout: Layout) -> Iterator[Column]:
    """The single values that stand beside a label of their own."""
    footers = {table.footer[0] for table in layout.of(Role.ROWS) if table.footer}
    for column in layout.main.values:
        companion = len(column.path) > 1 and column.path[-2].endswith("_value")
        if not companion and column.path[0] not in footers and column.path != ("title",):
            yield column


def _single_cells(one: RecordRows, top: int, width: int) -> Iterator[Cell]:
    """Pairs of label and value, two to a row; a long text takes a row of its own."""
    half, column, row = width // 2, 0, top
    for single in _singles(one.layout):
        found = value_at(one.record.data, single.path)
        place = pointer(one.layout.main, single.path)
        wide = isinstance(found, str) and len(found) > COLUMN_WIDTH * 2
        if wide and column:
            yield Cell(row, half, row + 1, width, None)
            row, column = row + 1, 0
        end = width if wide or column else half
        yield Cell(row, column, row + 1, column + 1, single.label)
        yield Cell(row, column + 1, row + 1, end, found, place)
        row, column = (row + 1, 0) if end == width else (row, half)
    if column:
        yield Cell(row, half, row + 1, width, None)


def _matrix_cells(table: Table, data: Mapping[str, Any], top: int, width: int) -> Iterator[Cell]:
    columns = _shown(table)
    starts = _starts(len(columns) + 1, width)
    yield Cell(top, 0, top + len(table.lines) + 1, 1, table.label)
    yield Cell(top, 1, top + 1, starts[1], None)
    for place, column in enumerate(columns, start=1):
        yield Cell(top, starts[place], top + 1, starts[place + 1], column.label)
    for row, (key, label) in enumerate(table.lines, start=top + 1):
        yield Cell(row, 1, row + 1, starts[1], label)
        for place, column in enumerate(columns, start=1):
            found = value_at(data, (table.source, key, *column.path))
            yield Cell(row, starts[place], row + 1, starts[place + 1], found, pointer(table, column.path, key))


def _starts(count: int, width: int) -> list[int]:
    """Where `count` columns begin that share the width beside the side label; the first takes what is left over."""
    each, over = divmod(width - 1, count)
    return [1, *(1 + over + each * place for place in range(1, count + 1))]


def _list_cells(layout: Layout, table: Table, data: Mapping[str, Any], top: int, width: int) -> Iterator[Cell]:
    columns, items = _shown(table), data.get(table.source) or []
    starts = _starts(len(columns), width)
    yield Cell(top, 0, top + 1 + len(items), 1, table.label)
    for place, column in enumerate(columns):
        yield Cell(top, starts[place], top + 1, starts[place + 1], column.label)
        merged = place < len(columns) and column.path[0] in _levels(columns)
        for first, end in _runs(items, columns[: place + 1]) if merged else ((n, n + 1) for n in range(len(items))):
            found = items[first].get(column.path[0])
            where = pointer(table, column.path, str(first))
            yield Cell(top + 1 + first, starts[place], top + 1 + end, starts[place + 1], found, where)
    if table.footer:
        yield from _footer_cells(layout, table, starts, data, top + 1 + len(items))


def _levels(columns: Sequence[Column]) -> set[str]:
    """The leading columns of text before the first that is not: those whose cells paper merges."""
    texts = [column.path[0] for column in columns[:2] if column.kind is Kind.TEXT]
    return set(texts) if len(columns) > 3 else set()


def _runs(items: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """First and end of each run of rows with the same values in these columns."""
    keys = [tuple(item.get(column.path[0]) for column in columns) for item in items]
    for _, run in groupby(range(len(items)), key=keys.__getitem__):
        numbers = list(run)
        yield numbers[0], numbers[-1] + 1


def _footer_cells(
    layout: Layout, table: Table, starts: Sequence[int], data: Mapping[str, Any], row: int
) -> Iterator[Cell]:
    """The row under a list: its label over the columns before its first value."""
    assert table.footer is not None
    key, label = table.footer
    paths = {column.path[1]: column.path for column in layout.main.values if column.path[0] == key}
    columns = _shown(table)
    first = next(place for place, column in enumerate(columns) if column.path[0] in paths)
    yield Cell(row, 0, row + 1, starts[first], label)
    for place in range(first, len(columns)):
        path = paths.get(columns[place].path[0])
        found = None if path is None else value_at(data, path)
        where = None if path is None else pointer(layout.main, path)
        yield Cell(row, starts[place], row + 1, starts[place + 1], found, where)


class _Styles:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[object, ...], Any] = {}

    def of(self, cell: Cell, doubt: CellDoubt | None) -> Any:
        """Labels in the middle, long text to the left, doubtful values coloured."""
        shade = None if doubt is None else ("#F8CBAD" if doubt.grave else "#FFE699")
        title = cell.row == 0
        quoted = isinstance(cell.value, str) and is_dangerous(cell.value)
        shown = cell.pointer is not None and not title
        left = shown and isinstance(cell.value, str) and len(cell.value) > COLUMN_WIDTH
        key = (shade, left, quoted, title)
        if key not in self._made:
            options: dict[str, object] = {
                "text_wrap": True,
                "valign": "vcenter",
                "align": "left" if left else "center",
                "border": 0 if title else 1,
                "bold": title,
                "font_size": 16 if title else 10,
                "quote_prefix": quoted,
            }
            if shade:
                options["bg_color"] = shade
            self._made[key] = self._book.add_format(options)
        return self._made[key]


def _draw(sheet: Any, styles: _Styles, one: RecordRows) -> None:
    found = doubts(one.record, one.layout)
    drawn = cells(one)
    width = _width(one.layout)
    sheet.set_column(0, 0, SIDE_WIDTH)
    sheet.set_column(1, width - 1, COLUMN_WIDTH)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for row in range(max(cell.row_end for cell in drawn)):
        sheet.set_row(row, _height(drawn, row))
    for cell in drawn:
        _draw_cell(sheet, styles, cell, found)
    if "" in found:
        sheet.write_comment(0, 0, f"{word(one.record.status)}\n" + "\n".join(found[""].reasons)[:MAX_CHARACTERS])


def _height(drawn: Sequence[Cell], row: int) -> int:
    """Points for the lines of the fullest cell that stands in this row alone."""
    lines = [
        -(-len(str(cell.value)) * 2 // (COLUMN_WIDTH * (cell.col_end - cell.col)))
        for cell in drawn
        if cell.row == row and cell.row_end == row + 1 and cell.value is not None
    ]
    return 30 if row == 0 else min(400, 15 * max(lines, default=1) + 5)


def _draw_cell(sheet: Any, styles: _Styles, cell: Cell, found: CellDoubts) -> None:
    doubt = None if cell.pointer is None else found.get(cell.pointer)
    style = styles.of(cell, doubt)
    if cell.row_end - cell.row > 1 or cell.col_end - cell.col > 1:
        sheet.merge_range(cell.row, cell.col, cell.row_end - 1, cell.col_end - 1, "", style)
    _write(sheet, cell, style)
    if doubt is not None:
        sheet.write_comment(cell.row, cell.col, "\n".join(doubt.reasons)[:MAX_CHARACTERS])


def _write(sheet: Any, cell: Cell, style: Any) -> None:
    value = cell.value
    if value is None:
        sheet.write_blank(cell.row, cell.col, None, style)
    elif isinstance(value, str):
        sheet.write_string(cell.row, cell.col, value, style)
    elif len(Decimal(value).normalize().as_tuple().digits) > EXACT_DIGITS:
        sheet.write_string(cell.row, cell.col, str(value), style)
    else:
        sheet.write_number(cell.row, cell.col, value, style)
