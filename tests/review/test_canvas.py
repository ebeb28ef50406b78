"""Drawing on a scan in its own pixels."""

import numpy as np

from extract.geometry import Box
from extract.review.canvas import BLUE, GREEN, RED, Canvas


def test_an_outline_is_drawn_around_and_the_inside_is_tinted() -> None:
    canvas = Canvas(np.full((100, 100), 255, np.uint8), 12)
    canvas.outline(Box(20, 20, 80, 80).quad(), GREEN, fill=40)
    image = canvas.image()
    assert tuple(image[20, 50, ::-1]) == GREEN
    assert 200 < int(image[50, 50, 2]) < 255
    assert tuple(image[5, 5]) == (255, 255, 255)


def test_a_stroke_follows_its_points() -> None:
    canvas = Canvas(np.full((100, 100), 255, np.uint8), 12)
    canvas.stroke(np.array([[10.0, 50.0], [90.0, 50.0]]), BLUE)
    image = canvas.image()
    assert tuple(image[50, 40, ::-1]) == BLUE
    assert tuple(image[60, 40]) == (255, 255, 255)


def test_a_label_at_the_edge_is_pushed_back_onto_the_page() -> None:
    canvas = Canvas(np.full((60, 200), 255, np.uint8), 20)
    canvas.label(195, 0, "word", RED)
    image = canvas.image()
    assert (np.abs(image[:, :, ::-1].astype(int) - RED).sum(axis=2) < 150).sum() > 100
