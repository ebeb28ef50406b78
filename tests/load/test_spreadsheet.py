from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from extract.errors import EmptyFile, TooLarge
from extract.load import open_document
from extract.load.spreadsheet import Sheet, _tables
from extract.model import TextPage, TextTable
from extract.settings.defaults import LoadSettings


def shown(table: TextTable) -> list[list[tuple[str, int, int]]]:
    return [[(c.text, c.row_span, c.col_span) for c in row] for row in table.rows]


def pages(book: openpyxl.Workbook, path: Path) -> list[TextPage]:
    book.save(path)
    return [page for page in open_document(path) if isinstance(page, TextPage)]


def test_cells_as_printed_and_merged(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "题目"
    sheet.merge_cells("A1:C1")
    sheet["A2"], sheet["B2"], sheet["C2"] = 0.9852, 6261700, datetime(2021, 3, 5)
    sheet["A2"].number_format, sheet["B2"].number_format = "0.00%", "#,##0.00"
    sheet["C2"].number_format = 'yyyy"年"m"月"'
    sheet["B4"] = "=1+2"
    sheet["XFD1048576"].number_format = "0.00"
    (page,) = pages(book, tmp_path / "a.xlsx")
    first, second = page.blocks
    assert isinstance(first, TextTable)
    assert isinstance(second, TextTable)
    assert shown(first) == [[("题目", 1, 3)], [("98.52%", 1, 1), ("6,261,700.00", 1, 1), ("2021年3月", 1, 1)]]
    assert shown(second) == [[("", 1, 1), ("=1+2", 1, 1), ("", 1, 1)]]


def test_old_workbooks(tmp_path: Path, xls: bytes) -> None:
    (tmp_path / "a.xls").write_bytes(xls)
    (page,) = open_document(tmp_path / "a.xls")
    assert isinstance(page, TextPage)
    first, second = page.blocks
    assert isinstance(first, TextTable)
    assert isinstance(second, TextTable)
    assert shown(first) == [
        [("题目", 1, 3)],
        [("98.52%", 1, 1), ("6,261,700.00", 1, 1), ("2021-3", 1, 1)],
        [("TRUE", 1, 1), ("12", 1, 1), ("并", 2, 1)],
        [("", 1, 1), ("", 1, 1)],
    ]
    assert shown(second) == [[("尾", 1, 1), ("", 1, 1), ("", 1, 1)]]


def test_hidden_and_empty_sheets_are_left_out_and_sheets_are_pages(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "一"
    hidden = book.create_sheet()
    hidden["A1"] = "x"
    hidden.sheet_state = "hidden"
    book.create_sheet()
    book.create_sheet()["B2"] = "二"
    assert [(page.ref.page, len(page.blocks)) for page in pages(book, tmp_path / "a.xlsx")] == [(1, 1), (3, 1)]


def test_empty_and_too_large(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        pages(openpyxl.Workbook(), tmp_path / "a.xlsx")
    with pytest.raises(TooLarge, match="cells"):
        _tables(Sheet({(0, 0): "a", (1, 9): "b"}, ()), LoadSettings(max_cells=10))


def test_a_merge_down_keeps_its_blank_rows_in_the_table() -> None:
    (table,) = _tables(Sheet({(0, 0): "a", (0, 1): "b", (2, 1): "c"}, ((0, 0, 3, 1),)), LoadSettings())
    assert shown(table) == [[("a", 3, 1), ("b", 1, 1)], [("", 1, 1)], [("c", 1, 1)]]


def test_a_sheet_whose_cells_are_all_merged_is_refused_before_it_is_built(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "题目"
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data.replace(b"</sheetData>", merge) if part == name else data)
    assert merge in zipfile.ZipFile(tmp_path / "b.xlsx").read(name)
    with pytest.raises(TooLarge, match="merges 17179869184 cells"):
        list(open_document(tmp_path / "b.xlsx"))
