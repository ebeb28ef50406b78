"""The recognition network's classes, and which of them are one character to a form."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from extract.ocr.characters.traditional import simplified

SPACE = " "

_ALIKE = (
    "-\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}",
    "\N{MIDDLE DOT}\N{BULLET}\N{KATAKANA MIDDLE DOT}\N{BULLET OPERATOR}\N{DOT OPERATOR}\N{HYPHENATION POINT}",
    '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\N{DOUBLE PRIME}',
    "'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{PRIME}",
    ":\N{RATIO}",
    "~\N{TILDE OPERATOR}\N{WAVE DASH}",
    "\N{GREATER-THAN OR EQUAL TO}\N{GREATER-THAN OVER EQUAL TO}",
    "\N{LESS-THAN OR EQUAL TO}\N{LESS-THAN OVER EQUAL TO}",
)
FLECKS = frozenset(".,'`_\u00b7\u2022\u2026\u221a\u2713\u3001\u3002\uff0c")
"""Marks that dust and pens leave beside a line: no value changes by them, but for a point in front."""

LEADING_FLECKS = FLECKS - {"."}

_TRADITIONAL_WEIGHT = 0.02
"""A traditional character is printed where its simplified form is next to unseen."""

_WIDE = {"<wide>", "<narrow>", "<small>"}


@dataclass(frozen=True, eq=False)
class Alphabet:
    """The characters by class (the blank first), for each class the first one that means the same, and how much its
    probability counts when one of those is chosen to be printed.
    """

    classes: tuple[str, ...]
    leaders: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]

    @staticmethod
    def of(classes: Sequence[str]) -> Alphabet:
        """An alphabet of classes; full-width and half-width forms, look-alike marks and traditional and simplified
        forms share a leader.
        """
        first: dict[str, int] = {}
        leaders = [first.setdefault(folded(c), index) for index, c in enumerate(classes)]
        weights = [1.0 if simplified(c) == c else _TRADITIONAL_WEIGHT for c in classes]
        return Alphabet(tuple(classes), np.array(leaders, dtype=np.int64), np.array(weights, dtype=np.float32))


@cache
def folded(character: str) -> str:
    """What stands for all characters that mean the same as this one."""
    decomposed = unicodedata.decomposition(character).split() if len(character) == 1 else []
    if decomposed and decomposed[0] in _WIDE:
        character = "".join(chr(int(code, 16)) for code in decomposed[1:])
    if character.isspace():
        return SPACE
    return next((alike[0] for alike in _ALIKE if character and character in alike), simplified(character))
