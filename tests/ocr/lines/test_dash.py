from __future__ import annotations

import numpy as np
import pytest

from extract.geometry import Box
from extract.model import Doubt
from extract.ocr.lines import dash
from extract.ocr.lines.line_finding import Band
from tests.ocr.conftest import CHAR

CELL = Box(0, 0, 100, 40)


def band(*boxes: tuple[float, float, float, float]) -> Band:
    inked = np.array([[*box, (box[2] - box[0]) * (box[3] - box[1])] for box in boxes], dtype=np.float64)
    return Band(Box(*boxes[0]), inked, CELL)


@pytest.mark.parametrize(
    ("stroke", "text"), [((30, 19, 54, 21), "\N{EM DASH}"), ((40, 18, 48, 21), "-"), ((20, 19, 70, 22), "\N{EM DASH}")]
)
def test_flat_strokes_are_dashes(stroke: tuple[float, float, float, float], text: str) -> None:
    chars = dash.read(band(stroke), CHAR)
    assert chars is not None
    assert chars[0].text == text
    assert chars[0].confidence > 0.9
    assert not chars[0].doubts


@pytest.mark.parametrize("stroke", [(40, 10, 43, 30), (40, 10, 52, 30), (10, 19, 95, 21)])
def test_digits_and_rules_are_not(stroke: tuple[float, float, float, float]) -> None:
    assert dash.read(band(stroke), CHAR) is None


def test_two_strokes_are_not() -> None:
    assert dash.read(band((30, 15, 50, 17), (30, 22, 50, 24)), CHAR) is None


def test_a_stroke_near_the_border_is_doubted() -> None:
    chars = dash.read(band((30, 4, 54, 6)), CHAR)
    assert chars is not None
    assert chars[0].doubts == {Doubt.OFF_MIDDLE}
