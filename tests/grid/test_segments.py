import numpy as np

from extract.grid.segments import find_segments
from extract.settings.defaults import GridSettings

SETTINGS = GridSettings()


def test_a_segment_follows_a_slanted_rule() -> None:
    response = np.zeros((40, 200), dtype=np.uint8)
    for x in range(20, 180):
        response[10 + (x - 20) // 40, x] = 255
    (segment,) = find_segments(response, 10.0, SETTINGS)
    assert (segment.start, segment.end) == (20, 180)
    assert segment.across[0] == 10
    assert segment.across[-1] == 13


def test_short_pieces_are_left_out_and_faint_ones_must_be_long() -> None:
    response = np.zeros((40, 200), dtype=np.uint8)
    response[5, 10:20] = 255
    response[15, 10:30] = 80
    response[25, 10:60] = 80
    found = find_segments(response, 10.0, SETTINGS)
    assert [round(float(s.across[0])) for s in found] == [25]


def test_rules_of_neighbouring_rows_are_one_and_a_blank_row_parts_them() -> None:
    response = np.zeros((40, 200), dtype=np.uint8)
    response[5:7, 10:80] = 255
    response[8, 10:80] = 255
    found = find_segments(response, 10.0, SETTINGS)
    assert [float(s.across[0]) for s in found] == [5.5, 8.0]


def test_an_empty_page_has_no_segments() -> None:
    assert find_segments(np.zeros((40, 200), dtype=np.uint8), 10.0, SETTINGS) == ()
