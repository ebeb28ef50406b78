from __future__ import annotations

import pytest

from extract.model import Char
from extract.ocr.characters import pen_marks


@pytest.mark.parametrize(
    ("read", "kept"), [("6次√", "6次"), ("√", "√"), ("√6", "√6"), ("是√否□", "是√否□"), ("□是√", "□是√"), ("6 ✓ ", "6")]
)
def test_ticks_behind_a_text_go(read: str, kept: str) -> None:
    assert "".join(c.text for c in pen_marks.without(tuple(Char(c, 0.9) for c in read))) == kept
