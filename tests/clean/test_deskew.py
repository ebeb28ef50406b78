"""The angle of a page from its rules, and from its rows of text where it has none."""

import cv2
import numpy as np
import pytest

from extract.clean.binarise import Components, quick
from extract.clean.deskew import skew_of
from extract.clean.segments import Segments, find_segments
from extract.geometry import rotation
from extract.model import Image

NONE = Segments(np.zeros((0, 2)), np.zeros((0, 2)))


def turned(image: Image, degrees: float) -> Image:
    h, w = image.shape
    matrix = rotation(degrees, (w / 2, h / 2))[:2]
    return np.asarray(cv2.warpAffine(image, matrix, (w, h), borderValue=255.0), np.uint8)


def page(ruled: bool) -> Image:
    image = np.full((1200, 850), 255, np.uint8)
    for y in range(150, 1050, 50):
        if ruled:
            image[y : y + 2, 100:750] = 0
        else:
            image[y : y + 16, 100:750:20] = image[y : y + 16 : 7, 100:750] = 0
    return image


@pytest.mark.parametrize("degrees", [-11.3, -2.0, 0.0, 0.4, 7.7])
@pytest.mark.parametrize("ruled", [True, False])
def test_skew(ruled: bool, degrees: float) -> None:
    image = turned(page(ruled), degrees)
    segments = find_segments(image, Components.of(quick(image))) if ruled else NONE
    assert skew_of(255 - image, segments, 15.0) == pytest.approx(degrees, abs=0.1)


def test_an_empty_page_is_straight() -> None:
    assert skew_of(np.zeros((300, 200), np.uint8), NONE, 15.0) == 0.0


def test_a_strip_has_no_segments() -> None:
    strip = np.zeros((3, 2000), np.uint8)
    assert len(find_segments(strip, Components.of(strip)).start) == 0
