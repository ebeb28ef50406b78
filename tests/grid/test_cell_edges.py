import numpy as np

from extract.grid.cell_edges import rule_strength, shares, single_walls, strongest_across, worn
from extract.grid.ruling_line import Track
from extract.settings.defaults import GridSettings

SETTINGS = GridSettings()
LINE = Track(0, np.zeros(100), np.ones(100, dtype=np.bool_))
CORNERS = np.array([0.0, 30.0, 60.0, 99.0])


def strength(*drawn: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    result = np.zeros(100)
    for begin, end in drawn:
        result[begin:end] = 1.0
    return result


def test_a_wall_broken_over_a_third_still_has_most_of_its_share() -> None:
    found = shares(LINE, strength((0, 10), (20, 30), (60, 100)), CORNERS, 10.0, SETTINGS)
    assert 0.55 < found[0] < 0.75
    assert found[1] == 0.0
    assert found[2] == 1.0


def test_a_stroke_of_a_character_is_no_wall() -> None:
    assert shares(LINE, strength((10, 20)), CORNERS, 10.0, SETTINGS)[0] == 0.0


def test_a_blank_that_ends_away_from_rules_is_wear() -> None:
    merged = worn(LINE, strength((0, 30), (60, 100)), CORNERS, 10.0, SETTINGS)
    broken = worn(LINE, strength((0, 22), (60, 100)), CORNERS, 10.0, SETTINGS)
    assert not merged[1]
    assert broken[1]


def test_what_is_hidden_is_not_blank() -> None:
    hidden = strength((0, 30), (60, 100))
    hidden[32:58] = np.nan
    assert worn(LINE, hidden, CORNERS, 10.0, SETTINGS)[1]


def test_lines_that_nearly_touch_share_one_wall() -> None:
    drawn = np.array([[1.0], [1.0], [0.9], [1.0]])
    gaps = np.array([[30.0, 30.0], [2.0, 2.0], [30.0, 30.0]])
    assert single_walls(drawn, gaps, 4.0)[:, 0].tolist() == [1.0, 1.0, 0.0, 1.0]


def test_ink_beside_a_line_counts_for_it_beyond_the_edge_too() -> None:
    near, dark = np.zeros((20, 100), dtype=np.uint8), np.zeros((20, 100), dtype=np.uint8)
    near[1, :50] = 255
    dark[1, 80:] = 255
    near, dark = (strongest_across(image, 10.0, SETTINGS) for image in (near, dark))
    at_edge = rule_strength(LINE, near, dark, 10.0, SETTINGS)
    assert at_edge[:50].tolist() == [1.0] * 50
    assert at_edge[50:80].tolist() == [0.0] * 30
    assert np.isnan(at_edge[80:]).all()
    outside = Track(0, np.full(100, -5.0), np.ones(100, dtype=np.bool_))
    assert not np.nan_to_num(rule_strength(outside, near, dark, 10.0, SETTINGS)).any()
