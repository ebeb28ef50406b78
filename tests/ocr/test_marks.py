from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extract.geometry import Box, Transform
from extract.model import CleanPage, Doubt, PageRef, TextLine
from extract.ocr.read_page import _below_marks

WHITE = np.full((100, 100), 255, np.uint8)
PAGE = CleanPage(PageRef(Path("a.png"), 1), WHITE, 255 - WHITE, Transform(), 20.0)
MARK = Box(30, 30, 60, 60)


@pytest.mark.parametrize(
    ("page", "box", "doubts"),
    [
        (PAGE, Box(20, 40, 50, 60), set()),
        (replace(PAGE, lifted=(MARK,)), Box(20, 40, 50, 60), {Doubt.UNDER_PEN}),
        (replace(PAGE, seals=(MARK,)), Box(20, 40, 50, 60), {Doubt.UNDER_SEAL}),
        (replace(PAGE, seals=(MARK,)), Box(70, 40, 90, 60), set()),
    ],
)
def test_text_from_which_ink_was_lifted_is_never_quite_sure(page: CleanPage, box: Box, doubts: set[Doubt]) -> None:
    line = TextLine("10", box.quad(), 0.99)
    read = _below_marks(line, page)
    assert (read.doubts, read.confidence) == (doubts, 0.99)
