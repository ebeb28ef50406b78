"""A bend is found in segments alone, and only where the page holds evidence of one."""

import numpy as np

from extract.clean.dewarp import find_bend
from extract.clean.segments import Segments

SHAPE = (2000, 1400)


def rules(sag: float) -> Segments:
    """Pieces of rules across a page, each rule sagging by so many pixels in its middle."""
    x = np.linspace(100, 1300, 13)
    starts, ends = [], []
    for y in range(100, 1900, 100):
        at = y + sag * (1 - ((x - 700) / 600) ** 2)
        points = np.column_stack((x, at))
        starts.append(points[:-1])
        ends.append(points[1:])
    return Segments(np.vstack(starts), np.vstack(ends))


def test_straight_rules_are_left_alone() -> None:
    assert find_bend(rules(0.0), SHAPE, 2.0) is None


def test_a_sag_is_taken_out() -> None:
    bent = rules(20.0)
    mesh = find_bend(bent, SHAPE, 2.0)
    assert mesh is not None
    straight = mesh.apply(bent.start)[:, 1].reshape(18, 12)
    assert float(np.ptp(straight, axis=1).max()) < 2.0


def test_few_segments_are_no_evidence() -> None:
    bent = rules(20.0)
    assert find_bend(Segments(bent.start[:5], bent.end[:5]), SHAPE, 2.0) is None


def test_aslant_noise_is_no_bend() -> None:
    rng = np.random.default_rng(3)
    start = rng.uniform(100, 1300, (60, 2))
    noise = Segments(start, start + np.column_stack((rng.uniform(80, 120, 60), rng.normal(0, 8, 60))))
    assert find_bend(noise, SHAPE, 2.0) is None
