"""Ticks of a pen behind a printed text."""

from __future__ import annotations

from extract.model import Char

_TICKS = set("\N{SQUARE ROOT}\N{CHECK MARK}\N{HEAVY CHECK MARK}")
_BOXES = set("\u2610\u2611\u25a0\u25a1\u25cb\u26aa")


def without(chars: tuple[Char, ...]) -> tuple[Char, ...]:
    """The characters of a line but for ticks at its end; a lone tick stays, and one in a line with boxes to tick."""
    if any(char.text in _BOXES for char in chars):
        return chars
    end = len(chars)
    while end and (chars[end - 1].text in _TICKS or chars[end - 1].text.isspace()):
        end -= 1
    return chars[:end] or chars
