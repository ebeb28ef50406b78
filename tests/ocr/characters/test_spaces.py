from __future__ import annotations

import pytest

from extract.model import Char
from extract.ocr.characters import spaces
from extract.ocr.characters.glyph_geometry import Shown
from tests.ocr.conftest import marks


@pytest.mark.parametrize(("text", "kept"), [("≥ 9", "≥9"), ("1 6", "1 6"), (" 16", "16")])
def test_spaces_stand_between_letters_and_digits_only(text: str, kept: str) -> None:
    shown = Shown.of(marks("16000")[0].crop, 25.0)
    chars = tuple(Char(c, 0.9, (), 0.1 + 0.05 * i) for i, c in enumerate(text))
    assert "".join(c.text for c in spaces.kept(chars, shown)) == kept


def test_a_wide_gap_is_a_space() -> None:
    mark = marks("≤8万")[0]
    crop = mark.crop.copy()
    crop[:, :] = 255
    chars = (Char("预", 0.9, (), 0.1), Char(" ", 0.9, (), 0.5), Char("算", 0.9, (), 0.9))
    assert spaces.kept(chars, Shown.of(crop, 25.0)) == chars
