"""Components of ink, and masks of some of them; small copies."""

import numpy as np
import pytest

from extract.clean import calibration
from extract.clean.binarise import Components
from extract.clean.downscale import halved, halvings, shrunk


@pytest.mark.parametrize("cost", [0, 10**9])
def test_a_mask_is_the_same_painted_and_looked_up(cost: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "BOX_COST_PX", cost)
    page = np.zeros((40, 60), np.uint8)
    page[2:30, 2:4] = page[28:30, 2:40] = 255
    page[5:9, 10:20] = page[35, 50] = 255
    parts = Components.of(page)
    kept = parts.stats[:, 4] < 50
    kept[0] = False
    assert np.array_equal(parts.mask(kept) > 0, (page > 0) & kept[parts.labels])
    assert not parts.mask(np.zeros_like(kept)).any()


def test_small_copies() -> None:
    image = np.zeros((9, 7), np.uint8)
    image[:4, :2] = 100
    assert halved(image)[:, 0].tolist() == [100, 100, 0, 0]
    assert halved(image).shape == (4, 3)
    assert halved(image[:1, :1]).shape == (1, 1)
    assert [halvings(np.zeros((100, 40), np.uint8), least)[1] for least in (101, 51, 50, 20)] == [0, 0, 1, 2]
    assert shrunk(np.full((901, 333), 7, np.uint8), (25, 70)).tolist() == np.full((70, 25), 7).tolist()
