"""Straight pieces of rules on a drawn page."""

import cv2
import numpy as np
import pytest

from extract.clean.binarise import Components, quick
from extract.clean.segments import Segments, find_segments
from extract.geometry import Transform
from extract.model import Image


def found(image: Image) -> Segments:
    return find_segments(image, Components.of(quick(image)))


def page() -> Image:
    """A rule across of 600 px, one down of 400 px, and short strokes as characters have them."""
    image = np.full((900, 800), 255, np.uint8)
    cv2.line(image, (100, 200), (700, 200), 0, 3)
    cv2.line(image, (400, 300), (400, 700), 0, 3)
    for x in range(100, 700, 30):
        cv2.line(image, (x, 800), (x + 15, 800), 0, 2)
    return image


def test_rules_are_found_and_strokes_are_not() -> None:
    across, down = found(page()).split()
    # Each rule has two edges, and the detector sees both.
    assert {round(float(y) / 10) for y in across.start[:, 1]} == {20}
    assert {round(float(x) / 10) for x in down.start[:, 0]} == {40}
    assert across.length.max() == pytest.approx(600, abs=6)
    assert down.length.max() == pytest.approx(400, abs=6)


def test_a_slanting_line_is_neither_across_nor_down() -> None:
    image = np.full((800, 800), 255, np.uint8)
    cv2.line(image, (100, 100), (600, 600), 0, 3)
    segments = found(image)
    assert len(segments.start)
    assert [len(part.start) for part in segments.split()] == [0, 0]


@pytest.mark.parametrize("shape", [(10, 400), (400, 300)])
def test_a_page_without_rules_has_none(shape: tuple[int, int]) -> None:
    assert len(found(np.full(shape, 255, np.uint8)).start) == 0


def test_segments_move_with_the_page() -> None:
    one = Segments(np.array([[1.0, 2.0]]), np.array([[4.0, 6.0]]))
    moved = one.through(Transform.of_matrix(np.diag([2.0, 2.0, 1.0])))
    assert moved.start.tolist() == [[2, 4]]
    assert moved.length.tolist() == [10]
