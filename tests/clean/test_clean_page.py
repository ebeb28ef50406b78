"""The whole stage: evidence comes back to where it was, whatever was done to the page."""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from extract.clean import clean
from extract.geometry import Points, rotation
from extract.model import CleanPage, Image

WITHIN_PX = 2.0
few = settings(max_examples=5, deadline=None, derandomize=True, phases=(Phase.generate,))


def found_crossings(cleaned: CleanPage, expected: Points) -> Points:
    """Where rules cross in the clean image near the points expected: centres of what is dark on both axes."""
    reach = 6
    grey = 255 - cv2.copyMakeBorder(cleaned.image, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=255.0).astype(np.float64)
    result = []
    for x, y in np.round(expected).astype(int) + 20:
        patch = grey[y - reach : y + reach + 1, x - reach : x + reach + 1]
        across, down = np.median(patch, axis=0), np.median(patch, axis=1)
        at = np.arange(-reach, reach + 1)
        result.append((x + across @ at / across.sum() - 20, y + down @ at / down.sum() - 20))
    return np.array(result)


def check_evidence(cleaned: CleanPage, source: Points) -> None:
    """Rules found on the clean page are, mapped back, where they were put on the source page."""
    expected = cleaned.to_source.inverse().apply(source)
    back = cleaned.to_source.apply(found_crossings(cleaned, expected))
    assert np.abs(back - source).max() <= WITHIN_PX


def unevenness(cleaned: CleanPage, source: Points) -> float:
    """How far the rules stray from straight and parallel to the edges, in character heights."""
    at = cleaned.to_source.inverse().apply(source.reshape(-1, 2)).reshape(source.shape)
    return float(max(np.ptp(at[..., 1], axis=1).max(), np.ptp(at[..., 0], axis=0).max()) / cleaned.char_height)


def matrix_moves(matrix: Any) -> tuple[Callable[[Points], Points], Callable[[Points], Points]]:
    def move(m: Any) -> Callable[[Points], Points]:
        return lambda p: cv2.perspectiveTransform(p[None].astype(np.float64), m)[0]

    return move(matrix), move(np.linalg.inv(matrix))


def inner(crossings: Points) -> Points:
    """Crossings with rules on all four sides."""
    return crossings[1:-1, 1:-1]


def test_a_flat_upright_page_is_not_resampled(drawn: Callable[..., Any]) -> None:
    ruled = drawn(dpi=200)
    cleaned = clean(ruled.page())
    assert not cleaned.to_source.steps
    assert (cleaned.turn_deg, cleaned.skew_deg, cleaned.seals) == (0, 0.0, ())
    assert cleaned.image.shape == ruled.image.shape


@few
@given(degrees=st.floats(-14.5, 14.5))
def test_skew(drawn: Callable[..., Any], warped: Callable[..., Image], page_of: Any, degrees: float) -> None:
    ruled = drawn(dpi=150)
    h, w = ruled.image.shape
    matrix = rotation(degrees, (w / 2, h / 2))
    matrix[:2, 2] += 160
    forth, back = matrix_moves(matrix)
    cleaned = clean(page_of(warped(ruled.image, back, (h + 320, w + 320))))
    source = forth(inner(ruled.crossings).reshape(-1, 2)).reshape(inner(ruled.crossings).shape)
    assert cleaned.skew_deg == pytest.approx(degrees, abs=0.1)
    assert unevenness(cleaned, source) < 0.2
    check_evidence(cleaned, source.reshape(-1, 2))


@few
@given(degrees=st.floats(4, 14.5), sign=st.sampled_from((-1, 1)))
def test_a_skewed_page_keeps_its_corners(
    drawn: Callable[..., Any], warped: Callable[..., Image], page_of: Any, degrees: float, sign: int
) -> None:
    ruled = drawn(dpi=150)
    h, w = ruled.image.shape
    matrix = rotation(sign * degrees, (w / 2, h / 2))
    matrix[:2, 2] += 160
    forth, back = matrix_moves(matrix)
    cleaned = clean(page_of(warped(ruled.image, back, (h + 320, w + 320))))
    corners = forth(np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float64))
    at = cleaned.to_source.inverse().apply(corners)
    assert (at > -1).all()
    assert (at < np.array(cleaned.image.shape[::-1]) + 1).all()


@few
@given(lift=st.floats(-22, 22), pull=st.floats(-9, 9), tilt=st.floats(-8, 8))
def test_curl(
    drawn: Callable[..., Any], warped: Callable[..., Image], page_of: Any, lift: float, pull: float, tilt: float
) -> None:
    ruled = drawn(dpi=150)
    h, w = ruled.image.shape

    def shift(p: Points) -> Points:
        u, v = p[:, 0] / w, p[:, 1] / h
        wave = np.sin(math.pi * u)
        return np.column_stack((pull * np.sin(math.pi * v), (lift + tilt * v) * wave))

    def forth(p: Points) -> Points:
        guess = p
        for _ in range(20):
            guess = p - shift(guess)
        return guess

    cleaned = clean(page_of(warped(ruled.image, lambda p: p + shift(p), (h, w))))
    source = forth(inner(ruled.crossings).reshape(-1, 2)).reshape(inner(ruled.crossings).shape)
    assert unevenness(cleaned, source) < 0.3
    check_evidence(cleaned, source.reshape(-1, 2))


@few
@given(corners=st.lists(st.floats(-40, 40), min_size=8, max_size=8), ground=st.sampled_from((60, 110, 150)))
def test_a_photograph(
    drawn: Callable[..., Any], warped: Callable[..., Image], page_of: Any, corners: list[float], ground: int
) -> None:
    ruled = drawn(dpi=150)
    h, w = ruled.image.shape
    flat = np.array([[0, 0], [w, 0], [w, h], [0, h]], dtype=np.float32)
    seen = flat + 120 + np.array(corners, dtype=np.float32).reshape(4, 2)
    forth, back = matrix_moves(cv2.getPerspectiveTransform(flat, seen).astype(np.float64))
    picture = warped(ruled.image, back, (h + 240, w + 240), ground)
    cleaned = clean(page_of(picture))
    source = forth(inner(ruled.crossings).reshape(-1, 2)).reshape(inner(ruled.crossings).shape)
    assert unevenness(cleaned, source) < 0.3
    check_evidence(cleaned, source.reshape(-1, 2))


@pytest.mark.parametrize("dpi", [75, 150, 200, 300, 600])
def test_characters_come_out_at_a_readable_size(drawn: Callable[..., Any], dpi: int) -> None:
    ruled = drawn(dpi=dpi)
    cleaned = clean(ruled.page())
    across = cleaned.to_source.inverse().apply([[0, 0], [ruled.char_px, 0]])
    true_height = float(across[1, 0] - across[0, 0])
    assert 17 <= true_height <= 46
    assert cleaned.char_height == pytest.approx(true_height, rel=0.2)


def test_a_tiny_or_blank_page_is_no_error(page_of: Any) -> None:
    for image in (np.full((1, 1), 255, np.uint8), np.zeros((40, 30, 3), np.uint8), np.full((800, 600), 255, np.uint8)):
        cleaned = clean(page_of(image))
        assert cleaned.image.ndim == 2
        assert cleaned.char_height > 0
