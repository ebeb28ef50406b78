from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest

from extract.geometry import Quad
from extract.model import Char, Image
from extract.ocr.characters import line_confidence
from extract.ocr.engines import weights
from extract.ocr.engines.factory import open_engine
from extract.ocr.engines.onnx_engine import DirectEngine
from extract.ocr.engines.two_pass import Cascade
from extract.ocr_engine import Care
from extract.settings.defaults import OcrSettings
from tests.ocr.conftest import crops

_LINE = np.zeros((40, 40), np.uint8)


class _Says:
    """An engine that reads what it is told to, by the brightness of a crop, and counts what it was asked.

    A crop that is shown narrower counts as the next brighter one.
    """

    name = "says"

    def __init__(self, *lines: tuple[str, float]) -> None:
        self._lines = lines
        self.asked = 0

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        return ()

    def recognise(self, crops: Sequence[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        self.asked += len(crops)
        return tuple(
            tuple(Char(c, self._lines[i][1]) for c in self._lines[i][0])
            for i in (int(x[0, 0]) + (x.shape[1] < 40) for x in crops)
        )


def _letters(line: Sequence[Char]) -> str:
    """A line without the difference between wide and narrow punctuation."""
    return unicodedata.normalize("NFKC", "".join(char.text for char in line))


def read(
    quick: tuple[str, float], better: tuple[str, float], again: tuple[str, float] = ("", 0)
) -> tuple[str, float, int]:
    """Text and confidence of a line that two engines see so, and how often the better one was asked; `again` is what
    the quick one reads when the line is shown otherwise.
    """
    second = _Says(better)
    (chars,) = Cascade(_Says(quick, again), second).recognise([_LINE])
    return "".join(c.text for c in chars), line_confidence.confidence(chars), second.asked


@pytest.mark.parametrize(("text", "confidence"), [("及时", 0.985), ("95.5%", 0.999), ("1,802.46", 0.999)])
def test_what_the_quick_engine_is_sure_of_is_read_once(text: str, confidence: float) -> None:
    assert read((text, confidence), ("反", 0.5)) == (text, confidence, 0)


def test_what_is_in_doubt_is_read_by_the_better_engine() -> None:
    assert read(("及时", 0.8), ("反对", 0.95), ("及时", 1)) == ("反对", 0.95, 1)


@pytest.mark.parametrize("text", ["及时", "95.5%"])
def test_what_the_quick_engine_reads_alike_twice_is_not_read_by_the_better_one(text: str) -> None:
    found, confidence, asked = read((text, 0.92), ("反对", 0.95), (text, 0.98))
    assert (found, asked) == (text, 0)
    assert confidence == pytest.approx(0.95)


def test_a_coloured_crop_is_shown_otherwise_like_a_grey_one() -> None:
    shown: list[tuple[int, ...]] = []

    class Watched(_Says):
        def recognise(self, crops: Sequence[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
            shown.extend(crop.shape for crop in crops)
            return tuple((Char("\u7532", 0.92),) for _ in crops)

    Cascade(Watched(), DirectEngine(weights.find())).recognise([np.zeros((40, 40, 3), np.uint8)])
    assert shown == [(40, 40, 3), (40, 36, 3)]


@pytest.mark.parametrize("again", [("反时", 0.99), ("及时", 0.97), ("及时时", 0.99)])
def test_what_it_reads_otherwise_or_in_doubt_is_read_by_the_better_engine(again: tuple[str, float]) -> None:
    assert read(("及时", 0.92), ("反对", 0.95), again) == ("反对", 0.95, 1)


def test_a_figure_that_may_have_lost_a_digit_is_read_by_both_and_sure_where_they_agree() -> None:
    assert read(("1200000", 0.999), ("1200000", 0.999), ("1200000", 1)) == ("1200000", 0.999, 1)


@pytest.mark.parametrize("lost", ["120000", "12000000", "1300000"])
def test_such_figures_in_which_they_differ_are_in_doubt(lost: str) -> None:
    text, confidence, _ = read((lost, 0.999), ("1200000", 0.99))
    assert "1200000" in text
    assert confidence < 0.85


def test_only_the_lines_in_doubt_are_handed_on_and_all_keep_their_place() -> None:
    first, second = _Says(("甲", 0.99), ("乙", 0.5), ("丙", 0.99)), _Says(("一", 0.9), ("二", 0.9), ("三", 0.9))
    found = Cascade(first, second).recognise([np.full((40, 40), k, np.uint8) for k in (2, 1, 0)])
    assert ["".join(c.text for c in line) for line in found] == ["丙", "二", "甲"]
    assert second.asked == 1


@pytest.mark.parametrize(("care", "text", "asked"), [(Care.GLANCE, "甲", (1, 0)), (Care.THOROUGH, "一", (0, 1))])
def test_a_glance_asks_the_quick_engine_alone_and_care_the_better_one(
    care: Care, text: str, asked: tuple[int, int]
) -> None:
    first, second = _Says(("甲", 0.5)), _Says(("一", 0.9))
    ((char,),) = Cascade(first, second).recognise([_LINE], care)
    assert (char.text, (first.asked, second.asked)) == (text, asked)


def test_the_real_cascade_reads_as_the_better_network_alone(engine: DirectEngine) -> None:
    shown = list(crops().values())
    cascade = open_engine(OcrSettings())
    ours, theirs = cascade.recognise(shown), engine.recognise(shown)
    assert [_letters(line) for line in ours] == [_letters(line) for line in theirs]
    assert "tiny" in cascade.name
    assert "small" in cascade.name


def test_without_a_first_size_one_network_reads() -> None:
    assert isinstance(open_engine(OcrSettings(first_size="")), DirectEngine)
