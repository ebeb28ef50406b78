"""Where the characters of a line stand in its crop, by its ink: for what is settled by the pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.model import Char, Image

Mask = npt.NDArray[np.bool_]

_PAPER = 255
_FAINTEST = 60
_INK_SHARE = 0.45
_DARK_SHARE = 0.8
_WIDE_CHARS = 1.0
_NARROW_CHARS = 0.56
_BROAD_CHARS = {
    "%": 1.05,
    "\N{PER MILLE SIGN}": 1.4,
    **dict.fromkeys("@MW", 0.95),
    **dict.fromkeys("<>=+\u2265\u2264", 0.9),
}
_APART_CHARS = 0.15
_REACH_CHARS = 1.2


@dataclass(frozen=True, eq=False)
class Shown:
    """A line's crop as the recogniser saw it: darkness (h, w) from 0 to 255, and its ink as a mask."""

    darkness: npt.NDArray[np.float32]
    mask: Mask
    char_height: float

    @staticmethod
    def of(crop: Image, char_height: float) -> Shown:
        """The crop (h, w) of a line."""
        darkness = (_PAPER - crop.astype(np.float32)).astype(np.float32)
        return Shown(darkness, inked(darkness), char_height)

    def pieces(self) -> npt.NDArray[np.int64]:
        """The connected pieces of ink, (n, 5): x, y, width, height, area in pixels."""
        _, _, stats, _ = cv2.connectedComponentsWithStats(self.mask.astype(np.uint8), connectivity=8)
        return np.asarray(stats[1:], dtype=np.int64)


def inked(darkness: npt.NDArray[np.float32], faintest: float = _FAINTEST) -> Mask:
    """Where ink is: what is nearly half as dark as the darkest strokes."""
    dark = darkness[darkness > faintest]
    least = _INK_SHARE * _darkest(dark) if len(dark) else _PAPER
    mask: Mask = darkness > max(least, faintest / 2)
    return mask


def _darkest(dark: npt.NDArray[np.float32]) -> float:
    """How dark the darkest strokes are, of pixels with ink: without the interpolation of numpy's own, ten times as
    quick on so few.
    """
    rank = int(_DARK_SHARE * (len(dark) - 1))
    return float(np.partition(dark, rank)[rank])


def stretches(line: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each run of true values."""
    edges = np.diff(np.concatenate(([0], line.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def width_chars(text: str) -> float:
    """The width a character usually takes, in character heights."""
    if text in _BROAD_CHARS:
        return _BROAD_CHARS[text]
    return _WIDE_CHARS if unicodedata.east_asian_width(text[:1] or " ") in "WF" else _NARROW_CHARS


def window(shown: Shown, chars: Sequence[Char], index: int) -> tuple[int, int]:
    """The columns of one character: up to the least inked ones between it and its neighbours."""
    own, width = _centre(shown, chars[index]), shown.mask.shape[1]
    printed = [i for i, char in enumerate(chars) if not char.text.isspace()]
    before = max((i for i in printed if i < index), default=None)
    after = min((i for i in printed if i > index), default=None)
    reach = _REACH_CHARS * shown.char_height
    start, end = max(0.0, own - reach), min(float(width), own + reach)
    if before is not None:
        start = max(start, _valley(shown, _centre(shown, chars[before]), own))
    if after is not None:
        end = min(end, _valley(shown, own, _centre(shown, chars[after])))
    return int(start), max(int(start) + 1, int(np.ceil(end)))


def _centre(shown: Shown, char: Char) -> float:
    width: int = shown.mask.shape[1]
    return (0.5 if char.x is None else char.x) * width


def _valley(shown: Shown, left: float, right: float) -> float:
    """The least inked column between two characters, the one nearest to the middle of several."""
    gap = min(_APART_CHARS * shown.char_height, (right - left) / 4)
    a, b = int(left + gap), int(right - gap)
    if b <= a:
        return (left + right) / 2
    middle = (left + right) / 2
    off = np.abs(np.arange(a, b) - middle) / (10 * (right - left))
    ink = shown.mask[:, a:b].sum(axis=0) + off
    return a + int(ink.argmin()) + 0.5
