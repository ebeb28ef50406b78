"""How far a line may be trusted, from the confidence of its characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.model import Char, Doubt
from extract.ocr.characters.charset import FLECKS

_PUNCTUATION = set(
    ",;:()\"'\u00b7\u2022\u3001\u3002\u300a\u300b\u2018\u2019\u201c\u201d\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
)
_PUNCTUATION_WEIGHT = 0.15
_FLECK_BELOW = 0.8


def confidence(chars: Sequence[Char]) -> float:
    """A line's confidence: that of its most doubtful character; 0 where nothing was read.

    Spaces do not count but between digits, where they may be a lost point. Punctuation counts little unless it parts
    two digits: whether a comma is wide or a stop a comma changes no figure.
    """
    return min((_weighed(chars, index) for index in range(len(chars))), default=0.0)


def trimmed(chars: tuple[Char, ...]) -> tuple[Char, ...]:
    """Without white space at the ends."""
    start, end = 0, len(chars)
    while start < end and chars[start].text.isspace():
        start += 1
    while end > start and chars[end - 1].text.isspace():
        end -= 1
    return chars[start:end]


def without_flecks(chars: tuple[Char, ...]) -> tuple[Char, ...]:
    """Without doubtful marks in front: they are dust. What follows a point may have been a decimal, and is in doubt."""
    start = 0
    while start < len(chars) - 1 and chars[start].text in FLECKS and chars[start].confidence < _FLECK_BELOW:
        start += 1
    kept = chars[start:]
    if start and chars[start - 1].text == ".":
        kept = (replace(kept[0], doubts=kept[0].doubts | {Doubt.LOST_POINT}), *kept[1:])
    return kept


def is_parted(chars: Sequence[Char]) -> bool:
    """Whether a space stands between two digits, where it may be a lost point."""
    return any(c.text.isspace() and _between_digits(chars, i) for i, c in enumerate(chars))


def with_parted_doubted(chars: tuple[Char, ...]) -> tuple[Char, ...]:
    """With the spaces between digits in doubt."""
    return tuple(
        replace(c, doubts=c.doubts | {Doubt.LOST_POINT}) if c.text.isspace() and _between_digits(chars, i) else c
        for i, c in enumerate(chars)
    )


def _weighed(chars: Sequence[Char], index: int) -> float:
    char = chars[index]
    if char.text.isspace():
        return char.confidence if _between_digits(chars, index) else 1.0
    if char.text not in _PUNCTUATION or _between_digits(chars, index) or len(chars) == 1:
        return char.confidence
    return 1 - _PUNCTUATION_WEIGHT * (1 - char.confidence)


def _between_digits(chars: Sequence[Char], index: int) -> bool:
    return 0 < index < len(chars) - 1 and chars[index - 1].text.isdecimal() and chars[index + 1].text.isdecimal()
