from __future__ import annotations

from extract.load.spans import PlacedCell, lay_out
from extract.model import TextCell


def test_covered_places_are_left_out_and_gaps_filled() -> None:
    table = lay_out([PlacedCell(0, 0, TextCell("a", 2, 1)), PlacedCell(1, 2, TextCell("b"))], 2, 3)
    assert [[cell.text for cell in row] for row in table.rows] == [["a", "", ""], ["", "b"]]


def test_the_first_of_two_overlapping_cells_wins() -> None:
    table = lay_out([PlacedCell(0, 0, TextCell("a", 1, 2)), PlacedCell(0, 1, TextCell("b"))], 1, 2)
    assert [[cell.text for cell in row] for row in table.rows] == [["a"]]
