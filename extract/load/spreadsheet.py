"""XLSX and XLS workbooks to text pages: one per visible sheet, cells as printed, merged cells as spans."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from extract.errors import EmptyFile, EncryptedFile, InputError, TooLarge
from extract.load.excel_number_format import is_date_format, printed
from extract.load.office_zip import opened
from extract.load.spans import PlacedCell, lay_out
from extract.load.workbook_size import check_merged
from extract.model import PageRef, TextCell, TextPage, TextTable
from extract.settings.defaults import LoadSettings


@dataclass(frozen=True)
class Sheet:
    """A sheet's printed texts by (row, column), and its merged areas as (row, col, row_end, col_end), all 0-based."""

    texts: Mapping[tuple[int, int], str]
    merged: tuple[tuple[int, int, int, int], ...]


def read_xlsx(path: Path, settings: LoadSettings) -> Iterator[TextPage]:
    """The sheets of an XLSX workbook; a formula without a stored result prints as the formula.

    Raises EmptyFile, EncryptedFile, TooLarge, TruncatedFile, InputError.
    """
    import openpyxl

    with opened(path, settings) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        for name in sheets:
            check_merged(archive, name, settings)
        has_formulas = any(b"<f" in archive.read(name) for name in sheets)
    values = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    formulas = openpyxl.load_workbook(path, keep_links=False) if has_formulas else None
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"] or values.worksheets
    yield from _pages(path, (_of_openpyxl(sheet, formulas) for sheet in visible), settings)


def read_xls(path: Path, settings: LoadSettings) -> Iterator[TextPage]:
    """The sheets of an XLS workbook. Raises EmptyFile, EncryptedFile, TooLarge, InputError."""
    import xlrd

    data = path.read_bytes()
    if len(data) > settings.max_text_megabytes * 1e6:
        limit = f"{settings.max_text_megabytes:.0f} MB"
        raise TooLarge(f"The workbook has {len(data) / 1e6:.0f} MB; the limit is {limit}.")
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise EncryptedFile("The workbook asks for a password.") from error
        raise InputError("The XLS workbook is damaged and cannot be opened.") from error
    visible = [sheet for sheet in book.sheets() if sheet.visibility == 0] or book.sheets()
    yield from _pages(path, (_of_xlrd(sheet, book) for sheet in visible), settings)


def _pages(path: Path, sheets: Iterable[Sheet], settings: LoadSettings) -> Iterator[TextPage]:
    found = False
    for number, sheet in enumerate(sheets, start=1):
        blocks = _tables(sheet, settings)
        if blocks:
            found = True
            yield TextPage(PageRef(path, number), blocks)
    if not found:
        raise EmptyFile("The workbook holds no text.")


def _of_openpyxl(sheet: Any, formulas: Any) -> Sheet:
    """The filled cells only: a stray format far out on the sheet makes its stated size useless."""
    texts = {}
    for (row, col), cell in sheet._cells.items():
        value = cell.value
        if value is None and formulas is not None:
            value = formulas[sheet.title].cell(row, col).value
        texts[row - 1, col - 1] = printed(value, cell.number_format)
    merged = tuple((r.min_row - 1, r.min_col - 1, r.max_row, r.max_col) for r in sheet.merged_cells.ranges)
    return Sheet({place: text for place, text in texts.items() if text}, tuple(sorted(merged)))


def _of_xlrd(sheet: Any, book: Any) -> Sheet:
    texts = {}
    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            text = _printed_xls(sheet.cell(row, col), book)
            if text:
                texts[row, col] = text
    merged = tuple((r0, c0, r1, c1) for r0, r1, c0, c1 in sheet.merged_cells)
    return Sheet(texts, tuple(sorted(merged)))


def _printed_xls(cell: Any, book: Any) -> str:
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return printed(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_DATE or is_date_format(code):
        try:
            return printed(xlrd.xldate_as_datetime(cell.value, book.datemode), code)
        except (ValueError, OverflowError):
            return printed(cell.value)
    return printed(cell.value, code)


def _tables(sheet: Sheet, settings: LoadSettings) -> tuple[TextTable, ...]:
    """The sheet's tables, parted at rows that are wholly empty. Raises TooLarge for more cells than the limit."""
    if not sheet.texts:
        return ()
    bottom, right = (max(place[axis] for place in sheet.texts) + 1 for axis in (0, 1))
    merged = [area for area in sheet.merged if area[0] < bottom and area[1] < right]
    filled = {row for row, _ in sheet.texts}
    for row, col, row_end, _ in merged:
        if (row, col) in sheet.texts:
            filled.update(range(row, min(row_end, bottom)))
    if len(filled) * right > settings.max_cells:
        raise TooLarge(f"A sheet spans {len(filled) * right} cells; the limit is {settings.max_cells}.")
    runs = groupby(enumerate(sorted(filled)), key=lambda pair: pair[1] - pair[0])
    return tuple(_table(sheet, merged, [row for _, row in run], right) for _, run in runs)


def _table(sheet: Sheet, merged: Iterable[tuple[int, int, int, int]], rows: list[int], cols: int) -> TextTable:
    first, end = rows[0], rows[-1] + 1
    placed = []
    for row, col, row_end, col_end in merged:
        if first <= row < end:
            cell = TextCell(sheet.texts.get((row, col), ""), min(row_end, end) - row, min(col_end, cols) - col)
            placed.append(PlacedCell(row - first, col, cell))
    inside = ((place, text) for place, text in sorted(sheet.texts.items()) if first <= place[0] < end)
    placed += [PlacedCell(row - first, col, TextCell(text)) for (row, col), text in inside]
    return lay_out(placed, end - first, cols)
