"""Lone dashes, told by their shape: the recogniser reads them as a character or as nothing."""

from __future__ import annotations

from extract.model import Char, Doubt
from extract.ocr.lines.components import large
from extract.ocr.lines.line_finding import Band
from extract.ocr.lines.page_ink import bounds

_MAX_HEIGHT_CHARS = 0.22
_MIN_WIDTH_CHARS = 0.22
_EM_WIDTH_CHARS = 0.6
_MAX_WIDTH_CHARS = 2.6
_MIN_ASPECT = 1.5
_MAX_EM_HEIGHT_CHARS = 0.32
_MIN_EM_ASPECT = 3.0
_CONFIDENCE = 0.96
_OFF_MIDDLE = 0.25
_OTHER_SHARE, _OFF_SHARE = 0.04, 0.4
"""How likely a flat stroke is something else: in the middle of its cell, and off it."""


def read(band: Band, char_height: float) -> tuple[Char, ...] | None:
    """A dash where the band holds one flat stroke and nothing else but specks, None where it does not.

    Dashes of a cell are `—` from 0.6 characters of width on, else `-`. One that lies far off the middle of its
    cell may be a fleck or a piece of a rule, and carries that doubt.
    """
    if band.region is None or not len(band.ink):
        return None
    strokes = band.ink[large(band.ink, char_height)]
    if len(strokes) != 1:
        return None
    box = bounds(strokes)
    width, height = box.width / char_height, box.height / char_height
    hyphen = height <= _MAX_HEIGHT_CHARS and width >= _MIN_ASPECT * height
    em = height <= _MAX_EM_HEIGHT_CHARS and width >= _MIN_EM_ASPECT * height
    if not (hyphen or em) or not _MIN_WIDTH_CHARS <= width <= _MAX_WIDTH_CHARS:
        return None
    off = abs(box.cy - band.region.cy) / max(1.0, band.region.height)
    share, doubts = (_OFF_SHARE, frozenset({Doubt.OFF_MIDDLE})) if off > _OFF_MIDDLE else (_OTHER_SHARE, frozenset())
    text = "\N{EM DASH}" if width >= _EM_WIDTH_CHARS else "-"
    return (Char(text, _CONFIDENCE, (("", share), ("\u4e00", share / 2)), 0.5, doubts),)
