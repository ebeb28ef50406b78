"""What the figure reader says of a line."""

from __future__ import annotations

from dataclasses import dataclass

from extract.model import Char

OTHER = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that the reader does not know; several in a row may be fewer or more on paper."""


@dataclass(frozen=True, slots=True)
class FigureReading:
    """One line as the figure reader saw it.

    `chars` have the same meaning as an engine's: confidence, alternatives and centre as a share of the line's width;
    an alternative may be OTHER. White space is not read. Full-width forms are read as half-width ones.
    """

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        """The characters in one string, OTHER where one is not known."""
        return "".join(char.text for char in self.chars)

    @property
    def confidence(self) -> float:
        """That of the most doubtful character; 0 where nothing was read."""
        return min((char.confidence for char in self.chars), default=0.0)

    @property
    def known(self) -> bool:
        """Whether the line holds nothing but what the reader knows: something was read, and no character is OTHER."""
        return bool(self.chars) and all(char.text != OTHER for char in self.chars)
