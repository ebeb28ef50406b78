from __future__ import annotations

import pytest

from extract.geometry import Box
from extract.model import Image
from extract.ocr.lines import ink_projection, page_ink
from extract.ocr.lines.line_finding import Band
from tests.ocr.conftest import clean_page, crops, paste, ruled


def lines(image: Image, cell: Box) -> tuple[Band, ...] | None:
    return ink_projection.lines(cell, page_ink.without_rules(clean_page(image)))


def one_cell(height: int = 120) -> tuple[Image, Box]:
    image, grid = ruled(1, 1, height=height)
    (cell,) = grid.cells
    assert cell.box is not None
    return image, cell.box


def test_rows_that_stand_apart_are_lines() -> None:
    image, cell = one_cell()
    paste(image, crops()["及时"], 100, 55)
    paste(image, crops()["产出指标"], 100, 95)
    first, second = lines(image, cell) or ()
    assert first.box.y1 <= second.box.y0
    assert first.region is not None
    assert cell.contains(first.region.x0, first.region.y0)


def test_an_empty_cell_has_none() -> None:
    image, cell = one_cell()
    image[70:74, 120:124] = 0
    assert lines(image, cell) == ()


def test_ink_too_tall_for_a_line_is_not_plain() -> None:
    image, cell = one_cell()
    image[60:110, 100:103] = 0
    assert lines(image, cell) is None


def test_a_lone_stroke_may_be_the_rest_of_a_rule() -> None:
    image, cell = one_cell(60)
    paste(image, crops()["及时"], 120, 55)
    assert lines(image, cell) is not None
    image[60:80, 250:254] = 0
    assert lines(image, cell) is None


@pytest.mark.parametrize(("x", "plain"), [(146, True), (156, False)])
def test_a_stroke_a_little_off_at_the_end_of_a_line_may_be_one_too(x: int, plain: bool) -> None:
    image, cell = one_cell(60)
    paste(image, crops()["及时"], 90, 55)
    image[60:80, x : x + 4] = 0
    assert (lines(image, cell) is not None) is plain


def test_words_far_apart_are_lines_of_their_own() -> None:
    image, cell = one_cell(60)
    paste(image, crops()["7"], 60, 55)
    paste(image, crops()["7"], 220, 55)
    assert len(lines(image, cell) or ()) == 2


def test_a_full_stop_belongs_to_its_line() -> None:
    image, cell = one_cell(60)
    paste(image, crops()["产出指标"], 60, 55)
    image[74:78, 168:172] = 0
    (line,) = lines(image, cell) or ()
    assert 168 < line.box.x1 < 200


@pytest.mark.parametrize("place", [(58, 240), (90, 100), (44, 80), (72, 186)])
def test_a_cell_with_dust_in_it_is_not_plain(place: tuple[int, int]) -> None:
    image, cell = one_cell(60)
    paste(image, crops()["产出指标"], 60, 55)
    y, x = place
    image[y : y + 5, x : x + 5] = 0
    assert lines(image, cell) is None


def test_a_lone_dash_is_plain() -> None:
    image, cell = one_cell(60)
    image[69:71, 150:175] = 0
    assert len(lines(image, cell) or ()) == 1


def test_a_line_with_a_mark_too_faint_for_ink_beside_it_is_not_plain() -> None:
    image, cell = one_cell(60)
    paste(image, crops()["及时"], 100, 55)
    image[64:66, 80:92] = 190
    assert lines(image, cell) is None


def test_faint_ink_far_off_does_not_matter() -> None:
    image, cell = one_cell(60)
    paste(image, crops()["及时"], 120, 55)
    image[64:66, 50:62] = 190
    assert len(lines(image, cell) or ()) == 1


def test_plain_cells_are_painted_white_with_their_rules_and_their_ink_is_gone() -> None:
    image, grid = ruled(1, 2)
    left, right = (cell.box for cell in grid.cells if cell.box is not None)
    paste(image, crops()["及时"], 100, 55)
    paste(image, crops()["及时"], 360, 55)
    inked = page_ink.without_rules(clean_page(image))
    shown, rest = ink_projection.without(image, inked, [left])
    assert (shown[:, :300] == 255).all()
    assert (shown[:, 310:] == image[:, 310:]).all()
    assert len(rest.inside(left)) == 0
    assert len(rest.inside(right)) == len(inked.inside(right)) > 0
    assert len(inked.inside(left)) > 0


def test_what_lies_mostly_in_plain_cells_was_not_seen() -> None:
    cells = [Box(0, 0, 100, 50), Box(0, 50, 100, 100)]
    assert ink_projection.covers(cells, Box(10, 10, 90, 140))
    assert not ink_projection.covers(cells, Box(60, 0, 160, 100))
    assert not ink_projection.covers([], Box(0, 0, 10, 10))
