"""What any OCR engine offers to the stages."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from extract.geometry import Quad
from extract.model import Char, Image


class Care(Enum):
    """How much an engine of several networks does: its quick one alone, as it sees fit, its best one in any case."""

    GLANCE = "glance"
    USUAL = "usual"
    THOROUGH = "thorough"


class OcrEngine(Protocol):
    """Detection and recognition, apart, so that the grid can cut lines in between."""

    @property
    def name(self) -> str:
        """Engine, weights and runtime, as the record states them."""

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        """Quads of text lines in pixels of `image`; the image is shrunk to `max_side` px first, if given."""

    def recognise(self, crops: Sequence[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        """The characters of each crop (an upright line of text, any size), with per-character alternatives."""
