"""Spaces the recogniser sees where none is printed: beside marks and Chinese characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.model import Char
from extract.ocr.characters.glyph_geometry import Shown, stretches

_WIDE_CHARS = 0.6


def kept(chars: Sequence[Char], shown: Shown) -> tuple[Char, ...]:
    """The characters of a line without the spaces that are none.

    A space stands between two Latin letters or digits, or where a gap in the ink is wider than half a Chinese
    character; never inside of brackets or before a bracket that opens, whose own square is half empty.
    """
    width = shown.mask.shape[1]
    found = []
    for index, char in enumerate(chars):
        if char.text.isspace():
            before = next((c for c in reversed(chars[:index]) if not c.text.isspace()), None)
            after = next((c for c in chars[index + 1 :] if not c.text.isspace()), None)
            if (before and before.text in "(（") or (after and after.text in "()（）"):
                continue
            if before is None or after is None or not (_latin(before) and _latin(after)):
                start = 0.0 if before is None else (before.x or 0.0) * width
                end = width if after is None else (after.x or 0.0) * width
                if _widest_gap(shown, int(start), int(end)) < _WIDE_CHARS * shown.char_height:
                    continue
        found.append(char)
    return tuple(found)


def _latin(char: Char) -> bool:
    return char.text.isascii() and char.text.isalnum()


def _widest_gap(shown: Shown, start: int, end: int) -> int:
    blank = np.logical_not(shown.mask[:, start:end].any(axis=0))
    return max((b - a for a, b in stretches(blank)), default=0)
