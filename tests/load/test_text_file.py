from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import TooLarge
from extract.load import open_document
from extract.load.text_file import _of_lines
from extract.model import TextPage, TextTable
from tests.paths import SHARED

SEEDS = SHARED / "seeds"


def blocks(tmp_path: Path, name: str, data: bytes) -> list[str | list[list[str]]]:
    (tmp_path / name).write_bytes(data)
    (page,) = open_document(tmp_path / name)
    assert isinstance(page, TextPage)
    return [shown(block) for block in page.blocks]


def shown(block: str | TextTable) -> str | list[list[str]]:
    return block if isinstance(block, str) else [[cell.text for cell in row] for row in block.rows]


def test_tabbed_rows_keep_every_cell(tmp_path: Path) -> None:
    data = "题目\n\n a\t\tb \t\n\t\t\n\nc\td\n尾\n注\n".encode()
    assert blocks(tmp_path, "a.txt", data) == ["题目", [[" a", "", "b ", ""], ["", "", ""]], [["c", "d"]], "尾\n注"]


def test_line_ends_of_every_system_and_odd_separators_inside_cells(tmp_path: Path) -> None:
    data = "a\t1\u2028x\r\nb\t2\rc\t3\x0bz".encode()
    assert blocks(tmp_path, "a.tsv", data) == [[["a", "1\u2028x"], ["b", "2"], ["c", "3\x0bz"]]]


def test_heading_marks_go_in_text_too(tmp_path: Path) -> None:
    assert blocks(tmp_path, "a.txt", "# 题目\n## 二 ##\n#3\n".encode()) == ["题目\n二\n#3"]


def test_markdown_pipes_and_emphasis(tmp_path: Path) -> None:
    data = "# 题\n\n| **a** | b\\|c |\n|:--|--:|\n| 5*3*2 | - |\n|-|-|\n\n_x_ `y`\np\t**q**\n".encode()
    expected = ["题", [["a", "b|c"], ["5*3*2", "-"], ["-", "-"]], "x y", [["p", "q"]]]
    assert blocks(tmp_path, "a.md", data) == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiters_quotes_and_empty_lines(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(("项目", '"6,261,700\n元"', "")) + "\n\n" + delimiter.join("xyz") + "\n"
    assert blocks(tmp_path, "a.csv", text.encode("gb18030")) == [[["项目", "6,261,700\n元", ""]], [["x", "y", "z"]]]


@given(st.lists(st.text("a1 #\t|甲", max_size=8), max_size=12))
def test_nothing_is_lost_but_heading_marks(lines: list[str]) -> None:
    got = "".join(str(shown(block)) for block in _of_lines("\n".join(lines), is_markdown=False))
    for kept in "a1甲":
        assert got.count(kept) == "".join(lines).count(kept)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not here")
def test_seeds_come_through_line_by_line() -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        (page,) = open_document(path)
        assert isinstance(page, TextPage)
        rows: list[str] = []
        for block in page.blocks:
            rows += (
                block.split("\n") if isinstance(block, str) else ["\t".join(c.text for c in row) for row in block.rows]
            )
        lines = path.read_text("utf-8").split("\n")
        assert rows == [line.lstrip("# ") for line in lines if line.strip() or "\t" in line]


def test_rows_padded_with_tabs_are_refused_before_they_are_taken_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(("a" + "\t" * 16_000 + "\n") * 40)
    with pytest.raises(TooLarge, match="500000 cells"):
        list(open_document(path))
