from pathlib import Path

import cv2
import numpy as np
import pytest

from bench import fiscal
from extract.geometry import Box, Transform
from extract.model import Cell, CleanPage, Grid, PageRef


def made(corners: list[list[float]]) -> fiscal.Made:
    blank = np.full((400, 600), 255, dtype=np.uint8)
    page = CleanPage(PageRef(Path("page.pdf"), 1, fiscal.DPI), blank, 255 - blank, Transform(), 20.0)
    cells = tuple(fiscal.TruthCell(Box(0, 0, 1, 1), "") for _ in corners)
    boxes = [Box(*sides).corners() for sides in corners]
    return fiscal.Made(page, cells, np.array(boxes))


def test_a_cell_counts_as_found_when_all_four_sides_are_near() -> None:
    left, right = Cell(0, 0, 1, 1, Box(10, 10, 110, 50)), Cell(0, 1, 1, 2, Box(110, 10, 300, 50))
    near, cut = fiscal.found_cells(made([[14, 8, 106, 53], [110, 10, 200, 50]]), [Grid(1, 2, (left, right))])
    assert near is left
    assert cut is None


def test_cells_without_rules_around_them_are_left_out() -> None:
    image = np.full((400, 600), 255, dtype=np.uint8)
    cv2.rectangle(image, (100, 100), (300, 200), 0, 2)
    scale = fiscal.POINTS_PER_INCH / fiscal.DPI
    boxes = [Box(100 * scale, 100 * scale, 300 * scale, 200 * scale), Box(0, 0, 100 * scale, 100 * scale)]
    cells = tuple(fiscal.TruthCell(box, "1") for box in boxes)
    truth = fiscal.TruthPage(Path("page.pdf"), 1, (600 * scale, 400 * scale), cells)
    assert fiscal.drawn(truth, image) == cells[:1]


@pytest.mark.parametrize(
    ("text", "is_figure"), [("1,234.50", True), ("-3", True), ("12%", True), ("合计", False), ("", False)]
)
def test_figures(text: str, is_figure: bool) -> None:
    assert fiscal.TruthCell(Box(0, 0, 1, 1), text).is_figure is is_figure


def test_pages_are_taken_evenly() -> None:
    pages = [fiscal.TruthPage(Path("a.pdf"), k, (1, 1), ()) for k in range(9)]
    assert [page.page for page in fiscal.sample(pages, 3)] == [0, 4, 8]
    assert len(fiscal.sample(pages, 20)) == 9
