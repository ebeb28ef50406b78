"""The OCR stage: the text lines of a clean page, cut at the cells of its grids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from extract.geometry import Box, Quad
from extract.model import Char, CleanPage, Doubt, Grid, Image, Origin, Reading, TextLine
from extract.ocr.characters import line_confidence
from extract.ocr.line_reading import Lines
from extract.ocr.lines import ink_projection as plain_cells
from extract.ocr.lines import line_finding as visual
from extract.ocr.lines import page_ink, text_layer
from extract.ocr.recognise import Reader, recognise
from extract.ocr_engine import OcrEngine
from extract.settings.defaults import OcrSettings


@dataclass(frozen=True, eq=False)
class ReadTrace:
    """A page's reading with every intermediate: its ink, the lines of the text layer, the lines that were found on the
    picture, and those after each step of the recognition, by the step's name.
    """

    ink: page_ink.Ink
    given: tuple[TextLine, ...]
    found: tuple[visual.Band, ...]
    steps: Mapping[str, Lines]
    reading: Reading


def read(page: CleanPage, grids: Sequence[Grid], engine: OcrEngine, settings: OcrSettings = OcrSettings()) -> Reading:
    """The lines of a page, top to bottom and left to right, none reaching over the border of a cell.

    A page with a text layer is read from it; the engine then reads only the cells that are inked and have no words.
    A line of empty text with confidence 0 is ink that could not be read.
    """
    return read_traced(page, grids, engine, settings).reading


def read_traced(
    page: CleanPage, grids: Sequence[Grid], engine: OcrEngine, settings: OcrSettings = OcrSettings()
) -> ReadTrace:
    """The reading of a page as `read` gives it, with what led to it."""
    cells = [cell.box for grid in grids for cell in grid.cells if cell.box is not None]
    inked = page_ink.without_rules(page)
    given = text_layer.lines(page.words, cells, page.char_height)
    if given:
        textless = [cell for cell in cells if not any(_stands_in(line, cell) for line in given)]
        found = visual.find((), textless, inked)
    else:
        found = _found(page.image, cells, inked, partial(engine.detect, max_side=detection_side(page, settings)))
    steps = recognise(found, Reader(inked, engine, settings))
    seen = [_below_marks(_line(one.line, one.chars), page) for one in list(steps.values())[-1]]
    lines = in_reading_order([*given, *seen], page.char_height)
    reading = Reading(tuple(replace(line, page=page.ref.page) for line in lines), engine.name)
    return ReadTrace(inked, given, found, steps, reading)


def _found(
    image: Image, cells: Sequence[Box], inked: page_ink.Ink, detect: Callable[[Image], tuple[Quad, ...]]
) -> tuple[visual.Band, ...]:
    """The lines that the ink of plain cells shows, and what the detector finds on the rest of the page."""
    plain = {cell: found for cell in cells if (found := plain_cells.lines(cell, inked)) is not None}
    told = list(plain)
    shown, left = plain_cells.without(image, inked, told)
    quads = [quad for quad in detect(shown) if not plain_cells.covers(told, quad.box)]
    others = [cell for cell in cells if cell not in plain]
    return (*(band for found in plain.values() for band in found), *visual.find(quads, others, left))


def detection_side(page: CleanPage, settings: OcrSettings) -> int:
    """The longest side in pixels at which the page's characters are as high as the detector needs."""
    ratio = min(1.0, settings.detect_char_px / max(1.0, page.char_height))
    height, width = page.image.shape[:2]
    longest: int = max(height, width)
    return min(settings.max_detect_px, round(ratio * longest))


def in_reading_order(lines: Sequence[TextLine], char_height: float) -> tuple[TextLine, ...]:
    """Lines in rows from top to bottom, each row from left to right."""
    rows: list[list[tuple[Box, TextLine]]] = []
    placed = [(line.quad.box, line) for line in lines if line.quad is not None]
    for box, line in sorted(placed, key=lambda item: item[0].cy):
        if rows and box.cy - rows[-1][0][0].cy <= 0.5 * char_height:
            rows[-1].append((box, line))
        else:
            rows.append([(box, line)])
    return tuple(line for row in rows for _, line in sorted(row, key=lambda item: item[0].x0))


def _below_marks(line: TextLine, page: CleanPage) -> TextLine:
    """A line from which coloured ink was lifted is never quite sure: a piece of print may have gone with it."""
    if line.quad is None:
        return line
    box = line.quad.box
    if any(box.overlap(mark) for mark in page.lifted):
        return replace(line, doubts=line.doubts | {Doubt.UNDER_PEN})
    if any(box.overlap(seal) for seal in page.seals):
        return replace(line, doubts=line.doubts | {Doubt.UNDER_SEAL})
    return line


def _stands_in(line: TextLine, cell: Box) -> bool:
    return line.quad is not None and cell.contains(line.quad.box.cx, line.quad.box.cy)


def _line(band: visual.Band, chars: tuple[Char, ...]) -> TextLine:
    kept = line_confidence.trimmed(chars)
    quad: Quad = band.quad or band.box.quad()
    doubts = frozenset[Doubt]().union(*(c.doubts for c in kept))
    text = "".join(c.text for c in kept)
    return TextLine(text, quad, line_confidence.confidence(kept), Origin.OCR, kept, doubts=doubts)
