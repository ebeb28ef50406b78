"""Two engines as one: a quick one reads first, a better one what is left in doubt."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from extract.geometry import Quad
from extract.model import Char, Image
from extract.ocr.characters import fragile_figures, line_confidence, reading_merge
from extract.ocr.characters.charset import folded
from extract.ocr_engine import Care, OcrEngine
from extract.settings.defaults import OcrSettings

_WORTH_ANOTHER_LOOK = 0.9
_NARROWER = 0.9
_BLUR_HEIGHT = 1 / 40


class Cascade:
    """Lines that the quick engine reads surely are not read by the better one.

    Surely: words with a confidence of at least `first_sure`, figures with `figures_first_sure`; or, from a little less
    on, both as they are and shown narrower and softer, with the same text. A figure in which a lost digit or a comma
    would not show is always read by both, and where they differ the better engine's reading stands, in doubt.
    docs/decisions has the figures behind this.
    """

    def __init__(self, quick: OcrEngine, better: OcrEngine, settings: OcrSettings = OcrSettings()) -> None:
        self._quick = quick
        self._better = better
        self._settings = settings

    @property
    def name(self) -> str:
        """Both engines, the quick one first."""
        return f"{self._quick.name}, {self._better.name}"

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        """Quads of text lines in pixels of `image`, as the better engine sees them."""
        return self._better.detect(image, max_side)

    def recognise(self, crops: Sequence[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        """The characters of each crop."""
        if care is not Care.USUAL:
            return (self._quick if care is Care.GLANCE else self._better).recognise(crops)
        found = dict(enumerate(self._quick.recognise(crops)))
        left = [index for index, chars in found.items() if not self._settles(chars)]
        agreed = self._read_alike({index: found[index] for index in left}, crops)
        left = [index for index in left if index not in agreed]
        for index, chars in zip(left, self._better.recognise([crops[i] for i in left]), strict=True):
            sure = line_confidence.confidence(found[index]) >= self._settings.first_sure
            sure = sure and not line_confidence.is_parted(found[index])
            found[index] = reading_merge.checked(chars, found[index]) if sure else chars
        found.update(agreed)
        return tuple(found.values())

    def _settles(self, chars: Sequence[Char]) -> bool:
        text = _text(chars)
        least = self._settings.figures_first_sure if fragile_figures.has(text) else self._settings.first_sure
        doubted = fragile_figures.fragile(text) or line_confidence.is_parted(chars)
        return line_confidence.confidence(chars) >= least and not doubted

    def _read_alike(self, found: dict[int, tuple[Char, ...]], crops: Sequence[Image]) -> dict[int, tuple[Char, ...]]:
        """The lines that the quick engine reads the same when they are shown otherwise, and surely so."""
        hopeful = [
            index
            for index, chars in found.items()
            if line_confidence.confidence(chars) >= _WORTH_ANOTHER_LOOK
            and not line_confidence.is_parted(chars)
            and not fragile_figures.fragile(_text(chars))
        ]
        again = self._quick.recognise([_otherwise(crops[index]) for index in hopeful])
        return {
            index: reading_merge.checked(found[index], chars)
            for index, chars in zip(hopeful, again, strict=True)
            if line_confidence.confidence(chars) >= self._settings.first_sure
            and not line_confidence.is_parted(chars)
            and _letters(chars) == _letters(found[index])
        }


def _text(chars: Sequence[Char]) -> str:
    return "".join(char.text for char in chars)


def _letters(chars: Sequence[Char]) -> list[str]:
    return [folded(char.text) for char in chars if not char.text.isspace()]


def _otherwise(crop: Image) -> Image:
    """A crop shown narrower and softer, as if printed and scanned by other machines."""
    height, width = crop.shape[:2]
    narrower = cv2.resize(crop, (max(1, round(_NARROWER * width)), height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(narrower, (0, 0), _BLUR_HEIGHT * height), dtype=np.uint8)
