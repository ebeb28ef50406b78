from __future__ import annotations

import numpy as np

from extract.geometry import Box, Quad
from extract.ocr.lines import line_crops
from extract.ocr.lines.line_finding import Band
from tests.ocr.conftest import CHAR

NO_INK = np.zeros((0, 5))


def test_short_ink_gets_the_height_of_a_line() -> None:
    crop = line_crops.crop(np.zeros((100, 100), np.uint8), Band(Box(40, 48, 60, 52), NO_INK), CHAR)
    assert crop.shape[0] >= 0.95 * CHAR


def test_white_stands_outside_of_the_cell() -> None:
    crop = line_crops.crop(np.zeros((100, 100), np.uint8), Band(Box(40, 40, 60, 60), NO_INK, Box(40, 40, 60, 60)), CHAR)
    assert (crop[:, [0, -1]] == 255).all()
    assert (crop == 0).sum() == 400


def test_faint_ends_that_only_the_detector_saw_are_in_the_first_look() -> None:
    band = Band(Box(40, 40, 60, 60), NO_INK, None, Box(10, 35, 90, 65))
    page = np.zeros((100, 100), np.uint8)
    assert (
        line_crops.crop(page, band, CHAR).shape[1] >= 80 > line_crops.crop(page, band, CHAR, line_crops.SECOND).shape[1]
    )


def test_tilted_lines_are_turned_upright() -> None:
    quad = Quad.of([[10, 40], [90, 20], [95, 40], [15, 60]])
    crop = line_crops.crop(np.zeros((100, 100), np.uint8), Band(quad.box, NO_INK, quad=quad), CHAR)
    assert crop.shape == (21, 82)
