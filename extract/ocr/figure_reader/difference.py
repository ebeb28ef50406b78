"""Where the figure reader contradicts another reading of the same line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from extract.model import Char
from extract.ocr.characters.charset import folded
from extract.ocr.figure_reader.reading import OTHER, FigureReading


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two readings differ.

    `start` and `end` (exclusive) are indices of the other reading's characters, equal where only the figure reader saw
    something, in front of `start`. `theirs` and `own` are the texts there, "" for nothing, OTHER for what the figure
    reader does not know. `confidence` is the figure reader's in its own text, and in what stands beside it where it saw
    nothing.
    """

    start: int
    end: int
    theirs: str
    own: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Token:
    """A character, or several unknown ones in a row, and the indices of the characters it stands for."""

    text: str
    start: int
    end: int


def differences(reading: FigureReading, chars: Sequence[Char], known: frozenset[str]) -> tuple[Difference, ...]:
    """Where a reading by the figure reader and the characters of another one are not the same.

    `known` is the reader's alphabet (`FigureReader.characters`). White space, full-width forms, the length of dashes
    and the number of unknown characters in a row make no difference; neither does what an unknown character is.
    """
    alphabet = {folded(char) for char in known}
    own, theirs = _tokens(reading.chars, alphabet), _tokens(chars, alphabet)
    matcher = SequenceMatcher(None, [t.text for t in theirs], [t.text for t in own], autojunk=False)
    return tuple(
        _difference(reading, chars, theirs[a0:a1], own[b0:b1], theirs[a0].start if a0 < len(theirs) else len(chars))
        for kind, a0, a1, b0, b1 in matcher.get_opcodes()
        if kind != "equal"
    )


def _tokens(chars: Sequence[Char], alphabet: set[str]) -> list[_Token]:
    tokens: list[_Token] = []
    for index, char in enumerate(chars):
        if char.text.isspace():
            continue
        text = folded(char.text)
        if text in alphabet and text != OTHER:
            tokens.append(_Token(text, index, index + 1))
        elif tokens and tokens[-1].text == OTHER:
            tokens[-1] = _Token(OTHER, tokens[-1].start, index + 1)
        else:
            tokens.append(_Token(OTHER, index, index + 1))
    return tokens


def _difference(
    reading: FigureReading, chars: Sequence[Char], theirs: Sequence[_Token], own: Sequence[_Token], at: int
) -> Difference:
    start, end = (theirs[0].start, theirs[-1].end) if theirs else (at, at)
    said = reading.chars[own[0].start : own[-1].end] if own else ()
    sure = min((char.confidence for char in said), default=reading.confidence)
    return Difference(start, end, _text(chars[start:end]), _text(said), sure)


def _text(chars: Sequence[Char]) -> str:
    return "".join(char.text for char in chars)
