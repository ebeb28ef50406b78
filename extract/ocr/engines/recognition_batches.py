"""Crops of text lines made ready for the recognition network: resized, grouped by width, cut when too long."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from extract.model import Image

HEIGHT_PX = 48
"""Input height of the PP-OCR recognition networks."""

_MAX_WIDTH_PX = 3200
_STEP_PX = 16


def padded(width: int, min_width_px: int) -> int:
    """The input width for a crop. It hangs on the crop alone, so that it reads the same in any company."""
    return max(min_width_px, _STEP_PX * math.ceil(width / _STEP_PX))


_INPUT = (np.arange(256, dtype=np.float32) / 127.5 - 1.0).astype(np.float32)
"""The network's input for each brightness: from -1 to 1."""


def resize(crop: Image) -> Image:
    """A crop, grey or BGR, at the network's height, (48, w) or (48, w, 3), its aspect kept up to the longest width."""
    height, width = crop.shape[:2]
    w = min(_MAX_WIDTH_PX, max(1, math.ceil(width * HEIGHT_PX / height)))
    shrinks = height > HEIGHT_PX
    scaled = cv2.resize(crop, (w, HEIGHT_PX), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(scaled, dtype=np.uint8)


def batches(resized: Sequence[Image], min_width_px: int, batch_px: int) -> Iterator[tuple[list[int], int]]:
    """Indices of crops that go together and the width they are padded to; a batch is at most `batch_px` wide in all."""
    groups: dict[int, list[int]] = {}
    for index, image in enumerate(resized):
        groups.setdefault(padded(image.shape[1], min_width_px), []).append(index)
    for width in sorted(groups):
        many = max(1, batch_px // width)
        for start in range(0, len(groups[width]), many):
            yield groups[width][start : start + many], width


def stack(images: Sequence[Image], width: int) -> npt.NDArray[np.float32]:
    """The (n, 3, 48, width) input: values from -1 to 1, padded on the right with 0, as the network was trained."""
    batch = np.zeros((len(images), 3, HEIGHT_PX, width), dtype=np.float32)
    for slot, image in zip(batch, images, strict=True):
        values = np.take(_INPUT, image)
        slot[:, :, : image.shape[1]] = values if image.ndim == 2 else values.transpose(2, 0, 1)
    return batch
