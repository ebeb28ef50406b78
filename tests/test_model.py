"""What the types between stages refuse."""

from pathlib import Path

import pytest

from extract.model import Cell, Grid, PageRef, TextCell, TextPage, TextTable


def test_cells_tile_their_grid() -> None:
    Grid(2, 2, (Cell(0, 0, 1, 2), Cell(1, 0, 2, 1), Cell(1, 1, 2, 2)))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ((Cell(0, 0, 1, 2),), "0 cells at row 1, column 0"),
        ((Cell(0, 0, 2, 2), Cell(1, 1, 2, 2)), "2 cells at row 1, column 1"),
        ((Cell(0, 0, 2, 3),), "outside of the grid"),
        ((Cell(0, 0, 0, 2), Cell(0, 0, 2, 2)), "outside of the grid"),
    ],
)
def test_a_gap_an_overlap_and_a_cell_outside(cells: tuple[Cell, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Grid(2, 2, cells)


def test_the_whole_text_of_an_export() -> None:
    ref = PageRef(Path("a.docx"), 1)
    table = TextTable(((TextCell("甲"), TextCell("1")), (TextCell("乙"), TextCell("2"))))
    assert TextPage(ref, ("标题", table)).whole == "标题\n甲\t1\n乙\t2"
    assert TextPage(ref, ("标题",), text="原文").whole == "原文"
