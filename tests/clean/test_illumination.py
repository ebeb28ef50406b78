"""Even light: paper white, ink dark, wherever the toner was faint."""

import numpy as np

from extract.clean.illumination import flatten, is_binary


def test_faint_and_dark_print_come_out_alike() -> None:
    page = np.full((900, 640), 225, np.uint8)
    for y in range(60, 840, 30):
        page[y : y + 3, 40:280] = 145
        page[y : y + 3, 360:600] = 30
    even = flatten(page)
    assert int(even[60:840:30, 60:260].max()) < 110
    assert int(even[60:840:30, 380:580].max()) < 60
    assert int(even[45:840:30].min()) >= 250


def test_a_dark_border_does_not_hide_faint_print() -> None:
    page = np.full((900, 640), 225, np.uint8)
    page[:40] = 0
    for y in range(100, 840, 30):
        page[y : y + 3, 60:580] = 175
    assert int(flatten(page)[100:840:30, 100:540].max()) < 130


def test_noise_of_an_empty_page_is_not_raised() -> None:
    noise = np.random.default_rng(0).normal(220, 3, (900, 640))
    assert float((flatten(np.clip(noise, 0, 255).astype(np.uint8)) < 200).mean()) < 0.001


def test_light_that_falls_off_is_made_even_to_the_last_row_and_column() -> None:
    y, x = np.mgrid[0:1003, 0:709]
    page = (120 + 0.06 * y + 0.09 * x).astype(np.uint8)
    assert int(flatten(page).min()) >= 250


def test_two_values_pass_through() -> None:
    page = np.where(np.arange(400 * 300).reshape(400, 300) % 7 == 0, 0, 255).astype(np.uint8)
    assert is_binary(page)
    assert flatten(page) is page
