"""A page cut into strips for the detection network: what has no ink is not looked at, and no tensor is a page large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model import Image

STRIDE = 32
"""Sides of the network's input are multiples of this."""
_STRIP_PX = 400_000
"""Pixels of a strip: a larger one costs more a pixel, as its tensors leave the processor's cache."""
_MIN_ROWS = 288
_CONTEXT_ROWS = 32
"""What the network sees beyond the rows it answers for: about two lines of text."""
_SEARCHED_ROWS = 64
"""How far a cut may move to the row with the least ink."""
_MIN_CONTRAST = 24


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows and columns (start, end) of an image; it answers for the lines whose middle is in its `own` rows."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    own: tuple[int, int]

    def owns(self, y: float) -> bool:
        """Whether a line with its middle at a row of the image is this strip's."""
        return self.own[0] <= y < self.own[1]


def cut(image: Image) -> tuple[Strip, ...]:
    """The strips of an image whose sides are multiples of STRIDE, from top to bottom; none for one without ink.

    Cuts are made where few pixels are inked, so that they seldom go through a line of text.
    """
    inked = _inked(image)
    rows, columns = inked.sum(axis=1), inked.sum(axis=0)
    if not columns.any():
        return ()
    left, right = _rounded(columns > 0, image.shape[1])
    top, bottom = _rounded(rows > 0, image.shape[0])
    height = max(_MIN_ROWS, _STRIP_PX // (right - left))
    edges = [top]
    while bottom - edges[-1] > 1.5 * height:
        edges.append(_least(rows, edges[-1] + height))
    edges.append(bottom)
    return tuple(
        Strip(
            (max(top, _down(start - _CONTEXT_ROWS)), min(bottom, _up(end + _CONTEXT_ROWS))), (left, right), (start, end)
        )
        for start, end in pairwise(edges)
    )


def _inked(image: Image) -> npt.NDArray[np.bool_]:
    """Where an image clearly differs from its ground."""
    grey = image if image.ndim == 2 else image.min(axis=2)
    ground = int(np.median(grey[::8, ::8]))
    return (grey < ground - _MIN_CONTRAST) | (grey > min(255, ground + _MIN_CONTRAST))


def _rounded(inked: npt.NDArray[np.bool_], size: int) -> tuple[int, int]:
    """The range that holds all that is inked, with some ground around it, both ends multiples of STRIDE."""
    places = np.flatnonzero(inked)
    return _down(int(places[0]) - STRIDE // 2), min(size, _up(int(places[-1]) + 1 + STRIDE // 2))


def _least(rows: npt.NDArray[np.int_], wanted: int) -> int:
    start = wanted - _SEARCHED_ROWS // 2
    return start + int(rows[start : wanted + _SEARCHED_ROWS // 2].argmin())


def _down(value: int) -> int:
    return max(0, value // STRIDE * STRIDE)


def _up(value: int) -> int:
    return -(-value // STRIDE) * STRIDE
