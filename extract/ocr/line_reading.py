"""One line on its way from a picture to characters: what every step of the recognition takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.model import Char, Image
from extract.ocr.characters.glyph_geometry import Shown
from extract.ocr.characters.unread_ink import Skipped
from extract.ocr.lines import line_crops
from extract.ocr.lines.line_finding import Band
from extract.ocr.lines.page_ink import Ink


@dataclass(frozen=True, eq=False)
class LinePicture:
    """A line as the recogniser is shown it: the crop (h, w), grey, and the ink on it."""

    crop: Image
    ink: Shown

    @staticmethod
    def of(page: Ink, line: Band) -> LinePicture:
        """The first look at a line of a page."""
        crop = line_crops.crop(page.image, line, page.char_height)
        return LinePicture(crop, Shown.of(crop, _height(line, page.char_height)))


@dataclass(frozen=True, eq=False)
class LineReading:
    """A found line and what has been read of it so far.

    `picture` is None where the line was read by its shape alone. `Char.x` is a share of the picture's width, after the
    step `place` a share of the width of the line's box. `looked_twice` says that it was shown in two ways; `skipped`
    lists the ink that no character accounts for.
    """

    line: Band
    picture: LinePicture | None = None
    chars: tuple[Char, ...] = ()
    looked_twice: bool = False
    skipped: tuple[Skipped, ...] = ()

    def read_as(self, chars: Sequence[Char]) -> LineReading:
        """The same line with other characters."""
        return replace(self, chars=tuple(chars))


Lines = tuple[LineReading, ...]


def _height(line: Band, char_height: float) -> float:
    """The height of a line's characters in pixels: titles are larger than the rest of the page."""
    return max(char_height, line.box.height) if line.quad is None else char_height
