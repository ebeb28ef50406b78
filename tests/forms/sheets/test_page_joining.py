from __future__ import annotations

from extract.forms.sheets.page_joining import stitch
from extract.forms.sheets.sheet import cell_text
from extract.model import PageContent
from tests.forms.builders import boxed, export, page_of

TITLE = "项目支出绩效自评表"


def is_title(text: str) -> bool:
    return text.endswith(TITLE)


def once(text: str) -> str | None:
    return text if text in ("项目名称", "主管部门") else None


def forms(*pages: PageContent) -> list[list[str]]:
    """The non-empty texts of each form's grid."""
    return [[t for c in s.grid.cells if (t := cell_text(c))] for s in stitch(pages, is_title, once)]


def test_a_title_above_a_grid_begins_a_form() -> None:
    first = page_of(boxed([["项目名称", "甲"]]), heading=[TITLE])
    second = page_of(boxed([["项目名称", "乙"]]), heading=[TITLE], number=2)
    assert forms(first, second) == [["项目名称", "甲"], ["项目名称", "乙"]]


def test_a_page_without_a_title_continues_the_form() -> None:
    first = page_of(boxed([["项目名称", "甲"]]), heading=[TITLE])
    second = page_of(boxed([["合计", "9"]]), number=2)
    (sheet,) = stitch([first, second], is_title, once)
    assert sheet.breaks == (1,)
    assert sheet.pages == (1, 2)


def test_a_form_whose_title_was_lost_begins_where_its_labels_come_again() -> None:
    rows = [["项目名称", "甲"], ["主管部门", "丙"]]
    assert len(forms(page_of(boxed(rows), heading=[TITLE]), page_of(boxed(rows), number=2))) == 2


def test_titles_inside_a_table_split_it() -> None:
    content = export(f"{TITLE}\t\n项目名称\t甲\n{TITLE}\t\n(2021年度)\t\n项目名称\t乙")
    assert forms(content) == [["项目名称", "甲"], ["项目名称", "乙"]]


def test_a_year_below_the_title_is_part_of_the_heading() -> None:
    (sheet,) = stitch([export(f"{TITLE}\t\n(2021年度)\t\n项目名称\t甲")], is_title, once)
    assert [line.text for line in sheet.heading] == [TITLE, "(2021年度)"]


def test_borders_of_two_pages_are_brought_together() -> None:
    first = page_of(boxed([["a", "b", "c"]]), heading=[TITLE])
    second = page_of(boxed([[("d", 1, 2), "e"]]), number=2)
    (sheet,) = stitch([first, second], is_title, once)
    assert sheet.grid.cols == 3
    assert [(c.col, c.col_end) for c in sheet.grid.cells if c.row == 1] == [(0, 2), (2, 3)]


def test_cells_keep_their_pages() -> None:
    (sheet,) = stitch(
        [page_of(boxed([["a"]]), heading=[TITLE]), page_of(boxed([["b"]], page=2), number=2)], is_title, once
    )
    assert [c.page for c in sheet.grid.cells] == [1, 2]
