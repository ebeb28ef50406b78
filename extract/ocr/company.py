"""Characters that only their company tells apart: zero and the letter O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.model import Char

_ZEROS = set("0Oo\N{GREEK CAPITAL LETTER OMICRON}\N{CYRILLIC CAPITAL LETTER O}")


def settle(chars: Sequence[Char]) -> tuple[Char, ...]:
    """The characters of a line; where no other Latin letter stands in it, a letter O is a zero, and no doubt of one."""
    if any(c.text.isascii() and c.text.isalpha() and c.text not in _ZEROS for c in chars):
        return tuple(chars)
    return tuple(_zero(char) if char.text in _ZEROS else char for char in chars)


def _zero(char: Char) -> Char:
    alike = sum(p for c, p in char.alternatives if c in _ZEROS)
    rest = tuple((c, p) for c, p in char.alternatives if c not in _ZEROS)
    return replace(char, text="0", confidence=min(1.0, char.confidence + alike), alternatives=rest)
