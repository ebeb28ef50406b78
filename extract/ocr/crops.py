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
_GROWTH = 1.12
_STEP_PX = 16


def widths(min_width_px: int) -> tuple[int, ...]:
    """The input widths in use. A crop's padding hangs on itself alone, so that it reads the same in any company."""
    found = [min_width_px]
    while found[-1] < _MAX_WIDTH_PX:
        found.append(min(_MAX_WIDTH_PX, _STEP_PX * math.ceil(found[-1] * _GROWTH / _STEP_PX)))
    return tuple(found)


def resize(crop: Image) -> Image:
    """A crop at the network's height, (48, w, 3), keeping its aspect up to the longest width."""
    height, width = crop.shape[:2]
    w = min(_MAX_WIDTH_PX, max(1, math.ceil(width * HEIGHT_PX / height)))
    shrinks = height > HEIGHT_PX
    scaled = cv2.resize(crop, (w, HEIGHT_PX), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    colour = scaled if scaled.ndim == 3 else cv2.cvtColor(scaled, cv2.COLOR_GRAY2BGR)
    return np.asarray(colour, dtype=np.uint8)


def batches(resized: Sequence[Image], min_width_px: int, batch_px: int) -> Iterator[tuple[list[int], int]]:
    """Indices of crops that go together and the width they are padded to; a batch is at most `batch_px` wide in all."""
    allowed = np.array(widths(min_width_px))
    groups: dict[int, list[int]] = {}
    for index, image in enumerate(resized):
        groups.setdefault(int(allowed[np.searchsorted(allowed, image.shape[1])]), []).append(index)
    for width in sorted(groups):
        many = max(1, batch_px // width)
        for start in range(0, len(groups[width]), many):
            yield groups[width][start : start + many], width


def stack(images: Sequence[Image], width: int) -> npt.NDArray[np.float32]:
    """The (n, 3, 48, width) input: values from -1 to 1, padded on the right with 0, as the network was trained."""
    batch = np.zeros((len(images), 3, HEIGHT_PX, width), dtype=np.float32)
    for slot, image in zip(batch, images, strict=True):
        slot[:, :, : image.shape[1]] = (image.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)
    return batch
