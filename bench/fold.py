"""When two texts count as the same."""

from __future__ import annotations

import re
from decimal import Decimal

Leaf = None | bool | int | Decimal | str
"""A scalar of a record's data."""

_HAN = r"\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code) for code in range(0x21, 0x7F))
_CONTRACT = str.maketrans({f: h for f, h in zip(_FULL, _HALF, strict=True) if h.isalnum() or h in "()"})

_DASHES = str.maketrans(dict.fromkeys("—–―‐‑−－─━", "-"))
_QUOTES = str.maketrans(dict.fromkeys("“”„", '"') | dict.fromkeys("‘’", "'"))
_VARIANTS = _DASHES | _QUOTES | str.maketrans(_FULL, _HALF)


def fold(text: str) -> str:
    """The folding of the record's contract: full-width digits, letters, brackets and white space.

    Runs of white space become one space; none is left between two Chinese characters.
    """
    spaced = " ".join(text.translate(_CONTRACT).split())
    return _BETWEEN_HAN.sub("", spaced)


def fold_typography(text: str) -> str:
    """Folds also the width and variants of punctuation, and drops all white space."""
    return "".join(fold(text).translate(_VARIANTS).split())


def same(a: Leaf, b: Leaf, *, typographic: bool = False) -> bool:
    """Whether two leaves say the same; numbers are compared exactly, text after folding."""
    if isinstance(a, str) and isinstance(b, str):
        return fold_typography(a) == fold_typography(b) if typographic else fold(a) == fold(b)
    return type(a) is type(b) and a == b
