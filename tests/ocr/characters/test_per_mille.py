from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extract.model import Char, Doubt
from extract.ocr.characters import per_mille
from extract.ocr.characters.glyph_geometry import Shown
from tests.ocr.conftest import Mark, marks

SIZE = 25.0


def settled(mark: Mark, text: str) -> tuple[Char, ...]:
    return per_mille.settle(mark.read_as(text), Shown.of(mark.crop, SIZE))


@pytest.mark.parametrize("mark", marks("0.8‰"), ids=lambda m: m.font)
def test_a_third_ring_read_as_a_zero(mark: Mark) -> None:
    x = mark.places[3]
    chars = (*mark.read_as("0.8"), Char("%", 0.9, (), x - 0.06), Char("0", 0.9, (), x + 0.13))
    found = per_mille.settle(chars, Shown.of(mark.crop, SIZE))
    assert "".join(c.text for c in found) == "0.8‰"


@pytest.mark.parametrize("mark", marks("0.8‰"), ids=lambda m: m.font)
def test_a_full_stop_behind_the_sign_is_no_ring_of_it(mark: Mark) -> None:
    crop = np.pad(mark.crop, ((0, 0), (0, 40)), constant_values=255)
    bottom = int(np.flatnonzero((mark.crop < 128).any(axis=1))[-1])
    cv2.circle(crop, (mark.crop.shape[1] + 12, bottom - 4), 4, 0, 1)
    share = mark.crop.shape[1] / crop.shape[1]
    sign = tuple(replace(c, x=c.x * share) for c in mark.read_as("0.8%") if c.x is not None)
    stop = Char("。", 0.99, (), (mark.crop.shape[1] + 12) / crop.shape[1])
    found = per_mille.settle((*sign, stop), Shown.of(crop, SIZE))
    assert "".join(c.text for c in found) == "0.8%。"


@pytest.mark.parametrize("mark", marks("0.8‰"), ids=lambda m: m.font)
def test_a_third_ring_that_was_not_read_is_a_doubt(mark: Mark) -> None:
    last = settled(mark, "0.8%")[-1]
    assert last.text == "%"
    assert (last.confidence, last.doubts) == (0.9, {Doubt.PER_MILLE})
    assert last.alternatives[0][0] == "‰"


@pytest.mark.parametrize("mark", marks("≥90%"), ids=lambda m: m.font)
def test_percent_stays(mark: Mark) -> None:
    assert settled(mark, "≥90%") == mark.read_as("≥90%")
