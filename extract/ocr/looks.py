"""From lines as pictures to characters: a first look, a second where it is in doubt, and what the pixels settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.engine import OcrEngine
from extract.geometry import Box
from extract.model import Char, Image
from extract.ocr import comparator, cut, dash, second, spaces, trust, unread
from extract.ocr.bands import Band
from extract.ocr.glyphs import Shown
from extract.ocr.ink import Ink
from extract.settings import OcrSettings

_INKLESS_TRUST = 0.5
"""What the detector sees where there is no ink may shine through from behind: read, and always doubted."""


def recognise(
    bands: Sequence[Band], inked: Ink, engine: OcrEngine, settings: OcrSettings = OcrSettings()
) -> list[tuple[Band, tuple[Char, ...]]]:
    """The characters of each line; a line without ink in which nothing was read is left out.

    `Char.x` is a share of the width of the line's box.
    """
    char = inked.char_height
    found = {index: chars for index, band in enumerate(bands) if (chars := dash.read(band, char)) is not None}
    rest = [index for index in range(len(bands)) if index not in found]
    crops = {i: cut.crop(inked.image, bands[i], char) for i in rest}
    found.update(zip(rest, engine.recognise(list(crops.values())), strict=True))
    doubted = [i for i in rest if trust.confidence(found[i]) < settings.second_look_below]
    again = engine.recognise([cut.crop(inked.image, bands[i], char, cut.SECOND) for i in doubted])
    for index, chars in zip(doubted, again, strict=True):
        found[index] = second.merge(found[index], _in_first(chars, bands[index], char))
    for index, crop in crops.items():
        found[index] = _on_line(_settled(found[index], crop, char), bands[index], char)
    for index in found:
        if not len(bands[index].ink):
            found[index] = tuple(replace(c, confidence=c.confidence * _INKLESS_TRUST) for c in found[index])
    return [(bands[i], found[i]) for i in sorted(found) if found[i] or len(bands[i].ink)]


def _settled(chars: tuple[Char, ...], crop: Image, char_height: float) -> tuple[Char, ...]:
    """What the pixels of a line say about its characters."""
    if not chars or any(c.x is None for c in chars):
        return chars
    shown = Shown.of(crop, char_height)
    chars = comparator.settle(spaces.kept(chars, shown), shown)
    return unread.doubt(chars, unread.gaps(chars, shown))


def _in_first(chars: tuple[Char, ...], band: Band, char_height: float) -> tuple[Char, ...]:
    """Characters of the second look, placed as in the first."""
    if band.quad is not None:
        return chars
    return _moved(chars, cut.frame(band, char_height, cut.SECOND), cut.frame(band, char_height))


def _on_line(chars: tuple[Char, ...], band: Band, char_height: float) -> tuple[Char, ...]:
    """Characters of the first look, placed as shares of the line's box."""
    return chars if band.quad is not None else _moved(chars, cut.frame(band, char_height), band.box)


def _moved(chars: tuple[Char, ...], given: Box, wanted: Box) -> tuple[Char, ...]:
    width = max(1.0, wanted.width)
    return tuple(
        c if c.x is None else replace(c, x=min(1.0, max(0.0, (given.x0 + c.x * given.width - wanted.x0) / width)))
        for c in chars
    )
