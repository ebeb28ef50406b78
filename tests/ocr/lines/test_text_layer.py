from __future__ import annotations

from extract.geometry import Box
from extract.model import Origin, TextLine
from extract.ocr.lines import text_layer

CELLS = [Box(0, 0, 100, 40), Box(100, 0, 200, 40)]


def word(text: str, x0: float, x1: float, y: float = 10) -> TextLine:
    return TextLine(text, Box(x0, y, x1, y + 20).quad(), None, Origin.TEXT_LAYER)


def test_a_word_over_two_cells_is_cut() -> None:
    left, right = text_layer.lines([word("abcd", 80, 120)], CELLS, 20)
    assert (left.text, right.text) == ("ab", "cd")
    assert left.quad is not None
    assert left.quad.box.x1 <= 100.5


def test_words_of_a_line_are_joined_with_a_space_where_one_is() -> None:
    (line,) = text_layer.lines([word("ab", 10, 30), word("cd", 40, 60), word("ef", 61, 80)], CELLS, 20)
    assert line.text == "ab cdef"
    assert len(line.chars) == len(line.text)


def test_lines_one_above_the_other_stay_apart() -> None:
    assert len(text_layer.lines([word("ab", 10, 30, 0), word("cd", 10, 30, 20)], CELLS, 20)) == 2


def test_the_origin_is_kept() -> None:
    (line,) = text_layer.lines([word("ab", 300, 330)], CELLS, 20)
    assert line.origin is Origin.TEXT_LAYER
