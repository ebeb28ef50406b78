from hypothesis import given
from hypothesis import strategies as st

from extract.geometry import Box
from extract.grid import fill
from extract.model import Cell, Grid, Reading, TextLine

GRID = Grid(1, 2, (Cell(0, 0, 1, 1, Box(0, 0, 100, 60)), Cell(0, 1, 1, 2, Box(100, 0, 200, 60))))


def line(text: str, x0: float, y0: float, x1: float, y1: float) -> TextLine:
    return TextLine(text, Box(x0, y0, x1, y1).quad())


def test_lines_go_to_the_cell_of_their_centre_top_to_bottom_left_to_right() -> None:
    lines = (line("c", 10, 32, 60, 50), line("b", 50, 6, 90, 24), line("a", 5, 4, 45, 22), line("d", 90, 10, 140, 30))
    (grid,), free = fill((GRID,), Reading((*lines, line("out", 300, 0, 340, 20)), "test"))
    assert [[t.text for t in cell.lines] for cell in grid.cells] == [["a", "b", "c"], ["d"]]
    assert [t.text for t in free] == ["out"]


def test_a_table_in_a_cell_gets_its_own_lines() -> None:
    inner = Grid(1, 2, (Cell(0, 0, 1, 1, Box(10, 10, 40, 50)), Cell(0, 1, 1, 2, Box(40, 10, 90, 50))))
    (outer, filled), _ = fill((GRID, inner), Reading((line("x", 12, 20, 30, 40),), "test"))
    assert not outer.cells[0].lines
    assert filled.cells[0].lines[0].text == "x"


boxes = st.tuples(st.floats(-50, 250), st.floats(-50, 100), st.floats(0, 80), st.floats(0, 40))


@given(st.lists(boxes, max_size=12))
def test_nothing_is_lost(places: list[tuple[float, float, float, float]]) -> None:
    lines = tuple(line(str(k), x, y, x + w, y + h) for k, (x, y, w, h) in enumerate(places))
    grids, free = fill((GRID,), Reading((*lines, TextLine("no place")), "test"))
    held = [t.text for grid in grids for cell in grid.cells for t in cell.lines]
    assert sorted(held + [t.text for t in free]) == sorted([t.text for t in lines] + ["no place"])
