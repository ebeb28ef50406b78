import numpy as np

from extract.grid.open_borders import open_borders
from extract.grid.ruling_line import Track
from extract.settings.defaults import GridSettings

SETTINGS = GridSettings()


def rule(start: int, end: int, at: float) -> Track:
    return Track(start, np.full(end - start, at), np.ones(end - start, dtype=np.bool_))


def test_rules_that_run_on_and_end_alike_get_a_border() -> None:
    columns = (rule(0, 200, 0.0), rule(0, 201, 50.0), rule(0, 199, 100.0))
    rows = (rule(0, 101, 0.0), rule(0, 101, 120.0))
    (border,) = open_borders(columns, rows, 0.0, 10.0, SETTINGS)
    assert abs(float(border.across[0]) - 199) <= 1
    assert (border.start, border.end) == (0, 101)


def test_a_closed_side_and_a_single_stray_end_get_none() -> None:
    columns = (rule(0, 121, 0.0), rule(0, 160, 50.0), rule(0, 121, 100.0))
    rows = (rule(0, 101, 0.0), rule(0, 101, 120.0))
    assert open_borders(columns, rows, 0.0, 10.0, SETTINGS) == ()
