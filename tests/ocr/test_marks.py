from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract.geometry import Box, Transform
from extract.model import CleanPage, PageRef, TextLine
from extract.ocr.read_page import _below_marks
from extract.settings.defaults import OcrSettings

SETTINGS = OcrSettings(below_pen_confidence=0.84, below_seal_confidence=0.96)
WHITE = np.full((100, 100), 255, np.uint8)
PAGE = CleanPage(PageRef(Path("a.png"), 1), WHITE, 255 - WHITE, Transform(), 20.0)
MARK = Box(30, 30, 60, 60)


@pytest.mark.parametrize(
    ("page", "box", "confidence"),
    [
        (PAGE, Box(20, 40, 50, 60), 0.99),
        (replace(PAGE, lifted=(MARK,)), Box(20, 40, 50, 60), 0.84),
        (replace(PAGE, seals=(MARK,)), Box(20, 40, 50, 60), 0.96),
        (replace(PAGE, seals=(MARK,)), Box(70, 40, 90, 60), 0.99),
    ],
)
def test_text_from_which_ink_was_lifted_is_never_quite_sure(page: CleanPage, box: Box, confidence: float) -> None:
    line = TextLine("10", box.quad(), 0.99)
    assert _below_marks(line, page, SETTINGS).confidence == confidence
