"""Text that a spreadsheet would run."""

import pytest

from extract.downstream.export.harmless import harmless, is_dangerous


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r", "\n", "＝1", "－1"])
def test_a_formula_is_put_behind_an_apostrophe(text: str) -> None:
    assert is_dangerous(text)
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "甲", "1-2", "a=b", " =1"])
def test_other_text_stays(text: str) -> None:
    assert not is_dangerous(text)
    assert harmless(text) == text


def test_taking_the_first_apostrophe_off_undoes_it() -> None:
    assert harmless("'甲") == "''甲"
