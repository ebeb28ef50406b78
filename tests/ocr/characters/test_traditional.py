from __future__ import annotations

import pytest

from extract.ocr.characters.traditional import simplified


@pytest.mark.parametrize(("character", "plain"), [("項", "项"), ("門", "门"), ("裝", "装"), ("預", "预"), ("級", "级")])
def test_traditional_characters_stand_for_simplified_ones(character: str, plain: str) -> None:
    assert simplified(character) == plain


@pytest.mark.parametrize("character", ["项", "著", "乾", "于", "喆", "堃", "A", "，", "", "5", "%0"])
def test_characters_in_use_and_those_without_a_simplified_form_stay(character: str) -> None:
    assert simplified(character) == character
