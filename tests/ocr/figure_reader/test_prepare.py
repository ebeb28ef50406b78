from __future__ import annotations

import numpy as np
import pytest

from extract.ocr.figure_reader.prepare import HEIGHT_PX, inked, resized


@pytest.mark.parametrize(("shape", "width"), [((64, 200), 100), ((16, 50), 100), ((32, 1), 8), ((10, 2000), 1600)])
def test_a_crop_comes_to_the_networks_height(shape: tuple[int, int], width: int) -> None:
    assert resized(np.full(shape, 200, np.uint8)).shape == (HEIGHT_PX, width)


def test_paper_is_nothing_and_the_darkest_ink_is_one() -> None:
    image = np.full((HEIGHT_PX, 40), 220, np.uint8)
    image[10:20, 5:10] = 20
    ink = inked(image)
    assert ink[0, 0] == 0
    assert ink[15, 7] == 1


def test_weak_toner_on_grey_paper_reads_like_black_on_white() -> None:
    dark = np.full((HEIGHT_PX, 40), 255, np.uint8)
    dark[10:20, 5:10] = 0
    dark[12:14, 20:30] = 51
    weak = np.full((HEIGHT_PX, 40), 200, np.uint8)
    weak[10:20, 5:10] = 100
    weak[12:14, 20:30] = 120
    assert np.allclose(inked(dark), inked(weak))


def test_the_grain_of_blank_paper_is_not_raised_to_ink() -> None:
    grain = np.random.default_rng(1).normal(240, 3, (HEIGHT_PX, 200)).clip(0, 255).astype(np.uint8)
    assert inked(grain).max() < 0.35
