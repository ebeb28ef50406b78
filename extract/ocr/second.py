"""Two readings of one line made one: agreement raises confidence, disagreement lowers it and is kept."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from extract.model import Char
from extract.ocr import trust

_KEPT = 6


def merge(first: tuple[Char, ...], other: tuple[Char, ...]) -> tuple[Char, ...]:
    """The surer of two readings; each of its characters is as sure as both readings together make it."""
    best, rival = (first, other) if trust.confidence(first) >= trust.confidence(other) else (other, first)
    rival = tuple(char for char in rival if not char.text.isspace())
    merged: list[Char] = []
    matcher = SequenceMatcher(None, [c.text for c in best], [c.text for c in rival], autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        pair = best[a0:a1], rival[b0:b1]
        if kind == "equal":
            merged.extend(_agreed(a, b) for a, b in zip(*pair, strict=True))
        elif kind == "insert":
            _mark_lost(merged, pair[1])
        else:
            merged.extend(_disputed(pair[0], pair[1]))
    return tuple(merged)


def _agreed(a: Char, b: Char) -> Char:
    """Both looks are at the same ink, far from independent: what doubt is left is the mean of the two."""
    options = _ranked((*a.alternatives, *b.alternatives), a.text)
    return Char(a.text, (a.confidence + b.confidence) / 2, options, a.x)


def _disputed(best: Sequence[Char], rival: Sequence[Char]) -> list[Char]:
    found = []
    for index, char in enumerate(best):
        other = rival[index] if len(rival) == len(best) else None
        text = other.text if other else "".join(c.text for c in rival) if index == 0 else ""
        weight = min((c.confidence for c in ((other,) if other else rival)), default=0.5)
        share = char.confidence / (char.confidence + weight) if char.confidence + weight > 0 else 0.0
        options = (*char.alternatives, (text, 1 - share))
        found.append(Char(char.text, min(char.confidence, share), _ranked(options, char.text), char.x))
    return found


def _mark_lost(merged: list[Char], lost: Sequence[Char]) -> None:
    """Characters that only the rival saw: doubt on the character before them."""
    if not merged:
        return
    text = "".join(c.text for c in lost)
    seen = min(c.confidence for c in lost)
    last = merged[-1]
    options = (*last.alternatives, (last.text + text, seen / 2))
    merged[-1] = Char(last.text, min(last.confidence, 1 - seen / 2), _ranked(options, last.text), last.x)


def _ranked(options: Sequence[tuple[str, float]], chosen: str) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for text, probability in options:
        if text != chosen:
            best[text] = max(probability, best.get(text, 0.0))
    return tuple(sorted(best.items(), key=lambda item: (-item[1], item[0]))[:_KEPT])
