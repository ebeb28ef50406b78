"""Workbooks for people: a sheet per table, printed labels as headers, doubtful cells coloured, links to the scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from extract.downstream.export.doubts import CellDoubt, CellDoubts, doubts, pointer
from extract.downstream.export.harmless import is_dangerous
from extract.downstream.tables.atomic_file import unfinished
from extract.downstream.tables.glossary import word
from extract.downstream.tables.record_rows import RecordRows
from extract.downstream.tables.row_mapping import Row, Value
from extract.downstream.tables.scan_links import page_link, scan_of
from extract.downstream.tables.table_layout import Column, Kind, Role, Table
from extract.errors import UsageError
from extract.records.decode import StoredRecord

MAX_ROWS = 1_048_576
MAX_CHARACTERS = 32_767
MAX_SHEET_NAME = 31
"""Limits of the format: Excel specifications and limits; characters as UTF-16 has them."""

MAX_LINK_TEXT = 255
MAX_LINKS = 65_530
"""Links that Excel opens on one sheet."""

EXACT_DIGITS = 15
"""Digits that Excel keeps of a number; a longer one is written as text."""

WIDTHS: Mapping[Kind, int] = {Kind.TEXT: 28, Kind.WORD: 12, Kind.INTEGER: 8, Kind.DECIMAL: 14, Kind.DATE: 12}
"""Widths of columns, in characters."""

_INNER = frozenset({"source_sha256", "record_sha256", "source_pages", "engine_ocr", "engine_extract"})
"""Columns that only programs ask for: hidden."""


@dataclass
class _Sheet:
    """A sheet that is being filled, row by row."""

    sheet: Any
    table: Table
    used: int = 1
    links: int = 0


@dataclass
class _Book:
    """A workbook with its sheets by table, and its formats by what makes them differ."""

    book: Any
    folder: Path
    sheets: dict[str, _Sheet] = field(default_factory=dict)
    formats: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def style(self, kind: Kind, doubt: CellDoubt | None, quoted: bool = False) -> Any:
        """The format of a cell."""
        shade = None if doubt is None else ("#F8CBAD" if doubt.grave else "#FFE699")
        key = (kind, shade, quoted)
        if key not in self.formats:
            options: dict[str, object] = {"valign": "top", "text_wrap": kind is Kind.TEXT}
            if shade:
                options["bg_color"] = shade
            if quoted:
                options["quote_prefix"] = True
            if kind is Kind.DATE:
                options["num_format"] = "yyyy-mm-dd"
            if kind is Kind.DECIMAL:
                options["num_format"] = "#,##0.######"
            self.formats[key] = self.book.add_format(options)
        return self.formats[key]


def write_xlsx(records: Iterator[RecordRows], target: Path) -> tuple[Path, ...]:
    """Write one workbook; evidence stays out of it, its place is told by colours, comments and links.

    Raises OutputError, and UsageError for more than a sheet holds.
    """
    with unfinished(target) as files:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(files.file()), options) as book:
            written = _Book(book, target.parent)
            for one in records:
                _add(written, one)
            if not written.sheets:
                book.add_worksheet()
        return files.finish()


def _add(book: _Book, one: RecordRows) -> None:
    refuse_long(one)
    found = doubts(one.record, one.layout)
    scan = scan_of(one.record)
    for table, rows in one.tables():
        if table.role is not Role.EVIDENCE:
            sheet = book.sheets.get(table.name) or _new_sheet(book, table)
            for row in rows:
                _add_row(book, sheet, row, found)
                _add_link(sheet, one.record, row, scan, book.folder)
                sheet.used += 1


def _new_sheet(book: _Book, table: Table) -> _Sheet:
    sheet = book.book.add_worksheet(_sheet_name(book, table))
    look = {"bold": True, "bg_color": "#D9E1F2", "text_wrap": True, "valign": "vcenter", "border": 1}
    header = book.book.add_format(look)
    for place, column in enumerate(table.columns):
        hidden = {"hidden": True} if column.name in _INNER else None
        sheet.set_column(place, place, WIDTHS[column.kind], None, hidden)
        sheet.write_string(0, place, column.label or column.name, header)
    last = len(table.columns)
    sheet.set_column(last, last, WIDTHS[Kind.TEXT])
    sheet.write_string(0, last, word("scan"), header)
    sheet.freeze_panes(1, table.key)
    sheet.autofilter(0, 0, 0, last)
    book.sheets[table.name] = _Sheet(sheet, table)
    return book.sheets[table.name]


def _sheet_name(book: _Book, table: Table) -> str:
    """The table's label without what sheet names may not hold, numbered where another has it."""
    clean = sheet_text(table.label) or table.name[:MAX_SHEET_NAME]
    taken = {name.lower() for name in book.book.sheetnames}
    name, number = clean, 1
    while name.lower() in taken:
        number += 1
        suffix = f" ({number})"
        name = clean[: MAX_SHEET_NAME - len(suffix)] + suffix
    return name


