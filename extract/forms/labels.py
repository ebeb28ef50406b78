"""Which declared label a printed text is: exact first, then by edit distance with a margin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extract.text import fold, label_key, strip_notes

FUZZY = 0.74
"""Least similarity of a label of four characters or more: one wrong in four passes, two do not."""


@lru_cache(maxsize=65536)
def key_of(text: str) -> str:
    """The comparison key of a text (cached: the same words recur on every form)."""
    return label_key(text)


def similarity(text: str, label: str) -> float:
    """1 for the same label, else 1 - edit distance / length; 0 where one of them is empty."""
    a, b = key_of(text), key_of(label)
    if not a or not b:
        return 0.0
    return 1.0 if a == b else float(Levenshtein.normalized_similarity(a, b, score_cutoff=0.4))


def best_similarity(text: str, labels: Iterable[str]) -> float:
    """Similarity to the nearest of several spellings."""
    return _best_similarity(text, tuple(labels))


def is_label(text: str, labels: Iterable[str]) -> bool:
    """Whether a text is one of the spellings, allowing for a misread character in longer ones."""
    return _is_label(text, tuple(labels))


@lru_cache(maxsize=65536)
def _best_similarity(text: str, labels: tuple[str, ...]) -> float:
    return max((similarity(text, label) for label in labels), default=0.0)


@lru_cache(maxsize=65536)
def _is_label(text: str, labels: tuple[str, ...]) -> bool:
    key = key_of(text)
    if not key:
        return False
    for label in labels:
        other = key_of(label)
        if key == other:
            return True
        if min(len(key), len(other)) >= 4 and similarity(text, label) >= FUZZY:
            return True
    return False


def is_exact(text: str, labels: Iterable[str]) -> bool:
    """Whether a text is one of the spellings, but for notes and marks."""
    key = key_of(text)
    return bool(key) and any(key == key_of(label) for label in labels)


def is_piece(text: str, labels: Iterable[str]) -> bool:
    """Whether a text stands letter by letter inside of one of the labels."""
    key = text.replace(" ", "")
    return any(key in label for label in labels)


def split_inline(text: str, labels: Iterable[str]) -> str | None:
    """The value in a cell that holds `label: value`; None where the cell does not begin with a label and a colon."""
    folded = fold(text)
    for mark in (":", "："):
        head, found, rest = folded.partition(mark)
        if found and rest.strip() and is_exact(head, labels):
            return rest.strip()
    return None


def printed(text: str) -> str:
    """A label as printed, without the notes behind it."""
    return strip_notes(text).replace(" ", "")
