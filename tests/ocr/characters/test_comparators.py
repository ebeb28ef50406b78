from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extract.model import Char, Doubt
from extract.ocr.characters import comparators
from extract.ocr.characters.glyph_geometry import Shown
from tests.ocr.conftest import Mark, marks

SIZE = 25.0


def settled(mark: Mark, text: str, confidence: float = 0.9) -> tuple[Char, ...]:
    return comparators.settle(mark.read_as(text, confidence), Shown.of(mark.crop, SIZE))


@pytest.mark.parametrize("mark", marks("≥90%") + marks("≤8万"), ids=lambda m: f"{m.text} {m.font}")
def test_a_bar_that_was_not_read_is_seen(mark: Mark) -> None:
    plain = {"≥": ">", "≤": "<"}[mark.text[0]]
    first = settled(mark, plain + mark.text[1:])[0]
    assert first.text == mark.text[0]
    assert first.doubts == {Doubt.STROKES_DIFFER}
    assert plain in [option for option, _ in first.alternatives]


@pytest.mark.parametrize("mark", marks(">90%") + marks("<8万"), ids=lambda m: f"{m.text} {m.font}")
def test_no_bar_is_seen_where_there_is_none(mark: Mark) -> None:
    first = settled(mark, mark.text, 0.99)[0]
    assert first.text == mark.text[0]
    assert not first.doubts


@pytest.mark.parametrize("mark", marks("≥90%") + marks("≤8万"), ids=lambda m: f"{m.text} {m.font}")
def test_a_bar_that_was_read_stays(mark: Mark) -> None:
    first = settled(mark, mark.text, 0.999)[0]
    assert first.text == mark.text[0]
    assert first.confidence > 0.97
    assert not first.doubts


def test_a_bar_that_was_read_and_is_not_there_is_doubted() -> None:
    first = settled(marks(">90%")[0], "≥90%", 0.999)[0]
    assert (first.text, first.confidence) == ("≥", 0.999)
    assert first.doubts == {Doubt.STROKES_UNCLEAR}
    assert ">" in [option for option, _ in first.alternatives]


def test_marks_like_a_comparator_are_one_before_a_digit_only() -> None:
    mark = marks("≤8万")[0]
    assert settled(mark, "く8万")[0].text == "≤"
    assert settled(mark, "《万8")[0].text == "《"


def test_the_typed_form_stays() -> None:
    mark = marks(">90%")[0]
    assert settled(mark, ">=90")[0] == mark.read_as(">=90")[0]


def test_without_ink_the_strokes_say_nothing() -> None:
    shown = Shown.of(np.full((30, 60), 255, np.uint8), SIZE)
    assert comparators.strokes(shown, (0, 30), True) is None
    assert comparators.bar_probability(None) == 0.5
    (char,) = comparators.settle((Char(">", 0.9, (), 0.5),), shown)
    assert (char.confidence, char.doubts) == (0.9, {Doubt.STROKES_UNCLEAR})


def test_characters_without_a_place_stay() -> None:
    chars = tuple(replace(c, x=None) for c in marks("≥90%")[0].read_as(">90%"))
    assert comparators.settle(chars, Shown.of(marks("≥90%")[0].crop, SIZE)) == chars
