"""The turn of a page: right in all four ways, and never away from upright on thin evidence."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from extract.clean import clean
from extract.clean.orientation import Vote, turn_of
from extract.geometry import Box
from extract.model import Char, Image
from extract.ocr.engines import weights
from extract.ocr.engines.onnx_engine import DirectEngine
from extract.ocr_engine import Care
from extract.settings.defaults import CleanSettings
from tests.paths import ROOT

CROPS = ROOT / "tests" / "ocr" / "data"
LONG = (0, 17, 18, 19, 20, 21, 22, 23)
SHORT = (2, 3, 7, 11, 14, 16, 24, 25)


@pytest.fixture(scope="module")
def engine() -> DirectEngine:
    return DirectEngine(weights.find())


def page(which: tuple[int, ...]) -> Image:
    """A page in portrait with typeset crops below one another."""
    image = np.full((1754, 1240), 255, np.uint8)
    y = 140
    for k in which:
        crop = np.asarray(cv2.imread(str(CROPS / f"{k:02d}.png"), cv2.IMREAD_GRAYSCALE), np.uint8)[:, :1000]
        image[y : y + crop.shape[0], 130 : 130 + crop.shape[1]] = crop
        y += 70
    return image


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_of_text_is_turned_upright(engine: DirectEngine, page_of: Callable[..., Any], turn: int) -> None:
    lying = np.ascontiguousarray(np.rot90(page(LONG), -turn // 90))
    cleaned = clean(page_of(lying), engine)
    assert cleaned.turn_deg == turn
    assert cleaned.image.shape[0] > cleaned.image.shape[1]


@pytest.mark.parametrize("which", [SHORT, (24,), (11, 14), (), (0,), (3, 3, 3, 3, 3, 3), (7, 7, 7, 7, 7, 7)])
def test_an_upright_page_is_never_turned(
    engine: DirectEngine, page_of: Callable[..., Any], which: tuple[int, ...]
) -> None:
    assert clean(page_of(page(which)), engine).turn_deg == 0


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_stacks_of_characters_beside_little_text_turn_no_page(
    engine: DirectEngine, page_of: Callable[..., Any], turn: int
) -> None:
    image = page((17, 18))
    for place, (k, length) in enumerate(((0, 12), (21, 11), (23, 9))):
        crop = np.asarray(cv2.imread(str(CROPS / f"{k:02d}.png"), cv2.IMREAD_GRAYSCALE), np.uint8)
        for row, character in enumerate(np.array_split(crop, length, axis=1)):
            y, x = 400 + row * 28, 130 + 80 * place
            slot = image[y : y + crop.shape[0], x : x + character.shape[1]]
            np.minimum(slot, character, out=slot)
    lying = np.ascontiguousarray(np.rot90(image, -turn // 90))
    assert clean(page_of(lying), engine).turn_deg == turn


def test_without_an_engine_a_page_stays(page_of: Callable[..., Any]) -> None:
    assert clean(page_of(np.ascontiguousarray(page(LONG)[::-1, ::-1]))).turn_deg == 0


class _Counted:
    """A vote whose figures are given: what is tested is what is made of them."""

    def __init__(self, confidence: dict[int, float], weight: dict[int, float]) -> None:
        self._confidence, self._weight = confidence, weight

    def confidence(self, turn: int, count: int, least: int = 3) -> float:
        return self._confidence.get(turn, 0.0)

    def reads_well(self, turn: int, sure: float, least: int = 3) -> bool:
        return self.confidence(turn, 5, least) >= sure

    def weight(self, turn: int) -> float:
        return self._weight.get(turn, 0.0)


@pytest.mark.parametrize(
    ("confidence", "weight", "hint", "turn"),
    [
        ({}, {}, 0, 0),
        ({}, {}, 270, 270),
        ({0: 0.97}, {0: 100.0}, 90, 0),
        ({270: 0.8}, {270: 20.0, 0: 20.0}, 270, 270),
        ({0: 0.99, 90: 0.99}, {0: 20.0, 180: 20.0, 90: 40.0, 270: 40.0}, 0, 0),
        ({0: 0.99, 270: 0.99}, {0: 40.0, 180: 40.0, 90: 40.0, 270: 40.0}, 0, 270),
        ({0: 0.99, 270: 0.99}, {0: 40.0, 180: 40.0, 90: 5.0, 270: 5.0}, 0, 0),
        # Upside down, a few lines hard to read, and side labels that read well the wrong way round.
        ({0: 0.3, 180: 0.79, 270: 0.99}, {0: 2400.0, 180: 2400.0, 90: 140.0, 270: 140.0}, 0, 180),
        ({0: 0.79, 180: 0.3, 270: 0.99}, {0: 2400.0, 180: 2400.0, 90: 140.0, 270: 140.0}, 0, 0),
    ],
)
def test_stacks_and_the_page_before_decide_where_a_page_alone_cannot(
    confidence: dict[int, float], weight: dict[int, float], hint: int, turn: int
) -> None:
    assert turn_of(_Counted(confidence, weight), hint, CleanSettings()) == turn


class _Reader:
    """Reads each line with the next of given confidences, and counts the lines."""

    def __init__(self, confidences: tuple[float, ...]) -> None:
        self._left = list(confidences)
        self.count = 0

    def recognise(self, crops: list[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        self.count += len(crops)
        return tuple((Char("a", c), Char("b", c)) for c in (self._left.pop(0) for _ in crops))


@pytest.mark.parametrize(
    ("confidences", "well", "lines_read"),
    [
        ((0.9, 0.9, 0.9, 0.1, 0.1), True, 3),
        ((0.1, 0.1, 0.1, 0.9, 0.9), False, 3),
        ((0.9, 0.1, 0.9, 0.1, 0.9), True, 5),
        ((0.9, 0.1, 0.9, 0.1, 0.1), False, 5),
        ((0.9, 0.9, 0.9, 0.1), True, 3),
        ((0.9, 0.9), False, 0),
    ],
)
def test_no_more_lines_are_read_than_it_takes_to_tell(
    confidences: tuple[float, ...], well: bool, lines_read: int
) -> None:
    reader = _Reader(confidences)
    boxes = [Box(0, 20 * k, 100, 20 * k + 10) for k in range(len(confidences))]
    vote = Vote(reader, lambda box: np.zeros((10, 100), np.uint8), boxes, [])
    assert vote.reads_well(0, 0.85) == well
    assert reader.count == lines_read
