"""A page through a transform: resampled once, and where the source has nothing."""

import numpy as np

from extract.clean.warp import View, outside, seen
from extract.geometry import Mesh, Transform
from extract.model import Image

SHAPE = (60, 80)


def gradient() -> Image:
    """Grey rises by two for each pixel to the right."""
    return np.tile(np.arange(80, dtype=np.uint8) * 2, (60, 1))


def shift(x: float, y: float) -> Transform:
    return Transform.of_matrix([[1, 0, x], [0, 1, y]])


def test_nothing_done_is_the_source_itself() -> None:
    image = gradient()
    assert seen(image, View(Transform(), SHAPE)) is image
    assert not outside(SHAPE, View(Transform(), SHAPE)).any()


def test_a_shift_moves_pixels_and_leaves_paper_behind() -> None:
    moved = seen(gradient(), View(shift(10, 0), SHAPE))
    assert moved[30, 10] == 0
    assert moved[30, 50] == 80
    assert (moved[:, :9] == 255).all()
    gone = outside(SHAPE, View(shift(10, 0), SHAPE))
    assert (gone[:, :9] == 255).all()
    assert not gone[:, 11:].any()


def test_two_steps_are_resampled_as_one() -> None:
    twice = View(shift(7, 0), SHAPE).then(shift(-7, 0), SHAPE)
    assert np.array_equal(seen(gradient(), twice), gradient())


def test_a_view_at_half_the_size() -> None:
    half = View(Transform(), SHAPE).scaled(0.5)
    assert half.shape == (30, 40)
    assert abs(int(seen(gradient(), half)[15, 20]) - 80) <= 2


def test_a_mesh_of_one_shift_is_that_shift() -> None:
    nodes = np.full((5, 6), 10.0)
    view = View(Transform((Mesh(16.0, nodes, np.zeros_like(nodes)),)), SHAPE)
    moved = seen(gradient(), view)
    assert np.abs(moved[20:40, 20:70].astype(int) - gradient()[20:40, 10:60]).max() <= 1
    assert (outside(SHAPE, view)[30, :8] == 255).all()
