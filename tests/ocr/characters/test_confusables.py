from __future__ import annotations

import numpy as np
import pytest

from extract.model import Char, Doubt
from extract.ocr.characters import confusables
from extract.ocr.characters.glyph_geometry import Shown


def settled(text: str) -> str:
    return "".join(c.text for c in confusables.settle([Char(c, 0.9) for c in text]))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1O0", "100"),
        ("O", "0"),
        ("I5万元", "15万元"),
        ("二100%", "=100%"),
        ("二级指标", "二级指标"),
        ("OA平台", "OA平台"),
    ],
)
def test_company_tells(read: str, meant: str) -> None:
    assert settled(read) == meant


def test_a_zero_is_not_in_doubt_for_the_letter() -> None:
    (char,) = confusables.settle([Char("0", 0.6, (("O", 0.35), ("6", 0.05)))])
    assert char.confidence == pytest.approx(0.95)
    assert char.alternatives == (("6", 0.05),)


def test_what_was_read_as_another_stays_in_doubt() -> None:
    (one, _) = confusables.settle([Char("I", 0.99), Char("5", 0.99)])
    assert (one.doubts, one.confidence) == ({Doubt.LOOKALIKE}, 0.99)


def test_a_small_ring_alone_is_a_stop() -> None:
    image = np.full((30, 30), 255, np.uint8)
    image[18:27, 3:12] = 0
    image[21:24, 6:9] = 255
    (char,) = confusables.stop((Char("0", 0.9),), Shown.of(image, 25.0))
    assert (char.text, char.doubts, char.confidence) == ("。", {Doubt.STROKES_DIFFER}, 0.9)
    (char,) = confusables.stop((Char("0", 0.9),), Shown.of(image, 12.0))
    assert char.text == "0"
