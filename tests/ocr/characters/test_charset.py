from __future__ import annotations

import pytest

from extract.ocr.characters.charset import Alphabet


@pytest.mark.parametrize("alike", ["，,", "（(", "％%", "０0", "Ａa"[0] + "A", "\u3000 ", "—-", "·•", "≧≥"])
def test_forms_of_one_character_share_a_leader(alike: str) -> None:
    leaders = Alphabet.of(("", *alike)).leaders
    assert leaders[1] == leaders[2]


@pytest.mark.parametrize("apart", ["①1", "²2", "。.", "。，", "一—", "><", "≥>", "‰%", "oO"])
def test_what_differs_to_a_form_stays_apart(apart: str) -> None:
    leaders = Alphabet.of(("", *apart)).leaders
    assert leaders[1] != leaders[2]
