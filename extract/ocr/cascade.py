"""Two engines as one: a quick one reads first, a better one what is left in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from extract.engine import OcrEngine
from extract.geometry import Quad
from extract.model import Char, Image
from extract.ocr import second, trust


class Cascade:
    """Lines of words that the quick engine reads with a confidence of at least `sure` are not read again.

    Most lines of a form are clean print, on which a network a fifth of the size errs as seldom; docs/decisions has the
    figures. Of several equal digits in a row it loses one, and is sure of it: figures are always read by both, and
    where they differ the better engine's reading stands, in doubt.
    """

    def __init__(self, quick: OcrEngine, better: OcrEngine, sure: float) -> None:
        self._quick = quick
        self._better = better
        self._sure = sure

    @property
    def name(self) -> str:
        """Both engines, the quick one first."""
        return f"{self._quick.name}, {self._better.name}"

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        """Quads of text lines in pixels of `image`, as the better engine sees them."""
        return self._better.detect(image, max_side)

    def recognise(self, crops: Sequence[Image], thorough: bool = False) -> tuple[tuple[Char, ...], ...]:
        """The characters of each crop; if `thorough`, of the better engine in any case."""
        if thorough:
            return self._better.recognise(crops)
        found = list(self._quick.recognise(crops))
        again = [index for index, chars in enumerate(found) if not self._settles(chars)]
        for index, chars in zip(again, self._better.recognise([crops[i] for i in again]), strict=True):
            sure = trust.confidence(found[index]) >= self._sure
            found[index] = second.checked(chars, found[index]) if sure else chars
        return tuple(found)

    def _settles(self, chars: Sequence[Char]) -> bool:
        return trust.confidence(chars) >= self._sure and not any(char.text.isdecimal() for char in chars)
