"""From lines as pictures to characters: a first look, a second where it is in doubt, and what the pixels settle.

`STEPS` has the order. Each step takes all lines of a page as they are and gives them as they are after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.geometry import Box
from extract.model import Char, Doubt
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
from extract.ocr.line_reading import LinePicture, LineReading, Lines
from extract.ocr.lines import dash, line_crops
from extract.ocr.lines.line_finding import Band
from extract.ocr.lines.page_ink import Ink
from extract.ocr_engine import Care, OcrEngine
from extract.settings.defaults import OcrSettings


@dataclass(frozen=True, eq=False)
class Reader:
    """What the steps read with: the page's ink, the engine, the settings."""

    page: Ink
    engine: OcrEngine
    settings: OcrSettings


Step = Callable[[Lines, Reader], Lines]


def recognise(found: Sequence[Band], reader: Reader) -> dict[str, Lines]:
    """The lines of a page after each step, by its name, in the order of the steps; those of the last are the result.

    In the result `Char.x` is a share of the width of the line's box, and a line without ink in which nothing was read
    is left out.
    """
    lines: Lines = tuple(LineReading(line) for line in found)
    after: dict[str, Lines] = {}
    for step in STEPS:
        lines = step(lines, reader)
        after[step.__name__] = lines
    return after


# ---- the steps, in order -----------------------------------------------------------------------------------------


def dashes(lines: Lines, reader: Reader) -> Lines:
    """Read lone dashes by their shape; every other line gets its picture."""
    read = []
    for one in lines:
        shape = dash.read(one.line, reader.page.char_height)
        read.append(
            replace(one, picture=LinePicture.of(reader.page, one.line)) if shape is None else one.read_as(shape)
        )
    return tuple(read)


def first_look(lines: Lines, reader: Reader) -> Lines:
    """Read every picture with the engine."""
    shown = {i: one.picture.crop for i, one in enumerate(lines) if one.picture is not None}
    return _read_as(lines, dict(zip(shown, reader.engine.recognise(list(shown.values())), strict=True)))


def second_look(lines: Lines, reader: Reader) -> Lines:
    """Read what is in doubt once more, cut otherwise, and hold both readings against each other."""
    least, char = reader.settings.second_look_below, reader.page.char_height
    doubted = [
        i
        for i, one in enumerate(lines)
        if one.picture is not None
        and (line_confidence.confidence(one.chars) < least or line_confidence.is_parted(one.chars))
    ]
    crops = [line_crops.crop(reader.page.image, lines[i].line, char, line_crops.SECOND) for i in doubted]
    read = list(lines)
    for i, chars in zip(doubted, reader.engine.recognise(crops), strict=True):
        merged = reading_merge.merge(lines[i].chars, _in_first_look(chars, lines[i].line, char))
        read[i] = replace(lines[i].read_as(merged), looked_twice=True)
    return tuple(read)


def full_stops(lines: Lines, reader: Reader) -> Lines:
    """A ring that stands alone in the last line of a wrapped paragraph is its full stop."""
    wrapped = _wrapped([one.line for one in lines])
    return _by_ink([(one, i in wrapped) for i, one in enumerate(lines)], confusables.stop)


def company(lines: Lines, reader: Reader) -> Lines:
    """Drop flecks in front and spaces that are none; tell look-alikes apart by the characters beside them."""
    return _by_ink([(one, True) for one in lines], _settled)


def thorough_look(lines: Lines, reader: Reader) -> Lines:
    """Look for skipped ink; a line that has some, and was not looked at twice, is read by the engine's best network."""
    lines = tuple(map(_with_skipped, lines))
    again = {
        i: one.picture
        for i, one in enumerate(lines)
        if one.picture is not None and one.skipped and not one.looked_twice
    }
    read = list(lines)
    results = reader.engine.recognise([picture.crop for picture in again.values()], Care.THOROUGH)
    for (i, picture), chars in zip(again.items(), results, strict=True):
        checked = reading_merge.checked(chars, lines[i].chars)
        read[i] = _with_skipped(lines[i].read_as(_settled(checked, picture.ink)))
    return tuple(read)


