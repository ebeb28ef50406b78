"""Two readings of one line made one: agreement raises confidence, disagreement lowers it and is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from extract.model import Char
from extract.ocr.characters import line_confidence
from extract.ocr.characters.charset import FLECKS, LEADING_FLECKS, folded
from extract.ocr.characters.traditional import simplified

_KEPT = 6


def merge(first: tuple[Char, ...], other: tuple[Char, ...]) -> tuple[Char, ...]:
    """The surer of two readings; each of its characters is as sure as both readings together make it."""
    return checked(
        *((first, other) if line_confidence.confidence(first) >= line_confidence.confidence(other) else (other, first))
    )


def checked(best: tuple[Char, ...], other: tuple[Char, ...]) -> tuple[Char, ...]:
    """A reading held against another one: as sure as both together make it, and in doubt where they differ."""
    rival = tuple(char for char in other if not char.text.isspace())
    merged: list[Char] = []
    front: Sequence[Char] = ()
    matcher = SequenceMatcher(None, [folded(c.text) for c in best], [folded(c.text) for c in rival], autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        pair = best[a0:a1], rival[b0:b1]
        if kind == "equal":
            merged.extend(_agreed(a, b) for a, b in zip(*pair, strict=True))
        elif kind != "insert":
            merged.extend(_disputed(*pair))
        elif a0 in (0, len(best)) and all(folded(c.text) in (FLECKS if a0 else LEADING_FLECKS) for c in pair[1]):
            continue
        elif merged:
            merged[-1] = _beside_lost(merged[-1], pair[1], merged[-1].text + _text(pair[1]))
        else:
            front = pair[1]
    if front and merged:
        merged[0] = _beside_lost(merged[0], front, _text(front) + merged[0].text)
    return tuple(merged)


def _agreed(a: Char, b: Char) -> Char:
    """Both looks are at the same ink, far from independent: what doubt is left is the mean of the two."""
    text = b.text if b.text == simplified(a.text) else a.text
    options = _ranked((*a.alternatives, *b.alternatives), text)
    return Char(text, (a.confidence + b.confidence) / 2, options, a.x, a.doubts | b.doubts)


def _disputed(best: Sequence[Char], rival: Sequence[Char]) -> list[Char]:
    found = []
    for index, char in enumerate(best):
        other = rival[index] if len(rival) == len(best) else None
        text = other.text if other else _text(rival) if index == 0 else ""
        weight = min((c.confidence for c in ((other,) if other else rival)), default=0.5)
        share = char.confidence / (char.confidence + weight) if char.confidence + weight > 0 else 0.0
        options = (*char.alternatives, (text, 1 - share))
        found.append(replace(char, confidence=min(char.confidence, share), alternatives=_ranked(options, char.text)))
    return found


def _beside_lost(char: Char, lost: Sequence[Char], both: str) -> Char:
    """A character in doubt for what only the rival saw beside it."""
    seen = min(c.confidence for c in lost)
    options = (*char.alternatives, (both, seen / 2))
    return replace(char, confidence=min(char.confidence, 1 - seen / 2), alternatives=_ranked(options, char.text))


def _text(chars: Sequence[Char]) -> str:
    return "".join(c.text for c in chars)


def _ranked(options: Sequence[tuple[str, float]], chosen: str) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for text, probability in options:
        if text != chosen:
            best[text] = max(probability, best.get(text, 0.0))
    return tuple(sorted(best.items(), key=lambda item: (-item[1], item[0]))[:_KEPT])
