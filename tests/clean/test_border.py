"""Borders and punch holes are taken for what they are, bold glyphs are not."""

import cv2
import numpy as np

from extract.clean.binarise import Components
from extract.clean.border import border_mask
from extract.model import Image

CHAR = 18.0


def page() -> Image:
    return np.zeros((1600, 1100), np.uint8)


def test_a_hole_in_the_margin() -> None:
    ink = page()
    cv2.circle(ink, (60, 500), 20, 255, -1)
    assert border_mask(ink, CHAR, Components.of(ink))[500, 60]


def test_a_bold_square_glyph_and_a_disc_among_its_like_stay() -> None:
    ink = page()
    ink[60:100, 500:540] = 255
    for k in range(4):
        cv2.circle(ink, (300 + 50 * k, 80), 20, 255, -1)
    assert not border_mask(ink, CHAR, Components.of(ink)).any()


def test_a_disc_in_the_text_stays() -> None:
    ink = page()
    cv2.circle(ink, (550, 800), 20, 255, -1)
    assert not border_mask(ink, CHAR, Components.of(ink)).any()


def test_a_dark_edge_goes_but_not_the_text_that_touches_it() -> None:
    ink = page()
    ink[:, :30] = 255
    ink[700:703, 30:600] = 255
    gone = border_mask(ink, CHAR, Components.of(ink))
    assert gone[:, :28].all()
    assert not gone[700:703, 60:].any()
