from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest

from extract.geometry import Quad
from extract.model import Char, Image
from extract.ocr import trust
from extract.ocr.cascade import Cascade
from extract.ocr.direct import DirectEngine
from extract.ocr.engines import open_engine
from extract.settings import OcrSettings
from tests.ocr.conftest import crops


class _Says:
    """An engine that reads what it is told to, by the brightness of a crop, and counts what it was asked."""

    name = "says"

    def __init__(self, *lines: tuple[str, float]) -> None:
        self._lines = lines
        self.asked = 0

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        return ()

    def recognise(self, crops: Sequence[Image], thorough: bool = False) -> tuple[tuple[Char, ...], ...]:
        self.asked += len(crops)
        return tuple(
            tuple(Char(c, self._lines[i][1]) for c in self._lines[i][0]) for i in (int(x[0, 0]) for x in crops)
        )


def _letters(line: Sequence[Char]) -> str:
    """A line without the difference between wide and narrow punctuation."""
    return unicodedata.normalize("NFKC", "".join(char.text for char in line))


def read(quick: tuple[str, float], better: tuple[str, float]) -> tuple[str, float, int]:
    """Text and confidence of a line that two engines see so, and how often the better one was asked."""
    second = _Says(better)
    (chars,) = Cascade(_Says(quick), second, 0.98).recognise([np.zeros((2, 2), np.uint8)])
    return "".join(c.text for c in chars), trust.confidence(chars), second.asked


def test_words_that_the_quick_engine_is_sure_of_are_read_once() -> None:
    assert read(("及时", 0.99), ("及", 0.5)) == ("及时", 0.99, 0)


def test_what_is_in_doubt_is_read_by_the_better_engine() -> None:
    assert read(("及时", 0.9), ("反对", 0.95)) == ("反对", 0.95, 1)


def test_figures_are_read_by_both_and_sure_where_they_agree() -> None:
    assert read(("1200000", 0.99), ("1200000", 0.99)) == ("1200000", 0.99, 1)


@pytest.mark.parametrize("lost", ["120000", "12000000", "1300000"])
def test_figures_in_which_they_differ_are_in_doubt(lost: str) -> None:
    text, confidence, _ = read((lost, 0.999), ("1200000", 0.99))
    assert "1200000" in text
    assert confidence < 0.85


def test_only_the_lines_in_doubt_are_handed_on_and_all_keep_their_place() -> None:
    first, second = _Says(("甲", 0.99), ("乙", 0.5), ("丙", 0.99)), _Says(("一", 0.9), ("二", 0.9), ("三", 0.9))
    found = Cascade(first, second, 0.98).recognise([np.full((2, 2), k, np.uint8) for k in (2, 1, 0)])
    assert ["".join(c.text for c in line) for line in found] == ["丙", "二", "甲"]
    assert second.asked == 1


def test_a_thorough_reading_asks_the_better_engine_alone() -> None:
    first, second = _Says(("甲", 0.99)), _Says(("一", 0.9))
    ((char,),) = Cascade(first, second, 0.98).recognise([np.zeros((2, 2), np.uint8)], thorough=True)
    assert (char.text, first.asked) == ("一", 0)


def test_the_real_cascade_reads_as_the_better_network_alone(engine: DirectEngine) -> None:
    shown = list(crops().values())
    cascade = open_engine(OcrSettings())
    ours, theirs = cascade.recognise(shown), engine.recognise(shown)
    assert [_letters(line) for line in ours] == [_letters(line) for line in theirs]
    assert "tiny" in cascade.name
    assert "small" in cascade.name


def test_without_a_first_size_one_network_reads() -> None:
    assert isinstance(open_engine(OcrSettings(first_size="")), DirectEngine)
