"""Rules and walls of a drawn table, on the scan."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from extract.clean import clean
from extract.grid import find_traced
from extract.model import Image, Page, PageRef
from extract.pipeline import Trace
from extract.review import lattice_overlay
from extract.review.canvas import BLUE, GREEN, VIOLET, Colour


def table() -> Image:
    """Two columns and three rows of 200 by 60 px, from (100, 100) on."""
    image = np.full((500, 700), 255, np.uint8)
    for y in range(100, 281, 60):
        cv2.line(image, (100, y), (500, y), 0, 2)
    for x in (100, 300, 500):
        cv2.line(image, (x, 100), (x, 280), 0, 2)
    return image


@pytest.fixture(scope="module")
def trace() -> Trace:
    page = Page(PageRef(Path("t.png"), 1), table())
    cleaned = clean(page)
    found = find_traced(cleaned)
    return Trace(page, cleaned, found.grids, (), (), (), found.lattice)


def drawn(image: Image, colour: Colour) -> set[tuple[int, int]]:
    """Tens of pixels, x and y, in which a colour stands."""
    y, x = np.nonzero(np.abs(image[:, :, ::-1].astype(int) - colour).sum(axis=2) < 30)
    return {(round(a / 10), round(b / 10)) for a, b in zip(x.tolist(), y.tolist(), strict=True)}


def test_rules_across_and_down(trace: Trace) -> None:
    image = lattice_overlay.rules(trace)
    assert {(20, 10), (20, 16), (20, 22), (20, 28)} <= drawn(image, BLUE)
    assert {(10, 13), (30, 13), (50, 13)} <= drawn(image, VIOLET)


def test_whole_walls_are_green(trace: Trace) -> None:
    found = drawn(lattice_overlay.edges(trace), GREEN)
    assert {(20, 10), (40, 28), (30, 19), (50, 25)} <= found
    assert not {(20, 13), (40, 19)} & found


def test_a_page_that_camelot_read_says_so(trace: Trace) -> None:
    bare = Trace(trace.page, trace.clean, trace.grids, (), ())
    for painter in (lattice_overlay.rules, lattice_overlay.edges):
        assert (painter(bare) != 255).any()
