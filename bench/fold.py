"""When two texts count as the same."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

Leaf = None | bool | int | Decimal | str
"""A scalar of a record's data."""

_HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code) for code in range(0x21, 0x7F))
_CONTRACT = str.maketrans({f: h for f, h in zip(_FULL, _HALF, strict=True) if h.isalnum() or h in "()"})

_MEANT = frozenset("%‰/+<>=~@#&*")
"""Marks that belong to a value as its digits do, though Unicode counts some of them as punctuation."""

_DASHES = str.maketrans(dict.fromkeys("—–―‐‑−－─━", "-"))
_QUOTES = str.maketrans(dict.fromkeys("“”„", '"') | dict.fromkeys("‘’", "'"))
_COMPARATORS = str.maketrans({"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤"})
_VARIANTS = _DASHES | _QUOTES | _COMPARATORS | str.maketrans(_FULL, _HALF)


def fold(text: str) -> str:
    """The folding of the record's contract: full-width digits, letters, brackets and white space.

    Runs of white space become one space; none is left between two Chinese characters.
    """
    spaced = " ".join(text.translate(_CONTRACT).split())
    return _BETWEEN_HAN.sub("", spaced)


def fold_typography(text: str) -> str:
    """Folds also the width and variants of punctuation, and drops all white space."""
    return "".join(fold(text).translate(_VARIANTS).split())


def substance(text: str) -> str:
    """What a text says apart from punctuation: digits, signs, units, characters.

    A point, comma, colon or dash between two digits is part of the figure, a dash before a digit its sign.
    """
    folded = fold_typography(text)
    return "".join(char for i, char in enumerate(folded) if _is_substance(folded, i))


def _is_substance(text: str, i: int) -> bool:
    char = text[i]
    if char in _MEANT or (unicodedata.category(char)[0] not in "PZCM" and char not in "`^´|"):
        return True
    before, after = text[i - 1 : i].isdigit(), text[i + 1 : i + 2].isdigit()
    return after and (before or char == "-")


def same_substance(a: Leaf, b: Leaf) -> bool:
    """Whether two leaves say the same but for punctuation; a text of nothing else says as much as a blank."""
    if isinstance(a, str | None) and isinstance(b, str | None):
        return substance(a or "") == substance(b or "")
    return same(a, b)


def same(a: Leaf, b: Leaf, *, typographic: bool = False) -> bool:
    """Whether two leaves say the same; numbers are compared exactly, text after folding."""
    if isinstance(a, str) and isinstance(b, str):
        return fold_typography(a) == fold_typography(b) if typographic else fold(a) == fold(b)
    return type(a) is type(b) and a == b
