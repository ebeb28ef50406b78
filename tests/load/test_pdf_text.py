from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.geometry import Box
from extract.load.pdf_text import Glyph, Layer, Place, runs

PAGE = Place(np.eye(3), 1000.0, 1000.0)


def glyphs(words: str, x: float = 0.0, y: float = 0.0) -> list[Glyph]:
    return [Glyph(char, Box(x + 10 * i, y, x + 10 * (i + 1), y + 10), 0) for i, char in enumerate(words)]


def texts(*parts: Glyph | None) -> list[str]:
    return [line.text for line in runs(Layer(tuple(parts), PAGE), ())]


def test_white_space_inside_a_run_is_kept_and_around_it_dropped() -> None:
    assert texts(*glyphs(" 甲 乙 ")) == ["甲 乙"]


def test_a_glyph_printed_twice_for_bold_counts_once() -> None:
    assert texts(*glyphs("总"), *glyphs("总", 0.5), *glyphs("分", 10)) == ["总分"]
    assert texts(*glyphs("11")) == ["11"]


def test_lines_and_breaks_end_a_run() -> None:
    assert texts(*glyphs("甲"), *glyphs("乙", 10, 12)) == ["甲", "乙"]
    assert texts(*glyphs("甲"), None, *glyphs("乙", 10)) == ["甲", "乙"]


def test_insane_share_ignores_white_space() -> None:
    bad = Glyph("\ue000", Box(0, 0, 1, 1), 0, sane=False)
    assert Layer((*glyphs("甲  "), bad, None), PAGE).insane_share == 0.5
    assert Layer((), PAGE).insane_share == 0.0


@given(st.lists(st.tuples(st.sampled_from("甲1 "), st.integers(0, 90), st.integers(0, 5)), max_size=30))
def test_no_printing_glyph_is_lost(parts: list[tuple[str, int, int]]) -> None:
    every = [Glyph(char, Box(x * 11, y * 20, x * 11 + 9, y * 20 + 10), 0) for char, x, y in dict.fromkeys(parts)]
    got = "".join(texts(*every)).replace(" ", "")
    assert sorted(got) == sorted("".join(g.text for g in every).replace(" ", ""))
