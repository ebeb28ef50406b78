"""One form's pages as rows of cells."""

from extract.forms.sheets.sheet import Sheet, cell_text, texts
from extract.geometry import Box
from extract.model import Cell, Grid, TextLine


def cell(row: int, col: int, row_end: int, col_end: int, *words: str, box: Box | None = None) -> Cell:
    return Cell(row, col, row_end, col_end, box, tuple(TextLine(word) for word in words))


GRID = Grid(
    2,
    3,
    (
        cell(0, 0, 2, 1, "项目", "名称", box=Box(0, 0, 10, 40)),
        cell(0, 1, 1, 3, "甲", box=Box(10, 0, 40, 20)),
        cell(1, 1, 2, 2, box=Box(10, 20, 30, 40)),
        cell(1, 2, 2, 3, "乙", box=Box(30, 20, 40, 40)),
    ),
)


def sheet(col_x: tuple[float, ...] | None) -> Sheet:
    return Sheet((TextLine("标题"),), GRID, col_x, (), (TextLine("备注"),), (1,))


def test_a_cell_over_two_rows_stands_in_both_and_starts_in_one() -> None:
    first, second = sheet((0.0, 0.25, 0.75, 1.0)).rows
    assert [(slot.text, slot.x0, slot.x1, slot.starts) for slot in first] == [
        ("项目名称", 0.0, 0.25, True),
        ("甲", 0.25, 1.0, True),
    ]
    assert [(slot.text, slot.starts) for slot in second] == [("项目名称", False), ("", True), ("乙", True)]


def test_without_boxes_columns_are_counted() -> None:
    first, _ = sheet(None).rows
    assert [(slot.x0, slot.x1) for slot in first] == [(0.0, 1.0), (1.0, 3.0)]
    assert not sheet(None).boxed


def test_the_band_of_a_row_is_that_of_the_cells_that_begin_and_end_with_it() -> None:
    assert sheet((0.0, 0.25, 0.75, 1.0)).band(1, page=1) == (20, 40)
    assert sheet((0.0, 0.25, 0.75, 1.0)).band(1, page=2) is None


def test_every_text_of_the_sheet() -> None:
    assert list(texts(sheet(None))) == ["标题", "备注", "项目名称", "甲", "乙"]
    assert cell_text(GRID.cells[2]) == ""
