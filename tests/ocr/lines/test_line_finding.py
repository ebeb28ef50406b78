from __future__ import annotations

import numpy as np

from extract.geometry import Box
from extract.model import Grid, Image
from extract.ocr.lines import line_finding, page_ink
from tests.ocr.conftest import clean_page, crops, paste, ruled


def found(image: Image, grid: Grid, *seen: Box) -> list[Box]:
    cells = [cell.box for cell in grid.cells if cell.box is not None]
    return [
        band.box
        for band in line_finding.find([box.quad() for box in seen], cells, page_ink.without_rules(clean_page(image)))
    ]


def test_a_line_over_two_cells_is_cut_at_the_rule() -> None:
    image, grid = ruled(1, 2)
    paste(image, crops()["及时"], 220, 55)
    paste(image, crops()["10"], 310, 55)
    left, right = sorted(found(image, grid, Box(210, 52, 350, 88)), key=lambda box: box.x0)
    assert left.x1 <= 300 <= right.x0


def test_ink_that_no_quad_covers_makes_a_line() -> None:
    image, grid = ruled(1, 2)
    paste(image, crops()["7"], 150, 55)
    (box,) = found(image, grid)
    assert 150 < box.cx < 180


def test_two_lines_in_one_quad_are_parted() -> None:
    image, grid = ruled(1, 1, height=120)
    paste(image, crops()["及时"], 100, 55)
    paste(image, crops()["产出指标"], 100, 95)
    first, second = found(image, grid, Box(95, 50, 210, 130))
    assert first.y1 <= second.y0


def test_pieces_of_one_line_are_joined() -> None:
    image, grid = ruled(1, 1)
    paste(image, crops()["及时"], 80, 55)
    paste(image, crops()["10"], 150, 55)
    assert len(found(image, grid, Box(80, 52, 140, 88), Box(148, 52, 190, 88))) == 1


def test_a_first_character_the_detector_missed_is_taken_in() -> None:
    image, grid = ruled(1, 1)
    paste(image, crops()["10.00"], 100, 55)
    (whole,) = found(image, grid)
    (box,) = found(image, grid, Box(whole.x0 + 22, 52, whole.x1 + 3, 88))
    assert box.x0 == whole.x0


def test_specks_and_remnants_of_rules_are_no_lines() -> None:
    image, grid = ruled(1, 1)
    image[70:74, 120:124] = 0
    image[43:46, 60:100] = 0
    assert found(image, grid) == []


def test_text_outside_of_cells_needs_the_detector() -> None:
    image, grid = ruled(1, 1)
    paste(image, crops()["7"], 5, 3)
    assert found(image, grid) == []
    assert len(found(image, grid, Box(5, 3, 30, 35))) == 1


def test_dots_far_from_the_text_are_flecks_and_punctuation_is_not() -> None:
    image, grid = ruled(1, 1)
    paste(image, crops()["10.00"], 100, 55)
    (whole,) = found(image, grid)
    image[64:69, round(whole.x1) + 14 : round(whole.x1) + 19] = 0
    (box,) = found(image, grid, whole.expand(25, 6))
    assert box == whole
    paste(image, np.full((6, 6), 0, np.uint8), round(whole.x1) + 4, round(whole.y1) - 6)
    (box,) = found(image, grid, whole.expand(8, 6))
    assert box.x1 > whole.x1 + 8
