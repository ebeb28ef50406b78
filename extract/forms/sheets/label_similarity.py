"""Which declared label a printed text is: exact first, then by edit distance with a margin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extract.text import fold, label_key, strip_notes

FUZZY = 0.74
"""Least similarity of a label of four characters or more: one wrong in four passes, two do not."""

SAME_BUT_NOTE = 0.999
"""Similarity of a label that is printed with a note which its declaration lacks: a label declared with it is nearer."""


@lru_cache(maxsize=65536)
def key_of(text: str) -> str:
    """The comparison key of a text (cached: the same words recur on every form)."""
    return label_key(text)


def similarity(text: str, label: str) -> float:
    """1 for the same label, else 1 - edit distance / length; 0 where one of them is empty."""
    return _best_similarity(text, (label,))


@lru_cache(maxsize=65536)
def _note_of(text: str) -> str:
    """What stands in brackets behind a label, "" where nothing does."""
    return fold(text).rstrip(":：* ").removeprefix(strip_notes(text)).replace(" ", "")


@lru_cache(maxsize=4096)
def _spellings(labels: tuple[str, ...]) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """Keys of the labels without a note; and with it, the key and note of those that are declared with one."""
    plain = frozenset(filter(None, (key_of(x) for x in labels if not _note_of(x))))
    return plain, tuple((key_of(x), _note_of(x)) for x in labels if _note_of(x))


@lru_cache(maxsize=65536)
def _keys(labels: tuple[str, ...], note: str) -> frozenset[str]:
    """The keys that a text with this note can be compared with: a declared note must not be another one."""
    plain, noted = _spellings(labels)
    return plain | {key for key, own in noted if note in ("", own)}


def _alike(key: str, other: str) -> float:
    """1 - edit distance / length of two different keys; 0 where that is too little to matter."""
    return float(Levenshtein.normalized_similarity(key, other, score_cutoff=0.4))


def best_similarity(text: str, labels: Iterable[str]) -> float:
    """Similarity to the nearest of several spellings: 1 for the same, 0 where there is nothing to compare."""
    return _best_similarity(text, tuple(labels))


@lru_cache(maxsize=65536)
def similarities(text: str, spellings: tuple[tuple[str, ...], ...]) -> tuple[float, ...]:
    """The best similarity to each of several labels."""
    return tuple(_best_similarity(text, labels) for labels in spellings)


def is_label(text: str, labels: Iterable[str]) -> bool:
    """Whether a text is one of the spellings, allowing for a misread character in longer ones."""
    return _is_label(text, tuple(labels))


@lru_cache(maxsize=65536)
def _best_similarity(text: str, labels: tuple[str, ...]) -> float:
    key, note = key_of(text), _note_of(text)
    others = _keys(labels, note)
    if not key:
        return 0.0
    if key in others:
        return 1.0 if not note or (key, note) in _spellings(labels)[1] else SAME_BUT_NOTE
    return max((_alike(key, other) for other in others), default=0.0)


@lru_cache(maxsize=65536)
def _is_label(text: str, labels: tuple[str, ...]) -> bool:
    key, others = key_of(text), _keys(labels, _note_of(text))
    if key in others:
        return True
    return len(key) >= 4 and any(len(other) >= 4 and _alike(key, other) >= FUZZY for other in others)


def is_exact(text: str, labels: Iterable[str]) -> bool:
    """Whether a text is one of the spellings, but for marks and for notes that no declaration has."""
    return key_of(text) in _keys(tuple(labels), _note_of(text))


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
