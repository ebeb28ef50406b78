"""Characters told apart by their company or size alone: zero, O and a stop; one and an upright; equals and two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.model import Char, Doubt
from extract.ocr.characters.glyph_geometry import Shown

_ZEROS = set("0Oo\N{GREEK CAPITAL LETTER OMICRON}\N{CYRILLIC CAPITAL LETTER O}")
_ONES = set("1lI|]!\N{LATIN CAPITAL LETTER I WITH ACUTE}\N{LATIN SMALL LETTER I WITH ACUTE}")
_EQUALS = set("=\u4e8c\N{FULLWIDTH EQUALS SIGN}")
_RINGS = set("0Oo\u3002CcDQ\u00b0\u00ba\u25cb\u3007")
_STOP_CHARS = 0.5
_RING_SHARE = 0.1
"""How likely a low ring that stands alone is a character after all."""


def settle(chars: Sequence[Char]) -> tuple[Char, ...]:
    """The characters of a line, those told apart by their company settled and no longer in doubt for it.

    Where no other Latin letter stands in the line, O is zero, and an upright beside a digit is one; the sign before
    the first digit is an equals sign. What was read as something else is in doubt.
    """
    if any(c.text.isascii() and c.text.isalpha() and c.text not in _ZEROS | _ONES for c in chars):
        return tuple(chars)
    figures = [char.text in _ZEROS or char.text.isdecimal() for char in chars]
    settled = []
    for index, char in enumerate(chars):
        beside = any(figures[max(0, index - 1) : index] + figures[index + 1 : index + 2])
        if char.text in _ZEROS:
            char = _as(char, "0", _ZEROS)
        elif char.text == "1" or (char.text in _ONES and char.text.isalpha() and beside):
            char = _as(char, "1", _ONES if beside else {"1"}, Doubt.LOOKALIKE)
        elif char.text in _EQUALS and index == 0 and figures[1:2] == [True]:
            char = _as(char, "=", _EQUALS, Doubt.LOOKALIKE)
        settled.append(char)
    return tuple(settled)


def stop(chars: tuple[Char, ...], shown: Shown) -> tuple[Char, ...]:
    """A full stop where a ring half as high as a character stands alone, as at the end of a wrapped paragraph."""
    if len(chars) != 1 or chars[0].text not in _RINGS:
        return chars
    rows = np.flatnonzero(shown.mask.any(axis=1))
    if not len(rows) or rows[-1] + 1 - rows[0] > _STOP_CHARS * shown.char_height:
        return chars
    doubts = chars[0].doubts | {Doubt.STROKES_DIFFER}
    return (replace(chars[0], text="\u3002", alternatives=((chars[0].text, _RING_SHARE),), doubts=doubts),)


def _as(char: Char, text: str, alike: set[str], doubt: Doubt | None = None) -> Char:
    """A character as one of several alike, with the confidence of all; doubted where it was read as another."""
    confidence = min(1.0, char.confidence + sum(p for c, p in char.alternatives if c in alike))
    rest = tuple((c, p) for c, p in char.alternatives if c not in alike)
    doubts = char.doubts if doubt is None or char.text == text else char.doubts | {doubt}
    return replace(char, text=text, confidence=confidence, alternatives=rest, doubts=doubts)
