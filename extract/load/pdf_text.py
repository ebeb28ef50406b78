"""The text layer of a PDF page: its visible characters, joined to runs that stay within one table cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from extract.geometry import Box, Quad
from extract.load.pdf_objects import Matrix
from extract.model import Origin, Rule, TextLine
from extract.text import is_sane

Boxes = npt.NDArray[np.float64]

_INVISIBLE = 3  # ISO 32000-1, table 106: neither fill nor stroke
_MAX_GAP = 1.0
_MAX_BACK = 0.6
_MAX_RISE = 0.5
_MIN_WALL_GAP = 0.12
_MIN_DOUBLE_SHARE = 0.8
_LAST_CODE = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character of the text layer; its box is in pixels of the page turned so that its line reads left to right."""

    text: str
    box: Box
    turn: int
    sane: bool = True


@dataclass(frozen=True, eq=False)
class Place:
    """Where a page's canvas lies in its image: the matrix to pixels, and the image's width and height."""

    to_pixels: Matrix
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class Layer:
    """All visible glyphs of a page in the order of its text, None where the text breaks."""

    glyphs: tuple[Glyph | None, ...]
    place: Place

    @property
    def insane_share(self) -> float:
        """Share of the printing characters that are replacement, private-use or control characters; 0 for none."""
        printing = [glyph for glyph in self.glyphs if glyph and not glyph.text.isspace()]
        return sum(not glyph.sane for glyph in printing) / max(1, len(printing))


def layer(page: Any, place: Place) -> Layer:
    """The visible characters that lie on the page. Raises pypdfium2.PdfiumError where the page has no text page."""
    textpage = page.get_textpage()
    try:
        count = max(0, pdfium.FPDFText_CountChars(textpage))
        return Layer(tuple(_glyph(textpage, index, place) for index in range(count)), place)
    finally:
        textpage.close()


def _glyph(textpage: Any, index: int, place: Place) -> Glyph | None:
    code = pdfium.FPDFText_GetUnicode(textpage, index)
    text = "-" if pdfium.FPDFText_IsHyphen(textpage, index) == 1 else chr(min(code, _LAST_CODE))
    if text in ("\r", "\n"):
        return None
    owner = pdfium.FPDFText_GetTextObject(textpage, index)
    if owner and pdfium.FPDFTextObj_GetTextRenderMode(owner) == _INVISIBLE:
        return None
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage, index, rect):
        return None
    corners = np.array([[rect.left, rect.bottom, 1], [rect.right, rect.top, 1]]) @ place.to_pixels[:2].T
    (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    on_page = 0 <= (x0 + x1) / 2 <= place.width and 0 <= (y0 + y1) / 2 <= place.height
    if not on_page or not math.isfinite(x0 + y0 + x1 + y1):
        return None
    turn = _turn(textpage, index, place.to_pixels)
    sane = is_sane(text) and pdfium.FPDFText_HasUnicodeMapError(textpage, index) != 1
    return Glyph(text, _turned(Box(x0, y0, x1, y1), turn, place), turn, sane)


def _turn(textpage: Any, index: int, to_pixels: Matrix) -> int:
    """By how many quarter turns counter-clockwise the text is turned on the page image."""
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage, index, m):
        return 0
    x, y = to_pixels[:2, :2] @ np.array([m.a, m.b])
    return round(math.atan2(-y, x) / (math.pi / 2)) % 4


def _turned(box: Box, turn: int, place: Place) -> Box:
    """The box on the page turned clockwise by `turn` quarters, so that the text reads left to right."""
    for step in range(turn):
        side = place.height if step % 2 == 0 else place.width
        box = Box(side - box.y1, box.x0, side - box.y0, box.x1)
    return box


def _returned(box: Box, turn: int, place: Place) -> Quad:
    """The box on the page image, its points clockwise from the text's own top left."""
    points = box.corners()
    for step in reversed(range(turn)):
        side = place.height if step % 2 == 0 else place.width
        points = np.column_stack((points[:, 1], side - points[:, 0]))
    return Quad.of(points)


def runs(text: Layer, rules: Iterable[Rule]) -> tuple[TextLine, ...]:
    """Runs of neighbouring glyphs as lines, quads in page-image pixels.

    A run ends where the layer's text breaks, where the direction or the line changes, at a gap wider than a character
    (in units of the glyph's height, `_MAX_GAP`), and at a rule that stands between two glyphs.
    """
    walls = _walls(tuple(rules), text.place)
    lines: list[TextLine] = []
    current: list[Glyph] = []
    for glyph in (*text.glyphs, None):
        if glyph is not None and current and _is_double(current[-1], glyph):
            continue
        if glyph is not None and (not current or _belongs(current, glyph, walls[glyph.turn])):
            current.append(glyph)
            continue
        lines += _line(current, text.place)
        current = [] if glyph is None else [glyph]
    return tuple(_without_doubles(lines))


def _walls(rules: Sequence[Rule], place: Place) -> tuple[Boxes, ...]:
    """Per quarter turn, the rules that stand upright in that view, as (n, 4) arrays of x0, y0, x1, y1."""
    views = []
    for turn in range(4):
        boxes = [_turned(Box(rule.x0, rule.y0, rule.x1, rule.y1), turn, place) for rule in rules]
        upright = [(box.x0, box.y0, box.x1, box.y1) for box in boxes if box.height > box.width]
        views.append(np.array(upright, dtype=np.float64).reshape(-1, 4))
    return tuple(views)


def _belongs(run: Sequence[Glyph], glyph: Glyph, walls: Boxes) -> bool:
    last = next((g for g in reversed(run) if not g.text.isspace()), run[0])
    if glyph.turn != last.turn or abs(glyph.box.cy - last.box.cy) > _MAX_RISE * last.box.height:
        return False
    if glyph.text.isspace():
        return True
    unit = max(glyph.box.height, last.box.height)
    gap = glyph.box.x0 - last.box.x1
    if not -_MAX_BACK * unit <= gap <= _MAX_GAP * unit:
        return False
    if gap < _MIN_WALL_GAP * unit:  # text that runs over a rule is one text still
        return True
    between = (walls[:, 0] > last.box.cx) & (walls[:, 0] < glyph.box.cx)
    beside = (walls[:, 1] < glyph.box.cy) & (walls[:, 3] > glyph.box.cy)
    return not bool((between & beside).any())


def _is_double(last: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph repeats the last one a hair's breadth away, as some programs do to print bold."""
    return last.text == glyph.text and last.box.overlap(glyph.box) > _MIN_DOUBLE_SHARE * glyph.box.area


def _without_doubles(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    """The lines without those that are printed a second time over themselves."""
    seen: dict[str, list[Box]] = {}
    for line in lines:
        box = line.quad.box if line.quad else Box(0, 0, 0, 0)
        twins = seen.setdefault(line.text, [])
        if not any(twin.overlap(box) > _MIN_DOUBLE_SHARE * box.area for twin in twins):
            twins.append(box)
            yield line


def _line(run: Sequence[Glyph], place: Place) -> Iterator[TextLine]:
    printing = [glyph for glyph in run if not glyph.text.isspace()]
    if printing:
        text = "".join(glyph.text for glyph in run).strip()
        quad = _returned(Box.around(glyph.box for glyph in printing), run[0].turn, place)
        yield TextLine(text, quad, None, Origin.TEXT_LAYER)
