from __future__ import annotations

import cv2
import numpy as np

from extract.ocr.engines import dbnet


def test_sides_become_multiples_of_32_and_the_scale_leads_back() -> None:
    small, (x, y) = dbnet.shrink(np.full((1000, 700), 255, np.uint8), 500)
    assert small.shape == (512, 352)
    assert (round(x * 352), round(y * 512)) == (700, 1000)


def test_images_are_never_enlarged_to_the_limit() -> None:
    assert dbnet.shrink(np.full((64, 64), 255, np.uint8), 960)[0].shape == (64, 64)


def test_input_is_normalised_by_channel_and_grey_stands_for_three() -> None:
    grey = np.array([[0, 255]], np.uint8)
    expected = [[-0.485 / 0.229, 0.515 / 0.229], [-0.456 / 0.224, 0.544 / 0.224], [-0.406 / 0.225, 0.594 / 0.225]]
    assert np.allclose(dbnet.prepare(grey)[0, :, 0], expected, atol=1e-5)
    assert np.array_equal(dbnet.prepare(grey), dbnet.prepare(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)))


def test_a_block_of_text_becomes_an_upright_quad_grown_by_the_unclip_ratio() -> None:
    probability = np.zeros((100, 200), np.float32)
    probability[40:50, 50:150] = 0.9
    (quad,) = dbnet.quads(probability)
    offset = 99 * 9 * dbnet.UNCLIP / (2 * (99 + 9))
    assert abs(quad.box.x0 - (50 - offset)) < 0.1
    assert abs(quad.box.y1 - (49 + offset)) < 0.1
    assert quad.points[0] == (quad.box.x0, quad.box.y0)


def test_tilted_lines_keep_their_tilt_clockwise_from_the_top_left() -> None:
    probability = np.zeros((200, 400), np.float32)
    cv2.line(probability, (50, 150), (350, 80), 0.9, 9)
    (quad,) = dbnet.quads(probability)
    (x0, y0), (x1, y1), (x2, y2), _ = quad.points
    assert x0 < min(x1, x2)
    assert y1 < min(y0, y2)


def test_faint_and_tiny_blobs_are_no_text() -> None:
    probability = np.zeros((100, 100), np.float32)
    probability[10:30, 10:90] = 0.3
    probability[60:62, 60:62] = 0.9
    assert dbnet.quads(probability) == []