def skipped_ink(lines: Lines, reader: Reader) -> Lines:
    """Read ink that no character accounts for by itself, and doubt the character beside it."""
    pieces = [(i, one.picture, piece) for i, one in enumerate(lines) if one.picture for piece in one.skipped]
    crops = [unread_ink.crop(picture.crop, piece, picture.ink.char_height) for _, picture, piece in pieces]
    read = list(lines)
    # From right to left: what is put in front moves no character that a later piece stands beside.
    for (i, picture, piece), chars in reversed(list(zip(pieces, reader.engine.recognise(crops), strict=True))):
        read[i] = read[i].read_as(unread_ink.doubt(read[i].chars, piece, chars, picture.crop.shape[1]))
    return tuple(read)


def comparator_bars(lines: Lines, reader: Reader) -> Lines:
    """Tell comparators with a bar from those without one by their strokes."""
    return _by_ink([(one, True) for one in lines], comparators.settle)


def per_mille_signs(lines: Lines, reader: Reader) -> Lines:
    """Tell per mille from percent by the rings."""
    return _by_ink([(one, True) for one in lines], per_mille.settle)


def ticks(lines: Lines, reader: Reader) -> Lines:
    """Drop the ticks of a pen behind a printed text."""
    return tuple(one if one.picture is None else one.read_as(pen_marks.without(one.chars)) for one in lines)


def place(lines: Lines, reader: Reader) -> Lines:
    """Place the characters in the line's box instead of its picture."""
    char = reader.page.char_height
    return tuple(
        one
        if one.picture is None or one.line.quad is not None
        else one.read_as(_moved(one.chars, line_crops.frame(one.line, char), one.line.box))
        for one in lines
    )


def inkless(lines: Lines, reader: Reader) -> Lines:
    """Doubt what was read where there is no ink, as it may shine through; nothing read where nothing is, is no line."""
    kept = []
    for one in lines:
        if len(one.line.ink):
            kept.append(one)
        elif one.chars:
            kept.append(one.read_as([replace(c, doubts=c.doubts | {Doubt.NO_INK}) for c in one.chars]))
    return tuple(kept)


STEPS: tuple[Step, ...] = (
    dashes,
    first_look,
    second_look,
    full_stops,
    company,
    thorough_look,
    skipped_ink,
    comparator_bars,
    per_mille_signs,
    ticks,
    place,
    inkless,
)


# ---- what several steps need -------------------------------------------------------------------------------------


def _read_as(lines: Lines, chars: Mapping[int, Sequence[Char]]) -> Lines:
    return tuple(one.read_as(chars[i]) if i in chars else one for i, one in enumerate(lines))


def _by_ink(
    lines: Sequence[tuple[LineReading, bool]], settle: Callable[[tuple[Char, ...], Shown], tuple[Char, ...]]
) -> Lines:
    """Lines of which those that are meant, and have a picture, were settled by its ink."""
    return tuple(
        one.read_as(settle(one.chars, one.picture.ink)) if meant and one.picture is not None else one
        for one, meant in lines
    )


def _settled(chars: tuple[Char, ...], shown: Shown) -> tuple[Char, ...]:
    kept = spaces.kept(confusables.settle(line_confidence.without_flecks(chars)), shown)
    return line_confidence.with_parted_doubted(kept)


def _with_skipped(one: LineReading) -> LineReading:
    return one if one.picture is None else replace(one, skipped=unread_ink.find(one.chars, one.picture.ink))


def _wrapped(lines: Sequence[Band]) -> set[int]:
    """The lines that have another above them in their cell."""
    highest: dict[Box, float] = {}
    for line in lines:
        if line.region is not None:
            highest[line.region] = min(line.box.cy, highest.get(line.region, line.box.cy))
    return {i for i, line in enumerate(lines) if line.region is not None and highest[line.region] < line.box.y0}


def _in_first_look(chars: tuple[Char, ...], line: Band, char_height: float) -> tuple[Char, ...]:
    """Characters of the second look, placed as in the first."""
    if line.quad is not None:
        return chars
    return _moved(chars, line_crops.frame(line, char_height, line_crops.SECOND), line_crops.frame(line, char_height))


def _moved(chars: tuple[Char, ...], given: Box, wanted: Box) -> tuple[Char, ...]:
    width = max(1.0, wanted.width)
    return tuple(
        c if c.x is None else replace(c, x=min(1.0, max(0.0, (given.x0 + c.x * given.width - wanted.x0) / width)))
        for c in chars
    )
