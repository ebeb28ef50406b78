from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.ocr.engines import detection_tiles
from extract.ocr.engines.detection_tiles import STRIDE


def test_a_page_without_ink_is_not_looked_at() -> None:
    assert detection_tiles.cut(np.full((640, 480), 255, np.uint8)) == ()


def test_margins_without_ink_are_left_out() -> None:
    page = np.full((640, 960), 255, np.uint8)
    page[300:320, 400:500] = 0
    (strip,) = detection_tiles.cut(page)
    assert strip.rows == (256, 352)
    assert strip.columns == (384, 544)


def test_a_cut_goes_where_there_is_least_ink() -> None:
    page = np.full((1280, 1280), 255, np.uint8)
    page[40:1240, 40:1240:5] = 0
    page[330:334] = 255
    assert 330 <= detection_tiles.cut(page)[0].own[1] < 334


def test_bodies_of_ink_that_stand_well_apart_have_strips_of_their_own() -> None:
    page = np.full((960, 960), 255, np.uint8)
    page[100:110, 400:500] = page[700:710, 40:60] = 0
    assert [(strip.rows, strip.columns) for strip in detection_tiles.cut(page)] == [
        ((64, 128), (384, 544)),
        ((672, 736), (0, 96)),
    ]


def test_specks_are_not_looked_at() -> None:
    page = np.full((640, 480), 255, np.uint8)
    page[100:103, 100:103] = 0
    assert detection_tiles.cut(page) == ()


@given(st.integers(1, 60), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_every_inked_row_is_owned_once_and_seen_with_its_surroundings(rows: int, columns: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    blocks = chance.random((rows * STRIDE // 4, columns * STRIDE // 4)) < 0.02
    page = np.where(np.kron(blocks, np.ones((4, 4))), 0, 255).astype(np.uint8)
    found = detection_tiles.cut(page)
    for y, x in zip(*np.nonzero(page == 0), strict=True):
        (own,) = [strip for strip in found if strip.owns(float(y))]
        assert own.rows[0] <= y < own.rows[1]
        assert own.columns[0] <= x < own.columns[1]
    assert all(edge % STRIDE == 0 for strip in found for edge in (*strip.rows, *strip.columns))
