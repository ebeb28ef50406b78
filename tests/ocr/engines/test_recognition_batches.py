from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.ocr.engines import recognition_batches


def test_crops_keep_their_aspect_and_very_long_ones_are_shrunk() -> None:
    assert recognition_batches.resize(np.zeros((24, 60), np.uint8)).shape == (48, 120)
    assert recognition_batches.resize(np.zeros((10, 5000, 3), np.uint8)).shape == (48, 3200, 3)


@given(st.lists(st.integers(1, 3200), max_size=40))
def test_every_crop_is_in_one_batch_that_holds_it(sizes: list[int]) -> None:
    images = [np.zeros((48, size, 3), np.uint8) for size in sizes]
    found = list(recognition_batches.batches(images, 64, 2560))
    assert sorted(i for indices, _ in found for i in indices) == list(range(len(sizes)))
    assert all(sizes[i] <= width for indices, width in found for i in indices)
    assert all(len(indices) == 1 or len(indices) * width <= 2560 for indices, width in found)


@given(st.integers(1, 3200), st.integers(1, 3200))
def test_padding_hangs_on_the_crop_alone(size: int, other: int) -> None:
    def padded(*sizes: int) -> int:
        images = [np.zeros((48, s, 3), np.uint8) for s in sizes]
        return next(width for indices, width in recognition_batches.batches(images, 64, 2560) if 0 in indices)

    assert padded(size) == padded(size, other)


def test_the_stack_is_scaled_and_padded_with_zero() -> None:
    batch = recognition_batches.stack([np.full((48, 10, 3), 255, np.uint8)], 64)
    assert batch.shape == (1, 3, 48, 64)
    assert (batch[..., :10] == 1).all()
    assert (batch[..., 10:] == 0).all()
    assert np.array_equal(batch, recognition_batches.stack([np.full((48, 10), 255, np.uint8)], 64))
