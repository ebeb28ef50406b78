from pathlib import Path

import numpy as np
import pytest

from extract.geometry import Box, Transform, rotation
from extract.model import (
    Cell,
    CleanPage,
    Evidence,
    Grid,
    Image,
    Issue,
    Origin,
    Page,
    PageRef,
    Record,
    Severity,
    TextLine,
)
from extract.pipeline import Trace
from extract.review import overlay
from extract.review.canvas import AMBER, BLUE, GREEN, RED, VIOLET, Colour

REF = PageRef(Path("a.png"), 1)
TURN = Transform.of_matrix(rotation(90, (200, 200)))


def near(image: Image, colour: Colour, box: Box) -> int:
    """How many pixels of a colour (RGB) lie in a box."""
    part = image[round(box.y0) : round(box.y1), round(box.x0) : round(box.x1)].astype(int)
    return int((np.abs(part[:, :, ::-1] - colour).sum(axis=2) < 30).sum())


def value(x: float, y: float) -> Evidence:
    return Evidence(1, Box(x, y, x + 60, y + 20).quad(), "6", 0.9, Origin.OCR)


@pytest.fixture
def trace() -> Trace:
    """A page of 400 by 400 that lies on its side: clean pixels are source pixels turned by 90 degrees."""
    white = np.full((400, 400), 255, np.uint8)
    cells = (
        Cell(0, 0, 1, 2, Box(100, 100, 300, 140), (TextLine("x", Box(110, 105, 140, 125).quad(), 0.5),)),
        Cell(1, 0, 2, 1, Box(100, 140, 200, 180)),
        Cell(1, 1, 2, 2, Box(200, 140, 300, 180)),
    )
    record = Record(
        "f",
        "1",
        "review",
        {"index": 0},
        {},
        {"/good": value(50, 50), "/rows/0/unsure": value(50, 150), "/bad": value(50, 250)},
        (),
        (
            Issue("low-confidence", Severity.WARNING, "/rows/0/unsure", ""),
            Issue("failed-check", Severity.ERROR, "/bad", ""),
            Issue("missing-value", Severity.ERROR, "/gone", ""),
        ),
        {},
    )
    clean = CleanPage(REF, white, white, TURN, 20.0, 90, 1.5, seals=(Box(10, 10, 60, 60),))
    free = (TextLine("t", Box(100, 20, 200, 40).quad(), 0.99),)
    return Trace(Page(REF, white), clean, (Grid(2, 2, cells),), free, (record,))


@pytest.mark.parametrize("painter", [overlay.clean, overlay.lines, overlay.cells, overlay.values])
def test_pictures_have_the_size_of_the_source(trace: Trace, painter: object) -> None:
    image = painter(trace)  # type: ignore[operator]
    assert image.shape == (400, 400, 3)
    assert image.dtype == np.uint8
    assert (image != 255).any()


def test_values_are_coloured_by_doubt(trace: Trace) -> None:
    image = overlay.values(trace)
    for y, colour in ((50, GREEN), (150, AMBER), (250, RED)):
        assert near(image, colour, Box(48, y - 3, 115, y + 24)) > 100


def test_cells_are_drawn_where_the_source_has_them(trace: Trace) -> None:
    image = overlay.cells(trace)
    merged = TURN.quad(Box(100, 100, 300, 140)).box
    assert near(image, GREEN, merged) > 300
    assert near(image, GREEN, Box(0, 0, 60, 60)) == 0


def test_lines_inside_and_outside_of_tables(trace: Trace) -> None:
    image = overlay.lines(trace)
    assert near(image, BLUE, TURN.quad(Box(105, 100, 145, 130)).box) > 50
    assert near(image, VIOLET, TURN.quad(Box(95, 15, 205, 45)).box) > 50


def test_pages_in_colour_stay_in_colour(trace: Trace) -> None:
    blue = np.zeros((400, 400, 3), np.uint8)
    blue[:, :, 0] = 200
    image = overlay.values(Trace(Page(REF, blue), trace.clean, (), (), ()))
    assert tuple(image[399, 399]) == (200, 0, 0)


def test_values_of_other_pages_are_left_out(trace: Trace) -> None:
    second = Page(PageRef(Path("a.png"), 2), trace.page.image)
    image = overlay.values(Trace(second, trace.clean, (), (), trace.records))
    assert near(image, GREEN, Box(0, 0, 400, 400)) == 0
