"""Pictures of what a stage found, drawn on the source scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from extract.geometry import Box, Quad, Transform
from extract.model import Cell, Image, Record, Severity

if TYPE_CHECKING:
    from extract.pipeline import Trace

Colour = tuple[int, int, int]

GREEN: Colour = (0, 140, 60)
AMBER: Colour = (215, 130, 0)
RED: Colour = (205, 30, 30)
BLUE: Colour = (20, 90, 200)
VIOLET: Colour = (130, 50, 170)

GRAVITY = (GREEN, AMBER, RED)

LOW_CONFIDENCE = 0.9
"""Below this a line's confidence is written beside it; for the eye only, no value depends on it."""


class Canvas:
    """The source scan, to draw on in its own pixels; sizes follow the height of the page's characters."""

    def __init__(self, image: Image, char_height: float) -> None:
        colour = cv2.cvtColor(image, cv2.COLOR_GRAY2RGB if image.ndim == 2 else cv2.COLOR_BGR2RGB)
        self._image = PillowImage.fromarray(colour)
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self.unit = max(8.0, char_height)
        self._font = ImageFont.load_default(round(self.unit * 0.5))
        self._pen = max(1, round(self.unit / 12))

    def outline(self, quad: Quad, colour: Colour, fill: int = 0, pen: float = 1.0) -> None:
        """A quad's border; `fill` is the opacity of its inside, 0 to 255."""
        self._draw.polygon(quad.points, fill=(*colour, fill) if fill else None)
        self._draw.line([*quad.points, quad.points[0]], fill=(*colour, 255), width=max(1, round(self._pen * pen)))

    def label(self, x: float, y: float, text: str, colour: Colour) -> None:
        """White text on a coloured ground, its lower left corner at the point, pushed back onto the page."""
        left, top, right, bottom = self._draw.textbbox((0, 0), text, font=self._font)
        x = min(max(0.0, x), max(0.0, self._image.width - (right - left) - 4))
        y = max(0.0, y - (bottom - top) - 4)
        self._draw.rectangle((x, y, x + right - left + 4, y + bottom - top + 4), fill=(*colour, 215))
        self._draw.text((x + 2 - left, y + 2 - top), text, fill=(255, 255, 255, 255), font=self._font)

    def notes(self, lines: list[tuple[str, Colour]]) -> None:
        """Lines of text at the top left of the page."""
        y = self.unit
        for text, colour in lines:
            self.label(self.unit / 2, y, text, colour)
            y += self.unit

    def image(self) -> Image:
        """What was drawn, (h, w, 3) BGR."""
        return np.asarray(cv2.cvtColor(np.asarray(self._image), cv2.COLOR_RGB2BGR), dtype=np.uint8)


def clean(trace: Trace) -> Image:
    """The sheet that was found, the seals that were lifted, and by how much the page was turned."""
    canvas = _canvas(trace)
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


def lines(trace: Trace) -> Image:
    """Every line of text, blue in a table, violet outside; the confidence where it is low."""
    canvas = _canvas(trace)
    inside = [(line, BLUE) for grid in trace.grids for cell in grid.cells for line in cell.lines]
    for line, colour in [*inside, *((line, VIOLET) for line in trace.free)]:
        if line.quad is None:
            continue
        quad = trace.clean.to_source.quad(line.quad)
        canvas.outline(quad, colour, fill=20)
        if line.confidence is not None and line.confidence < LOW_CONFIDENCE:
            canvas.label(*quad.points[0], f"{line.confidence:.2f}", AMBER)
    return canvas.image()


def grid(trace: Trace) -> Image:
    """Every cell with its row and column; green where it spans several."""
    canvas = _canvas(trace)
    for found in trace.grids:
        for cell in found.cells:
            _cell(canvas, cell, trace.clean.to_source)
    return canvas.image()


def fields(trace: Trace) -> Image:
    """Every value on the page with its key, coloured by doubt; what the form lacks is listed at the top."""
    canvas = _canvas(trace)
    missing: list[tuple[str, Colour]] = []
    for record in trace.records:
        prefix = f"#{record.source['index']} " if len(trace.records) > 1 else ""
        colours = _colours(record)
        _values(canvas, record, colours, prefix, trace.page.ref.page)
        missing += [(f"{prefix}missing: {pointer}", RED) for pointer in _missing(record, colours)]
    canvas.notes(missing)
    return canvas.image()


def _source_height(trace: Trace) -> float:
    """The height of a character in pixels of the source."""
    height, width = trace.clean.image.shape[:2]
    square = Box(width / 2, height / 2, width / 2 + trace.clean.char_height, height / 2 + trace.clean.char_height)
    points = trace.clean.to_source.quad(square).array()
    return float(np.linalg.norm(points[3] - points[0]))


def _canvas(trace: Trace) -> Canvas:
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