def sheet_text(text: str) -> str:
    """As much of a text as the name of a sheet takes, without the characters that it may not hold."""
    clean = "".join(c if c.isprintable() and c not in "[]:*?/\\'" else "_" for c in text)
    return clean.encode("utf-16-le")[: 2 * MAX_SHEET_NAME].decode("utf-16-le", "ignore").strip()


def _add_row(book: _Book, sheet: _Sheet, row: Row, found: CellDoubts) -> None:
    if sheet.used >= MAX_ROWS:
        raise UsageError(f"{sheet.table.name} has more than {MAX_ROWS - 1} rows; export .csv or .parquet")
    for place, (column, value) in enumerate(zip(sheet.table.columns, row, strict=True)):
        doubt = found.get(_pointer(sheet.table, column, row))
        if sheet.table.role is Role.FORM and column.name == "status":
            doubt = found.get("")
        _add_cell(book, sheet, place, value, doubt)
        if doubt is not None:
            sheet.sheet.write_comment(sheet.used, place, "\n".join(doubt.reasons)[:MAX_CHARACTERS])


def _pointer(table: Table, column: Column, row: Row) -> str:
    """Where a cell's value stands in the data; no pointer for what does not come from there."""
    if table.role is Role.FORM:
        return pointer(table, column.path)
    if table.role in {Role.LINES, Role.ROWS}:
        return pointer(table, column.path, str(row[1]))
    return "none"


def _add_cell(book: _Book, sheet: _Sheet, place: int, value: Value, doubt: CellDoubt | None) -> None:
    kind, at = sheet.table.columns[place].kind, (sheet.used, place)
    if value is None:
        if doubt is not None:
            sheet.sheet.write_blank(*at, None, book.style(kind, doubt))
    elif isinstance(value, str) and kind is Kind.DATE:
        sheet.sheet.write_datetime(*at, date.fromisoformat(value), book.style(kind, doubt))
    elif isinstance(value, str) or _digits(value) > EXACT_DIGITS:
        text = str(value)
        sheet.sheet.write_string(*at, text, book.style(kind, doubt, is_dangerous(text)))
    else:
        sheet.sheet.write_number(*at, value, book.style(kind, doubt))


def refuse_long(one: RecordRows) -> None:
    """Raise UsageError where a text of a record is more than a cell holds; XlsxWriter would cut it."""
    longest = max(len(value) for rows in one.rows for row in rows for value in row if isinstance(value, str))
    if longest > MAX_CHARACTERS:
        raise UsageError(
            f"{one.record.file}: a text of {longest} characters is more than a cell holds; export .csv or .parquet"
        )


def _digits(value: int | Decimal) -> int:
    return len(Decimal(value).normalize().as_tuple().digits)


def _add_link(sheet: _Sheet, record: StoredRecord, row: Row, scan: Path | None, folder: Path) -> None:
    """A link to the scan, at the page where the row's first value stands."""
    place, name = len(sheet.table.columns), record.source.path
    if scan is None or sheet.links >= MAX_LINKS:
        sheet.sheet.write_string(sheet.used, place, name)
        return
    sheet.links += 1
    link = page_link(scan, _page(sheet.table, record, row), folder)
    sheet.sheet.write_url(sheet.used, place, link, string=name[:MAX_LINK_TEXT])


def _page(table: Table, record: StoredRecord, row: Row) -> int:
    below = f"/{table.source}/{row[1]}/" if table.role in {Role.LINES, Role.ROWS} else "/"
    pages = [entry.page for place, entry in record.evidence.items() if place.startswith(below)]
    return min(pages, default=record.source.pages[0])
