"""Names, numbers and times as people are told them."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of what prints as nothing, or turns about, hides or breaks what stands beside it."""


def visible(text: str) -> str:
    """A text on one line in which nothing works on what shows it: control and direction marks are written out."""
    if text.isprintable():
        return text
    return "".join(_written_out(c) if unicodedata.category(c) in _UNSEEN else c for c in text)


def counted(number: int, noun: str) -> str:
    """1 file, 2 files."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """45 s, 12 min, 3 h 05 min."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def _written_out(character: str) -> str:
    return character.encode("unicode_escape").decode()
