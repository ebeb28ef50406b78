"""Folding and joining of text as the record contract asks, and the keys labels are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_FULL_WIDTH = {
    **{c: c - 0xFEE0 for r in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for c in range(*r)},
    **{c: c - 0xFEE0 for c in (0xFF08, 0xFF09, 0xFF3B, 0xFF3D, 0xFF5B, 0xFF5D)},
}
_SPACE = re.compile(r"[\s\u00a0\u2000-\u200b\u3000\ufeff]+")
_CHINESE = r"\u2e80-\u2fff\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018-\u201d\u2026"
_BETWEEN_CHINESE = re.compile(f"(?<=[{_CHINESE}]) (?=[{_CHINESE}])")
_INSANE = frozenset(("Cc", "Cf", "Cn", "Co", "Cs"))
"""Unicode's general categories: control, format, unassigned, private use, surrogate."""
_NOTE = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]?$")
_TRAILING_MARKS = re.compile(r"(?<=[\u3400-\u9fff])[A-Za-z0-9%/=*×.]+$")
_MARKS = re.compile(r"[\s:：,，、.。;；·•∙*|_\"'“”‘’…—\-]+")


def fold(text: str) -> str:
    """Full-width digits, letters, brackets and white space made plain; no space between two Chinese characters."""
    plain = _SPACE.sub(" ", text.translate(_FULL_WIDTH)).strip()
    return _BETWEEN_CHINESE.sub("", plain)


def join(parts: Iterable[str]) -> str:
    """Lines of one cell as one text: a space only where two Latin words meet."""
    result = ""
    for part in (p.strip() for p in parts):
        apart = result[-1:].isascii() and result[-1:].isalpha() and part[:1].isascii() and part[:1].isalpha()
        result += (" " if apart else "") + part
    return fold(result)


def is_sane(char: str) -> bool:
    """False for a character that stands for none that a reader sees.

    These are the replacement character, private-use and unassigned ones, halves of surrogates, and control and format
    characters (NUL, marks of direction) other than white space.
    """
    if char == "\ufffd":
        return False
    return unicodedata.category(char) not in _INSANE or _SPACE.fullmatch(char) is not None


def strip_notes(text: str) -> str:
    """A label without the notes in brackets that follow it; a text that is all note stays."""
    bare = fold(text).rstrip(":：* ")
    while (shorter := _NOTE.sub("", bare).rstrip(":：* ")) and shorter != bare:
        bare = shorter
    return bare


def label_key(text: str) -> str:
    """What two printings of one label have in common: no notes, marks, spaces or trailing letters."""
    bare = _MARKS.sub("", strip_notes(text))
    return _TRAILING_MARKS.sub("", bare)
