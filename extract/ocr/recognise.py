"""From lines as pictures to characters: a first look, a second where it is in doubt, and what the pixels settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extract.geometry import Box
from extract.model import Char, Image
from extract.ocr.characters import (
    comparators,
    confusables,
    line_confidence,
    pen_marks,
    per_mille,
    reading_merge,
    spaces,
    unread_ink,
)
from extract.ocr.characters.glyph_geometry import Shown
from extract.ocr.lines import dash, line_crops
from extract.ocr.lines.line_finding import Band
from extract.ocr.lines.page_ink import Ink
from extract.ocr_engine import Care, OcrEngine
from extract.settings.defaults import OcrSettings

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
    crops = {i: line_crops.crop(inked.image, bands[i], char) for i in rest}
    found.update(zip(rest, engine.recognise(list(crops.values())), strict=True))
    doubted = [i for i in rest if line_confidence.confidence(found[i]) < settings.second_look_below]
    again = engine.recognise([line_crops.crop(inked.image, bands[i], char, line_crops.SECOND) for i in doubted])
    for index, chars in zip(doubted, again, strict=True):
        found[index] = reading_merge.merge(found[index], _in_first(chars, bands[index], char))
    shown = {i: Shown.of(crop, _size(bands[i], char)) for i, crop in crops.items()}
    found.update({i: confusables.stop(found[i], shown[i]) for i in _wrapped(bands) if i in shown})
    found.update({i: _settled(found[i], shown[i]) for i in rest})
    skipped = {i: unread_ink.find(found[i], shown[i]) for i in rest}
    again_by_best = [i for i in rest if skipped[i] and i not in doubted]
    found.update(_read_thoroughly(again_by_best, found, crops, shown, engine))
    skipped.update({i: unread_ink.find(found[i], shown[i]) for i in again_by_best})
    found.update(_with_skipped(skipped, found, crops, shown, engine))
    found.update({i: per_mille.settle(comparators.settle(found[i], shown[i]), shown[i]) for i in rest})
    found.update({i: _on_line(pen_marks.without(found[i]), bands[i], char) for i in rest})
    for index in found:
        if not len(bands[index].ink):
            found[index] = tuple(replace(c, confidence=c.confidence * _INKLESS_TRUST) for c in found[index])
    return [(bands[i], found[i]) for i in sorted(found) if found[i] or len(bands[i].ink)]


def _wrapped(bands: Sequence[Band]) -> list[int]:
    """The lines that have another above them in their cell."""
    highest: dict[Box, float] = {}
    for band in bands:
        if band.region is not None:
            highest[band.region] = min(band.box.cy, highest.get(band.region, band.box.cy))
    return [i for i, band in enumerate(bands) if band.region is not None and highest[band.region] < band.box.y0]


def _size(band: Band, char_height: float) -> float:
    """The height of a line's characters: titles are larger than the rest of the page."""
    return max(char_height, band.box.height) if band.quad is None else char_height


def _read_thoroughly(
    lines: Sequence[int],
    found: Mapping[int, tuple[Char, ...]],
    crops: Mapping[int, Image],
    shown: Mapping[int, Shown],
    engine: OcrEngine,
) -> dict[int, tuple[Char, ...]]:
    """Some lines, read again by the engine's best network."""
    again = engine.recognise([crops[i] for i in lines], Care.THOROUGH)
    return {
        i: _settled(reading_merge.checked(chars, found[i]), shown[i]) for i, chars in zip(lines, again, strict=True)
    }


def _settled(chars: tuple[Char, ...], shown: Shown) -> tuple[Char, ...]:
    return spaces.kept(confusables.settle(line_confidence.without_flecks(chars)), shown)


def _with_skipped(
    skipped: Mapping[int, Sequence[unread_ink.Skipped]],
    found: Mapping[int, tuple[Char, ...]],
    crops: Mapping[int, Image],
    shown: Mapping[int, Shown],
    engine: OcrEngine,
) -> dict[int, tuple[Char, ...]]:
    """The lines with ink that no character accounts for: that ink read by itself, and doubted."""
    pieces = [(i, piece) for i in crops for piece in skipped[i]]
    again = engine.recognise([unread_ink.crop(crops[i], piece, shown[i].char_height) for i, piece in pieces])
    doubted: dict[int, tuple[Char, ...]] = {}
    # From right to left: what is put in front moves no character that a later piece stands beside.
    for (i, piece), chars in reversed(list(zip(pieces, again, strict=True))):
        doubted[i] = unread_ink.doubt(doubted.get(i, found[i]), piece, chars, crops[i].shape[1])
    return doubted


def _in_first(chars: tuple[Char, ...], band: Band, char_height: float) -> tuple[Char, ...]:
    """Characters of the second look, placed as in the first."""
    if band.quad is not None:
        return chars
    return _moved(chars, line_crops.frame(band, char_height, line_crops.SECOND), line_crops.frame(band, char_height))


def _on_line(chars: tuple[Char, ...], band: Band, char_height: float) -> tuple[Char, ...]:
    """Characters of the first look, placed as shares of the line's box."""
    return chars if band.quad is not None else _moved(chars, line_crops.frame(band, char_height), band.box)


def _moved(chars: tuple[Char, ...], given: Box, wanted: Box) -> tuple[Char, ...]:
    width = max(1.0, wanted.width)
    return tuple(
        c if c.x is None else replace(c, x=min(1.0, max(0.0, (given.x0 + c.x * given.width - wanted.x0) / width)))
        for c in chars
    )
