from __future__ import annotations

import cv2
import pytest

from extract.model import Char, Doubt
from extract.ocr.characters import unread_ink
from extract.ocr.characters.glyph_geometry import Shown
from tests.ocr.conftest import Mark, marks

SIZE = 25.0


def without(mark: Mark, index: int) -> tuple[Char, ...]:
    chars = mark.read_as(mark.text, 0.99)
    return chars[:index] + chars[index + 1 :]


@pytest.mark.parametrize("text", ["≥90%", "≤8万", "0.8‰", "16000"])
def test_ink_of_a_line_that_was_read_is_accounted_for(text: str) -> None:
    for mark in marks(text):
        assert unread_ink.find(mark.read_as(text), Shown.of(mark.crop, SIZE)) == ()


@pytest.mark.parametrize(("text", "index"), [("16000", 0), ("16000", 4), ("≥90%", 0), ("≤8万", 2)])
def test_a_lost_character_leaves_ink(text: str, index: int) -> None:
    for mark in marks(text):
        found = unread_ink.find(without(mark, index), Shown.of(mark.crop, SIZE))
        assert {piece.index for piece in found} == {index}


def test_a_lost_digit_is_a_grave_doubt_and_an_alternative() -> None:
    chars = (Char("6", 0.99, (), 0.4), Char("0", 0.99, (), 0.8))
    marked = unread_ink.doubt(chars, unread_ink.Skipped(0, 5, 0), (Char("1", 0.9),), 40)
    assert (marked[0].doubts, marked[0].confidence) == ({Doubt.LOST_INK}, 0.99)
    assert marked[0].alternatives[0][0] == "16"
    assert marked[1] == chars[1]


def test_a_pen_mark_behind_a_line_is_a_slight_doubt() -> None:
    chars = (Char("6", 0.99, (), 0.4),)
    marked = unread_ink.doubt(chars, unread_ink.Skipped(30, 40, 1), (Char("√", 0.9),), 40)
    assert (marked[0].doubts, marked[0].confidence) == ({Doubt.STRAY_INK}, 0.99)


def test_a_lost_comparator_is_put_in() -> None:
    chars = (Char("9", 0.99, (), 0.6),)
    marked = unread_ink.doubt(chars, unread_ink.Skipped(0, 10, 0), (Char("<", 0.9),), 40)
    assert [c.text for c in marked] == ["<", "9"]
    assert (marked[0].doubts, marked[0].confidence) == ({Doubt.LOST_INK}, 0.9)


def test_specks_do_not_count() -> None:
    mark = marks("16000")[0]
    crop = mark.crop.copy()
    cv2.circle(crop, (4, 20), 1, 0, -1)
    assert unread_ink.find(mark.read_as(mark.text), Shown.of(crop, SIZE)) == ()


def test_characters_without_a_place_say_nothing() -> None:
    assert unread_ink.find((Char("1", 0.9),), Shown.of(marks("16000")[0].crop, SIZE)) == ()
