import numpy as np
import pytest

from extract.grid.link_segments import common_slope, link
from extract.grid.ruling_line import Track
from extract.settings.defaults import GridSettings

SETTINGS = GridSettings()


def piece(start: int, length: int, at: float, slope: float = 0.0) -> Track:
    return Track(start, at + slope * np.arange(length), np.ones(length, dtype=np.bool_))


def test_collinear_pieces_become_one_rule_with_its_gap_known() -> None:
    (rule,) = link((piece(0, 50, 10.0), piece(70, 50, 10.5)), 0.0, 10.0, SETTINGS)
    assert (rule.start, rule.end) == (0, 120)
    assert rule.inked.sum() == 100
    assert 10.0 < rule.across[60] < 10.5


def test_parallel_pieces_stay_apart() -> None:
    assert len(link((piece(0, 50, 10.0), piece(60, 50, 18.0)), 0.0, 10.0, SETTINGS)) == 2


def test_slanted_pieces_are_linked_along_the_slope_of_the_page() -> None:
    segments = (piece(0, 100, 10.0, 0.008), piece(120, 100, 10.96, 0.008))
    slope = common_slope(segments, 10.0, SETTINGS)
    assert slope == pytest.approx(0.008)
    assert len(link(segments, slope, 10.0, SETTINGS)) == 1
