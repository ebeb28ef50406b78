"""Specks: small ink that belongs to nothing."""

import numpy as np

from extract.clean.despeckle import speck_mask
from extract.model import Image

CHAR = 24.0


def blank() -> Image:
    return np.zeros((200, 300), np.uint8)


def test_a_lone_dot_is_a_speck() -> None:
    ink = blank()
    ink[100:105, 150:155] = 255
    assert np.array_equal(speck_mask(ink, CHAR), ink)


def test_a_point_in_a_number_is_none() -> None:
    ink = blank()
    ink[80:104, 100:112] = ink[80:104, 124:136] = 255
    ink[100:104, 116:120] = 255
    assert not speck_mask(ink, CHAR).any()


def test_a_row_of_dots_a_dash_and_a_broken_rule_stay() -> None:
    ink = blank()
    for k in range(6):
        ink[40:43, 40 + 9 * k : 43 + 9 * k] = 255
    ink[100:102, 200:208] = 255
    for y in range(60, 180, 9):
        ink[y : y + 5, 20:22] = 255
    assert not speck_mask(ink, CHAR).any()


def test_a_page_without_ink() -> None:
    assert not speck_mask(blank(), CHAR).any()
