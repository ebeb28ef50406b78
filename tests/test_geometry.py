import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.geometry import Box, Homography, Mesh, Quad, Transform, overlap_1d, rotation, union_length

PAGE = np.array([[0, 0], [800, 0], [800, 1100], [0, 1100], [400, 550], [123.5, 77.25]], dtype=np.float64)
angles = st.floats(-180, 180)
shares = st.floats(-0.1, 0.1)


def bent(lift: float, pull: float, step: float = 25.0) -> Mesh:
    """A page that bows up by `lift` and sideways by `pull` pixels in its middle."""
    y, x = np.mgrid[0:46, 0:34] * step
    return Mesh(step, pull * np.sin(math.pi * y / 1100), lift * np.sin(math.pi * x / 800))


def keystone(a: float, b: float) -> Homography:
    return Homography(np.array([[1, a, 5], [b, 1, -7], [a / 2000, b / 2000, 1.0]]))


def test_a_box_knows_its_sides() -> None:
    box = Box(10, 20, 40, 60)
    assert (box.width, box.height, box.area, box.cx, box.cy) == (30, 40, 1200, 25, 40)
    assert box.contains(10, 20)
    assert not box.contains(40, 30)


def test_an_inverted_box_is_refused() -> None:
    with pytest.raises(ValueError, match="inverted"):
        Box(10, 0, 5, 5)


def test_a_box_shrinks_to_its_centre_at_most() -> None:
    assert Box(0, 0, 10, 4).expand(-3) == Box(3, 2, 7, 2)
    assert Box(0, 0, 10, 4).expand(1, 2) == Box(-1, -2, 11, 6)


def test_overlap_of_boxes_and_intervals() -> None:
    assert Box(0, 0, 10, 10).overlap(Box(5, 6, 20, 20)) == 20
    assert Box(0, 0, 10, 10).overlap(Box(10, 0, 20, 10)) == 0
    assert overlap_1d(0, 5, 7, 9) == 0


def test_the_box_around_boxes() -> None:
    assert Box.around([Box(0, 5, 1, 6), Box(3, 2, 4, 3)]) == Box(0, 2, 4, 6)
    with pytest.raises(ValueError, match="no boxes"):
        Box.around([])


def test_a_quad_has_four_points() -> None:
    assert Box(1, 2, 3, 4).quad().box == Box(1, 2, 3, 4)
    with pytest.raises(ValueError, match="4 points"):
        Quad.of([[0, 0], [1, 1]])


def test_rotation_is_counter_clockwise_as_seen() -> None:
    right_of_centre = Homography(rotation(90, (100, 100))).apply(np.array([[150.0, 100.0]]))
    assert right_of_centre[0] == pytest.approx([100, 50])


@given(angles, shares, shares, st.floats(-40, 40), st.floats(-40, 40))
def test_a_chain_and_its_inverse_undo_each_other(deg: float, a: float, b: float, lift: float, pull: float) -> None:
    chain = (
        Transform.of_matrix(rotation(deg, (400, 550)))
        .then(Transform((keystone(a, b),)))
        .then(Transform.of_matrix(rotation(-deg, (400, 550))))
        .then(Transform((bent(lift, pull),)))
    )
    assert np.abs(chain.inverse().apply(chain.apply(PAGE)) - PAGE).max() < 0.01


@given(angles, angles)
def test_neighbouring_matrices_are_multiplied_out(first: float, second: float) -> None:
    one, two = (Transform.of_matrix(rotation(deg, (3, 4))) for deg in (first, second))
    both = one.then(two)
    assert len(both.steps) == 1
    assert both.apply(PAGE) == pytest.approx(two.apply(one.apply(PAGE)), abs=1e-6)


def test_a_mesh_is_bilinear_and_holds_its_edge() -> None:
    mesh = Mesh(10, np.array([[0.0, 4.0], [0.0, 4.0]]), np.zeros((2, 2)))
    moved = mesh.apply(np.array([[5.0, 5.0], [10.0, 0.0], [99.0, 0.0]]))
    assert moved[:, 0] == pytest.approx([7, 14, 103], abs=1e-4)


def test_a_transform_of_nothing_leaves_points_where_they_are() -> None:
    assert Transform().apply([1, 2]) == pytest.approx(np.array([[1, 2]]))
    assert Transform().quad(Box(0, 0, 2, 1)) == Box(0, 0, 2, 1).quad()


def test_an_affine_matrix_may_have_two_rows() -> None:
    assert Transform.of_matrix([[2, 0, 1], [0, 3, 0]]).apply([[1, 1]]) == pytest.approx(np.array([[3, 3]]))


def test_a_singular_matrix_has_no_inverse() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        Homography(np.zeros((3, 3))).inverse()


def test_length_of_intervals_that_overlap() -> None:
    assert union_length([(0, 5), (3, 8), (10, 11), (4, 6)]) == 9
    assert union_length([]) == 0
