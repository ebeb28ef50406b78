from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import TooLarge
from extract.load import open_document
from extract.load.text_checks import checked, storable
from extract.model import PageRef, TextCell, TextPage, TextTable
from extract.settings.defaults import LoadSettings

PLACE = PageRef(Path("a"), 1)


def page(*rows: tuple[str, ...]) -> TextPage:
    return TextPage(PLACE, (TextTable(tuple(tuple(TextCell(cell) for cell in row) for row in rows)),))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\tb\r\nc\x0b", "a\tb\r\nc\x0b"),
        ("1\x002", "1\ufffd2"),
        ("1\x1f\ufffe", "1\ufffd\ufffd"),
        ("\ud800甲", "\ufffd甲"),
        ("\ud842\udfb7", "\U00020bb7"),
    ],
)
def test_storable(text: str, kept: str) -> None:
    assert storable(text) == kept


@given(st.text(st.characters(codec=None)))
def test_whatever_is_storable_is_utf8_without_nul(text: str) -> None:
    assert b"\0" not in storable(text).encode()


def test_a_cell_that_no_file_can_hold_is_in_doubt_and_the_others_stay() -> None:
    fixed = checked(page(("甲", "1\x002"), ("乙", "3")), LoadSettings())
    assert isinstance(fixed, TextPage)
    assert fixed.whole == "甲\t1\ufffd2\n乙\t3"


def test_short_rows_count_as_long_as_the_longest() -> None:
    checked(page(("a",) * 5, ("b",)), LoadSettings(max_cells=10))
    with pytest.raises(TooLarge, match="more than 9 cells"):
        checked(page(("a",) * 5, ("b",)), LoadSettings(max_cells=9))


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md", "a.csv"])
def test_a_nul_in_a_text_export_is_a_replacement_character(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes("<p>项目支出绩效自评表</p>\n金额,1\0 000 元\n".encode())
    (read,) = open_document(path)
    assert isinstance(read, TextPage)
    assert "1\ufffd 000" in read.whole
    assert "\0" not in read.whole
