"""Cells whose lines their ink shows plainly, in rows that stand apart: nothing is left for a detector to find."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.geometry import Box
from extract.model import Image
from extract.ocr import pieces
from extract.ocr.bands import Band, split
from extract.ocr.ink import Boxes, Ink, bounds

_TALLEST_CHARS = 1.5
_REACH_CHARS = 0.12
_STROKE_CHARS = 0.3
_FAINT_REACH_CHARS = 1.5
_FAINT_GAP_CHARS = 0.25
_MIN_FAINT_CHARS = 0.3
_MIN_FAINT_AREA_CHARS = 0.02
_PAPER = 255


def lines(cell: Box, ink: Ink) -> tuple[Band, ...] | None:
    """The lines of a cell, none where it is empty; None where its ink does not show them plainly."""
    char = ink.char_height
    interior = ink.interior(cell)
    inked = pieces.real(ink.inside(interior), interior, char)
    large = pieces.large(inked, char)
    if not large.any():
        return ()
    rows = split(Band(bounds(inked[large]), inked[large], interior), char)
    small = inked[~large]
    words = [
        pieces.without_flecks(word, char, paragraph=len(rows) > 1)
        for row in rows
        for word in pieces.words(np.vstack((row.ink, small[_level(small, row.box, char)])), char)
    ]
    found = [
        Band(bounds(text), text, interior, flecks=flecks)
        for text, flecks in words
        if pieces.large(text, char).any() and not pieces.is_dot(text, char)
    ]
    return None if any(_is_odd(band, interior, ink) for band in found) else tuple(found)


def without(image: Image, cells: Sequence[Box]) -> Image:
    """A picture with some cells painted white."""
    painted = image.copy()
    for cell in cells:
        painted[max(0, round(cell.y0)) : round(cell.y1), max(0, round(cell.x0)) : round(cell.x1)] = _PAPER
    return painted


def _is_odd(band: Band, interior: Box, ink: Ink) -> bool:
    """Whether a line may be more or less than it seems: too tall, a lone stroke (a 1, or the rest of a rule), faint
    marks beside it.
    """
    char, box = ink.char_height, band.box
    stroke = len(band.ink) == 1 and box.width < _STROKE_CHARS * char and box.height > 2 * box.width
    return stroke or box.height > _TALLEST_CHARS * char or _has_faint_beside(box, interior, ink)


def _has_faint_beside(box: Box, interior: Box, ink: Ink) -> bool:
    """Whether there are marks beside a line that are too faint for ink: a thin `>` in front of a figure."""
    char = ink.char_height
    near = box.expand(_FAINT_REACH_CHARS * char, 0)
    left, right = max(near.x0, interior.x0, 0), min(near.x1, interior.x1)
    inked = np.count_nonzero(ink.faint[round(box.y0) : round(box.y1), round(left) : round(right)], axis=0)
    columns = np.flatnonzero(inked)
    cuts = np.flatnonzero(np.diff(columns) > _FAINT_GAP_CHARS * char) + 1
    own = box.x0 - round(left), box.x1 - round(left)
    return any(
        max(own[0] - part[0], part[-1] + 1 - own[1]) >= _MIN_FAINT_CHARS * char
        and inked[part[(part < own[0]) | (part >= own[1])]].sum() >= _MIN_FAINT_AREA_CHARS * char**2
        for part in np.split(columns, cuts)
        if len(part)
    )


def _level(small: Boxes, row: Box, char: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which specks stand in a row, as points and commas do."""
    cy = (small[:, 1] + small[:, 3]) / 2
    level: np.ndarray[tuple[int], np.dtype[np.bool_]] = (cy >= row.y0) & (cy <= row.y1 + _REACH_CHARS * char)
    return level
