"""Whether a percent sign is a per mille sign: the recogniser reads `\N{PER MILLE SIGN}` as `%`, `%0` or `%o`.

A level section through the lower rings crosses the stroke and both sides of one ring in `%`, of two in a per mille
sign, which is 1.2 to 1.4 times as wide as high, where `%` is 0.7 to 1.25 times (8 and 418 signs of simulated scans).
One in a hundred percent signs that touch a digit or a pen stroke looks the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.model import Char, Doubt
from extract.ocr.characters.glyph_geometry import Mask, Shown, stretches, window

_PERCENT = set("%\N{FULLWIDTH PERCENT SIGN}\N{SMALL PERCENT SIGN}")
_PERMILLE = "\N{PER MILLE SIGN}"
_RINGS = set("0oOD.\u3002\u00b0\u00ba\u25cb\u3007")
_ZEROS = set("0oO")
_WIDER_THAN, _WIDEST = 1.15, 1.9
_GAP_CHARS, _ZERO_GAP_CHARS = 0.12, 0.25
_RINGS_FROM, _RINGS_TO = 0.55, 0.92
_CROSSED = 4
_RING_SHARE, _ALONE_SHARE = 0.05, 0.2
"""How likely the other sign is, where a ring was read behind percent and where the shape alone speaks for one."""


def settle(chars: Sequence[Char], shown: Shown) -> tuple[Char, ...]:
    """The characters of a line with per mille signs where a ring was read behind percent; without one, `%` in doubt."""
    settled: list[Char] = []
    index = 0
    while index < len(chars):
        char = chars[index]
        if char.text in _PERCENT:
            ring = index + 1 < len(chars) and chars[index + 1].text in _RINGS
            sign, end = _sign(shown, chars, index, ring)
            if _is_permille(sign):
                ring = ring and _in_sign(chars[index + 1], end, shown)
                char = _doubted(char, ring)
                index += ring
        settled.append(char)
        index += 1
    return tuple(settled)


def _in_sign(ring: Char, end: int, shown: Shown) -> bool:
    """Whether what was read as a ring stands in the sign that ends at a column; a zero must."""
    return ring.text in _ZEROS or (ring.x or 0.0) * shown.mask.shape[1] <= end


def _has_ring(text: str) -> bool:
    return len(text) == 2 and text[0] in _PERCENT and text[1] in _RINGS


def _doubted(char: Char, ring: bool) -> Char:
    """A sign shaped like per mille: taken for it if a ring was read as well, and in doubt in any case."""
    elsewhere = any(_has_ring(text) for text, _ in char.alternatives)
    text = _PERMILLE if ring or elsewhere else char.text
    share = _RING_SHARE if ring else _ALONE_SHARE
    other = char.text if ring or elsewhere else _PERMILLE
    return replace(char, text=text, alternatives=((other, share),), doubts=char.doubts | {Doubt.PER_MILLE})


def _sign(shown: Shown, chars: Sequence[Char], index: int, ring: bool) -> tuple[Mask, int]:
    """The ink of a sign and what hangs on to it, cut close, and where it ends: a full stop stands further off."""
    start, end = window(shown, chars, index)
    gap = _GAP_CHARS
    if ring:
        end = max(end, window(shown, chars, index + 1)[1])
        gap = _ZERO_GAP_CHARS if chars[index + 1].text in _ZEROS else gap
    inked = np.flatnonzero(shown.mask[:, start:end].any(axis=0))
    if not len(inked):
        return shown.mask[:0, :0], 0
    breaks = np.flatnonzero(np.diff(inked) > 1 + gap * shown.char_height)
    last = inked[breaks[0]] if len(breaks) else inked[-1]
    sign = shown.mask[:, start + inked[0] : start + last + 1]
    rows = np.flatnonzero(sign.any(axis=1))
    return sign[rows[0] : rows[-1] + 1], int(start + last + 1)


def _is_permille(sign: Mask) -> bool:
    height, width = sign.shape
    if not height or not _WIDER_THAN <= width / height <= _WIDEST:
        return False
    rows = sign[int(_RINGS_FROM * height) : int(_RINGS_TO * height)]
    return sum(len(stretches(row)) >= _CROSSED for row in rows) >= 2
