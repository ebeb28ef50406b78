"""Small copies, by averages worked out by hand."""

import numpy as np

from extract.clean.downscale import halved, halvings, shrunk


def test_four_pixels_become_their_mean_and_an_odd_last_column_is_left_out() -> None:
    image = np.array([[0, 100, 9], [200, 100, 9]], np.uint8)
    assert halved(image).tolist() == [[100]]


def test_an_image_is_halved_while_its_longest_side_stays_large_enough() -> None:
    small, times = halvings(np.zeros((400, 300), np.uint8), 100)
    assert (small.shape, times) == ((100, 75), 2)


def test_a_thin_strip_is_not_halved_away() -> None:
    small, times = halvings(np.zeros((3, 4000), np.uint8), 100)
    assert (small.shape, times) == ((3, 4000), 0)


def test_shrinking_keeps_the_mean() -> None:
    image = np.tile(np.array([[0, 255], [255, 0]], np.uint8), (60, 60))
    small = shrunk(image, (40, 40))
    assert small.shape == (40, 40)
    assert abs(float(small.mean()) - 127.5) <= 1
