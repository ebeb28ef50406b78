import numpy as np

from extract.grid.intersections import find_joints, group
from extract.grid.ruling_line import Track
from extract.settings.defaults import GridSettings

SETTINGS = GridSettings()


def rule(start: int, end: int, at: float) -> Track:
    return Track(start, np.full(end - start, at), np.ones(end - start, dtype=np.bool_))


def test_corners_tees_and_crosses_meet_and_a_rule_apart_does_not() -> None:
    across = (rule(0, 100, 0.0), rule(0, 100, 50.0), rule(0, 100, 99.0))
    down = (rule(0, 100, 0.0), rule(0, 51, 40.0), rule(20, 40, 70.0))
    joints = find_joints(across, down, (0.0, 0.0), 10.0, SETTINGS)
    assert joints.meet.tolist() == [[True, True, False], [True, True, False], [True, False, False]]


def test_two_tables_are_two_groups_and_underlines_none() -> None:
    across = (rule(0, 50, 0.0), rule(0, 50, 30.0), rule(100, 150, 0.0), rule(100, 150, 30.0), rule(0, 150, 80.0))
    down = (rule(0, 31, 0.0), rule(0, 31, 49.0), rule(0, 31, 100.0), rule(0, 31, 149.0))
    joints = find_joints(across, down, (0.0, 0.0), 10.0, SETTINGS)
    assert sorted(group(joints)) == [((0, 1), (0, 1)), ((2, 3), (2, 3))]
