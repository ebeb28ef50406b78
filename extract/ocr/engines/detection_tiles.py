"""A page cut into strips for the detection network: what has no ink is not looked at, and no tensor is a page large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
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
_SPECK_PX = 4
"""A third of a character: nothing smaller is text by itself."""
_APART_ROWS = 3 * STRIDE


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

    What lies between bodies of ink is left out. Cuts through one are made where few pixels are inked, so that they
    seldom go through a line of text.
    """
    inked = _inked(image)
    rows = inked.sum(axis=1, dtype=np.int64)
    return tuple(strip for body in _bodies(rows > 0) for strip in _strips(inked, rows, body))


def _strips(inked: npt.NDArray[np.bool_], rows: npt.NDArray[np.int64], body: tuple[int, int]) -> list[Strip]:
    """The strips of one body of ink, whose rows (start, end) are multiples of STRIDE."""
    top, bottom = body
    left, right = _rounded(inked[top:bottom].sum(axis=0) > 0, inked.shape[1])
    height = max(_MIN_ROWS, _STRIP_PX // (right - left))
    edges = [top]
    while bottom - edges[-1] > 1.5 * height:
        edges.append(_least(rows, edges[-1] + height))
    edges.append(bottom)
    return [
        Strip(
            (max(top, _down(start - _CONTEXT_ROWS)), min(bottom, _up(end + _CONTEXT_ROWS))), (left, right), (start, end)
        )
        for start, end in pairwise(edges)
    ]


def _inked(image: Image) -> npt.NDArray[np.bool_]:
    """Where an image clearly differs from its ground, without specks."""
    grey = image if image.ndim == 2 else image.min(axis=2)
    ground = int(np.median(grey[::8, ::8]))
    inked = (grey < ground - _MIN_CONTRAST) | (grey > min(255, ground + _MIN_CONTRAST))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked.view(np.uint8), connectivity=8)
    kept = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= _SPECK_PX
    kept[0] = False
    return np.asarray(kept[labels])


def _bodies(inked: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Ranges of rows, multiples of STRIDE, that hold all inked ones with some ground, and stand well apart."""
    places = np.flatnonzero(inked)
    if not len(places):
        return []
    gaps = np.flatnonzero(np.diff(places) > _APART_ROWS)
    starts, ends = places[[0, *(gaps + 1)]], places[[*gaps, -1]]
    return [
        (_down(int(a) - STRIDE // 2), min(len(inked), _up(int(b) + 1 + STRIDE // 2)))
        for a, b in zip(starts, ends, strict=True)
    ]


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
