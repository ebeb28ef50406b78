"""No image is too small, too empty or too wild: clean never raises, and its transform can be undone."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.clean import clean
from extract.model import Image, Page, PageRef


def checked(image: Image) -> None:
    cleaned = clean(Page(PageRef(Path("drawn.png"), 1), image))
    h, w = image.shape[:2]
    points = np.array([[0, 0], [w / 2, h / 2], [w, h]], dtype=np.float64)
    back = cleaned.to_source.apply(cleaned.to_source.inverse().apply(points))
    assert float(np.abs(back - points).max()) < 0.5
    assert cleaned.image.shape == cleaned.ink.shape


@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from([1, 3]),
    st.sampled_from(["noise", "black", "white", "bits"]),
    st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_any_small_image(h: int, w: int, channels: int, kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (h, w) if channels == 1 else (h, w, 3)
    values = {
        "noise": rng.integers(0, 256, shape),
        "black": np.zeros(shape),
        "white": np.full(shape, 255),
        "bits": rng.integers(0, 2, shape) * 255,
    }
    checked(values[kind].astype(np.uint8))


@pytest.mark.parametrize("shape", [(1, 3000), (3, 2000), (2000, 3), (9, 2500), (700, 500)])
def test_strips_and_noise(shape: tuple[int, int]) -> None:
    checked(np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8))
