from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from extract.errors import InputError
from extract.load.pixels import scale_floats, scale_integers, square, to_pixels, turn


def test_bits_and_grey_stay_grey() -> None:
    bits = Image.fromarray(np.array([[0, 255], [255, 0]], dtype=np.uint8)).convert("1")
    assert to_pixels(bits).tolist() == [[0, 255], [255, 0]]
    assert to_pixels(Image.new("L", (2, 1), 7)).tolist() == [[7, 7]]


def test_colour_is_bgr() -> None:
    assert to_pixels(Image.new("RGB", (1, 1), (1, 2, 3))).tolist() == [[[3, 2, 1]]]


def test_cmyk_without_ink_is_white() -> None:
    assert to_pixels(Image.new("CMYK", (1, 1), (0, 0, 0, 0))).tolist() == [[[255, 255, 255]]]


def test_transparency_lies_on_white() -> None:
    half = Image.new("RGBA", (1, 1), (0, 0, 0, 128))
    clear = Image.new("LA", (1, 1), (0, 0))
    assert to_pixels(half).tolist() == [[[127, 127, 127]]]
    assert to_pixels(clear).tolist() == [[[255, 255, 255]]]


def test_a_grey_palette_gives_grey_and_a_coloured_one_colour() -> None:
    grey = Image.new("P", (1, 1), 1)
    grey.putpalette([0, 0, 0, 200, 200, 200])
    red = Image.new("P", (1, 1), 1)
    red.putpalette([0, 0, 0, 200, 0, 0])
    assert to_pixels(grey).tolist() == [[200]]
    assert to_pixels(red).tolist() == [[[0, 0, 200]]]


def test_16_bits_are_scaled_by_the_bits_in_use() -> None:
    assert scale_integers(np.array([[0, 32768, 65535]])).tolist() == [[0, 128, 255]]
    assert scale_integers(np.array([[0, 2048, 4095]])).tolist() == [[0, 128, 255]]
    assert to_pixels(Image.fromarray(np.array([[0, 65535]], dtype=np.uint16))).tolist() == [[0, 255]]


def test_floats_are_scaled_and_no_number_is_paper() -> None:
    assert scale_floats(np.array([[0, 0.5, 1, np.nan]], dtype=np.float32)).tolist() == [[0, 128, 255, 255]]
    assert scale_floats(np.array([[0, 255]], dtype=np.float32)).tolist() == [[0, 255]]


def test_lab_is_refused() -> None:
    with pytest.raises(InputError, match="LAB"):
        to_pixels(Image.new("LAB", (1, 1)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_agree_with_pillow(orientation: int) -> None:
    picture = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
    picture.getexif()[0x0112] = orientation
    assert turn(np.asarray(picture), orientation).tolist() == np.asarray(ImageOps.exif_transpose(picture)).tolist()


def test_fax_pixels_become_square() -> None:
    assert square(np.zeros((98, 204), np.uint8), 204, 98).shape == (204, 204)
