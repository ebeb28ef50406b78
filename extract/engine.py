"""What any OCR engine offers to the stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extract.geometry import Quad
from extract.model import Char, Image


class OcrEngine(Protocol):
    """Detection and recognition, apart, so that the grid can cut lines in between."""

    @property
    def name(self) -> str:
        """Engine, weights and runtime, as the record states them."""

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        """Quads of text lines in pixels of `image`; the image is shrunk to `max_side` px first, if given."""

    def recognise(self, crops: Sequence[Image], thorough: bool = False) -> tuple[tuple[Char, ...], ...]:
        """The characters of each crop (an upright line of text, any size), with per-character alternatives.

        An engine of several networks uses its best one if `thorough`.
        """
