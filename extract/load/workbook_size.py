"""How large the sheets of an XLSX workbook are, told before they are built in memory."""

from __future__ import annotations

import re
import zipfile

from extract.errors import TooLarge
from extract.settings.defaults import LoadSettings

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_A = ord("A") - 1


def check_merged(archive: zipfile.ZipFile, sheet: str, settings: LoadSettings) -> None:
    """Raise TooLarge where a sheet's merged areas cover more cells than the limit.

    openpyxl makes an object of every cell in them: a sheet of 1.5 kB whose cells are all merged would take gigabytes.
    """
    covered = sum(_cells(*match.groups()) for match in _MERGED.finditer(archive.read(sheet)))
    if covered > settings.max_cells:
        raise TooLarge(f"A sheet merges {covered} cells; the limit is {settings.max_cells}.")


def _cells(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    """Of an area such as A1:C2."""
    return (_column(right) - _column(left) + 1) * (int(bottom) - int(top) + 1)


def _column(letters: bytes) -> int:
    """The number of a column, from 1: A, B, ... Z, AA."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - _A
    return number
