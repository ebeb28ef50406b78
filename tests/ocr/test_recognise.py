from __future__ import annotations

import numpy as np

from extract.model import Char, Image
from extract.ocr.lines import ink_projection, page_ink
from extract.ocr.lines.line_finding import Band
from extract.ocr.recognise import STEPS, Reader, recognise
from extract.ocr_engine import Care
from extract.settings.defaults import OcrSettings
from tests.ocr.conftest import clean_page, crops, paste, ruled


class Dictated:
    """An engine that reads what it is told, in the order it is asked."""

    name = "dictated"

    def __init__(self, *readings: tuple[Char, ...]) -> None:
        self.readings = list(readings)
        self.asked: list[Care] = []

    def detect(self, image: Image, max_side: int | None = None) -> tuple[()]:
        return ()

    def recognise(self, shown: list[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        self.asked += [care] * len(shown)
        return tuple(self.readings.pop(0) for _ in shown)


def spread(text: str, confidence: float) -> tuple[Char, ...]:
    return tuple(Char(c, confidence, (), (i + 0.5) / len(text)) for i, c in enumerate(text))


def reader_of(engine: Dictated, text: str) -> tuple[Reader, list[Band]]:
    image, grid = ruled(1, 1)
    paste(image, crops()[text], 70, 54)
    ink = page_ink.without_rules(clean_page(image))
    box = grid.cells[0].box
    assert box is not None
    return Reader(ink, engine, OcrSettings()), list(ink_projection.lines(box, ink) or ())


def test_every_step_of_a_sure_line_is_kept_and_the_line_is_read_once() -> None:
    engine = Dictated(spread("97.03%", 0.999))
    reader, found = reader_of(engine, "97.03%")
    after = recognise(found, reader)
    assert list(after) == [step.__name__ for step in STEPS]
    assert [one.chars for one in after["dashes"]] == [()]
    assert "".join(c.text for c in after["first_look"][0].chars) == "97.03%"
    assert len(engine.asked) == 1


def test_a_doubted_line_is_shown_again_and_the_looks_are_told_apart() -> None:
    engine = Dictated(spread("97.08%", 0.6), spread("97.03%", 0.99))
    reader, found = reader_of(engine, "97.03%")
    after = recognise(found, reader)
    assert "".join(c.text for c in after["first_look"][0].chars) == "97.08%"
    assert "".join(c.text for c in after["second_look"][0].chars) == "97.03%"
    assert [after[step][0].looked_twice for step in ("first_look", "second_look")] == [False, True]


def test_characters_are_placed_in_the_box_of_their_line_at_the_end() -> None:
    engine = Dictated(spread("97.03%", 0.999))
    reader, found = reader_of(engine, "97.03%")
    after = recognise(found, reader)
    shown, placed = (after[step][0].chars for step in ("ticks", "place"))
    picture = after["ticks"][0].picture
    assert picture is not None
    box = found[0].box
    margin = (picture.crop.shape[1] - box.width) / 2
    for before, char in zip(shown, placed, strict=True):
        assert before.x is not None
        assert char.x is not None
        at = before.x * picture.crop.shape[1] - margin
        assert abs(char.x * box.width - np.clip(at, 0, box.width)) <= 1.5


def test_a_lone_stroke_is_a_dash_without_asking_the_engine() -> None:
    engine = Dictated()
    image, grid = ruled(1, 1)
    image[69:71, 150:175] = 0
    ink = page_ink.without_rules(clean_page(image))
    box = grid.cells[0].box
    assert box is not None
    after = recognise(list(ink_projection.lines(box, ink) or ()), Reader(ink, engine, OcrSettings()))
    assert [c.text for c in after["inkless"][0].chars] == ["\N{EM DASH}"]
    assert engine.asked == []
