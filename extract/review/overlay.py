"""Pictures of what a stage found, drawn on the source scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from extract.geometry import Box, Quad, Transform
from extract.model import Cell, Image, Record, Severity
from extract.review.canvas import AMBER, BLUE, GREEN, RED, VIOLET, Canvas, Colour

if TYPE_CHECKING:
    from extract.forms import FormReading
    from extract.forms.matching.match import LabelMatch
    from extract.pipeline import Trace

GRAVITY = (GREEN, AMBER, RED)

LOW_CONFIDENCE = 0.9
"""Below this a line's confidence is written beside it; for the eye only, no value depends on it."""


def clean(trace: Trace) -> Image:
    """The sheet that was found, the seals that were lifted, and by how much the page was turned."""
    canvas = canvas_of(trace)
    page = trace.clean
    height, width = page.image.shape[:2]
    canvas.outline(page.to_source.quad(Box(0, 0, width, height)), BLUE, pen=3)
    for seal in page.seals:
        quad = page.to_source.quad(seal)
        canvas.outline(quad, RED, fill=25)
        canvas.label(quad.box.x0, quad.box.y0, "seal", RED)
    turned = f"turned {page.turn_deg} deg, skew {page.skew_deg:.2f} deg"
    canvas.notes([(f"{turned}, characters {page.char_height:.0f} px, seals {len(page.seals)}", BLUE)])
    return canvas.image()


def binarised(trace: Trace) -> Image:
    """The ink of the straightened page: what grid and reading work on, black on white, in clean pixels."""
    return np.asarray(cv2.cvtColor(cv2.bitwise_not(trace.clean.ink), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def lines(trace: Trace) -> Image:
    """Every line of text, blue in a table, violet outside; the confidence where it is low."""
    canvas = canvas_of(trace)
    inside = [(line, BLUE) for grid in trace.grids for cell in grid.cells for line in cell.lines]
    for line, colour in [*inside, *((line, VIOLET) for line in trace.free)]:
        if line.quad is None:
            continue
        quad = trace.clean.to_source.quad(line.quad)
        canvas.outline(quad, colour, fill=20)
        if line.confidence is not None and line.confidence < LOW_CONFIDENCE:
            canvas.label(*quad.points[0], f"{line.confidence:.2f}", AMBER)
    return canvas.image()


def cells(trace: Trace) -> Image:
    """Every cell with its row and column; green where it spans several."""
    canvas = canvas_of(trace)
    for found in trace.grids:
        for cell in found.cells:
            _cell(canvas, cell, trace.clean.to_source)
    return canvas.image()


def values(trace: Trace) -> Image:
    """Every value on the page with its key, coloured by doubt; what the form lacks is listed at the top."""
    canvas = canvas_of(trace)
    missing: list[tuple[str, Colour]] = []
    for record in trace.records:
        prefix = f"#{record.source['index']} " if len(trace.records) > 1 else ""
        colours = _colours(record)
        _values(canvas, record, colours, prefix, trace.page.ref.page)
        missing += [(f"{prefix}missing: {pointer}", RED) for pointer in _missing(record, colours)]
    canvas.notes(missing)
    return canvas.image()


def labels(trace: Trace) -> Image:
    """Every printed text that was taken for the label of a field or a row, with what it names."""
    return _labelled(trace, [match for reading in _readings(trace) for match in reading.alignment.labels], BLUE)


def columns(trace: Trace) -> Image:
    """Every header of a matrix or table, with the column that it names."""
    return _labelled(trace, [match for reading in _readings(trace) for match in reading.alignment.columns], VIOLET)


def _readings(trace: Trace) -> list[FormReading]:
    return [sheet.reading for sheet in trace.forms if sheet.reading is not None]


def _labelled(trace: Trace, matches: Sequence[LabelMatch], colour: Colour) -> Image:
    canvas = canvas_of(trace)
    for match in matches:
        if match.box is not None and match.page == trace.page.ref.page:
            quad = trace.clean.to_source.quad(match.box)
            canvas.outline(quad, colour, fill=30)
            canvas.label(*quad.points[0], match.pointer, colour)
    return canvas.image()


def _source_height(trace: Trace) -> float:
    """The height of a character in pixels of the source."""
    height, width = trace.clean.image.shape[:2]
    square = Box(width / 2, height / 2, width / 2 + trace.clean.char_height, height / 2 + trace.clean.char_height)
    points = trace.clean.to_source.quad(square).array()
    return float(np.linalg.norm(points[3] - points[0]))


def canvas_of(trace: Trace) -> Canvas:
    """The source scan of a page, to draw on."""
    return Canvas(trace.page.image, _source_height(trace))


def _cell(canvas: Canvas, cell: Cell, to_source: Transform) -> None:
    if cell.box is None:
        return
    rows, cols = cell.row_end - cell.row, cell.col_end - cell.col
    merged = rows > 1 or cols > 1
    colour = GREEN if merged else BLUE
    quad = to_source.quad(cell.box.expand(-1))
    canvas.outline(quad, colour, fill=45 if merged else 15)
    x, y = quad.points[0]
    text = f"{cell.row},{cell.col}" + (f" {rows}x{cols}" if merged else "")
    canvas.label(x + 2, y + min(quad.box.height, canvas.unit), text, colour)


def _values(canvas: Canvas, record: Record, colours: Mapping[str, Colour], prefix: str, page: int) -> None:
    """Each piece of ink once, labelled with the shortest of its pointers (`target`, not `target_value/number`)."""
    pointers: dict[Quad, list[str]] = {}
    for pointer, evidence in record.evidence.items():
        if evidence.quad is not None and evidence.page == page:
            pointers.setdefault(evidence.quad, []).append(pointer)
    for quad, shared in pointers.items():
        colour = max((colours.get(pointer, GREEN) for pointer in shared), key=GRAVITY.index)
        canvas.outline(quad, colour, fill=30)
        canvas.label(*quad.points[0], prefix + _short(min(shared, key=len)), colour)


def _missing(record: Record, colours: Mapping[str, Colour]) -> list[str]:
    """Pointers of errors that have no ink to be drawn on."""
    return sorted(p for p, colour in colours.items() if colour is RED and p and p not in record.evidence)


def _colours(record: Record) -> dict[str, Colour]:
    """The colour of every doubtful value: red for an error, amber for a warning."""
    colours: dict[str, Colour] = {}
    for issue in record.issues:
        if issue.severity is not Severity.INFO:
            colour = RED if issue.severity is Severity.ERROR else AMBER
            colours[issue.pointer] = max(colour, colours.get(issue.pointer, GREEN), key=GRAVITY.index)
    return colours


def _short(pointer: str) -> str:
    """A pointer's last part, behind the row's number where it stands in a list: /indicators/3/score -> 3/score."""
    parts = pointer.strip("/").split("/")
    numbers = [part for part in parts[:-1] if part.isdigit()]
    return "/".join([*numbers, parts[-1]])
