"""A sheet on a darker ground; a flat scan has none."""

import cv2
import numpy as np
import pytest

from extract.clean.page_outline import find_sheet, flat
from extract.geometry import Quad
from extract.model import Image

CORNERS = np.array([[150, 120], [860, 160], [830, 1180], [120, 1140]], dtype=np.float64)


def photograph(ground: int = 70) -> Image:
    """A white sheet with lines of text, seen a little from the side, on a table."""
    image = np.full((1300, 1000, 3), ground, np.uint8)
    cv2.fillConvexPoly(image, CORNERS.astype(np.int32), (235, 235, 235))
    for y in range(250, 1050, 60):
        cv2.line(image, (230, y), (730, y), (40, 40, 40), 12)
    return image


def test_the_corners_of_the_sheet_clockwise_from_the_top_left() -> None:
    sheet = find_sheet(photograph())
    assert sheet is not None
    assert np.abs(sheet.array() - CORNERS).max() < 4


def test_a_flat_scan_has_no_sheet() -> None:
    image = np.full((1300, 1000), 235, np.uint8)
    for y in range(250, 1050, 60):
        cv2.line(image, (230, y), (730, y), 40, 12)
    assert find_sheet(image) is None


def test_a_scan_with_a_dark_border_is_no_photograph() -> None:
    image = np.full((1300, 1000), 30, np.uint8)
    image[12:-12, 12:-12] = 235
    assert find_sheet(image) is None


def test_a_sheet_that_hardly_outshines_its_ground_is_left() -> None:
    assert find_sheet(photograph(ground=225)) is None


@pytest.mark.parametrize("corner", range(4))
def test_laid_flat_the_corners_are_those_of_the_result(corner: int) -> None:
    transform, (h, w) = flat(Quad.of(CORNERS))
    wanted = [(0, 0), (w, 0), (w, h), (0, h)][corner]
    assert transform.apply(CORNERS[corner : corner + 1])[0] == pytest.approx(wanted, abs=0.01)
    assert 1000 < h < 1040
    assert 700 < w < 730
