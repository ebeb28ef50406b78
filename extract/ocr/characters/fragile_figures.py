"""Figures in which a network's usual mistakes would not show."""

from __future__ import annotations

import re
import unicodedata

from extract.ocr.characters.charset import FLECKS, folded

_FIGURE = re.compile(r"\d[\d.,]*\d|\d")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d\d?)?")
_PLAIN = re.compile(r"\d+(\.(\d\d?|\d{4,}))?")
_EQUAL = re.compile(r"(\d)\1\1")
_MARKS = FLECKS | {"'", '"', ":", "-"}


def has(text: str) -> bool:
    """Whether a text has a digit in it."""
    return any(char.isdecimal() for char in text)


def fragile(text: str) -> bool:
    """Whether a figure of the text may have lost one of several equal digits, has a point where a comma belongs, or
    begins with a mark that dust leaves.

    A point before three digits is as often a comma that lost its tail; CTC loses digits where three or more are equal.
    Among commas a lost digit shows: they part groups of three.
    """
    if not has(text):
        return False
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    return folded(plain[0]) in _MARKS or any(map(_hides_mistakes, _FIGURE.findall(plain)))


def _hides_mistakes(figure: str) -> bool:
    if _GROUPED.fullmatch(figure):
        return False
    return bool(_EQUAL.search(figure)) or not _PLAIN.fullmatch(figure)
