"""Cells whose lines their ink shows plainly, in rows that stand apart: nothing is left for a detector to find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.geometry import Box
from extract.model import Image
from extract.ocr.lines import components
from extract.ocr.lines.line_finding import Band, split
from extract.ocr.lines.page_ink import Boxes, Ink, bounds

_LOWEST_CHARS, _TALLEST_CHARS = 0.5, 1.5
_NARROWEST_CHARS = 0.35
_DASH_ASPECT = 2.0
_STROKE_CHARS = 0.25
_STROKE_GAP_CHARS = 0.3
_REACH_CHARS = 0.12
_FAINT_REACH_CHARS = 1.5
_FAINT_GAP_CHARS = 0.25
_MIN_FAINT_CHARS = 0.3
_MIN_FAINT_AREA_CHARS = 0.02
_RULE_CHARS = 0.15
_PAPER = 255


def lines(cell: Box, ink: Ink) -> tuple[Band, ...] | None:
    """The lines of a cell, none where it is empty; None where its ink does not show them plainly."""
    char = ink.char_height
    interior = ink.interior(cell)
    inked = components.real(ink.inside(interior), interior, char)
    large = components.large(inked, char)
    if not large.any():
        return ()
    rows = split(Band(bounds(inked[large]), inked[large], interior), char)
    small = inked[~large]
    level = [_level(small, row.box, char) for row in rows]
    words = [
        components.without_flecks(word, char, paragraph=len(rows) > 1)
        for row, beside in zip(rows, level, strict=True)
        for word in components.words(np.vstack((row.ink, small[beside])), char)
    ]
    dusty = any(len(flecks) for _, flecks in words) or not np.any(level, axis=0).all()
    found = [Band(bounds(text), text, interior) for text, _ in words]
    return None if dusty or any(_is_odd(band, interior, ink) for band in found) else tuple(found)


def without(image: Image, ink: Ink, cells: Sequence[Box]) -> tuple[Image, Ink]:
    """A page's picture with some cells painted white, and the rules around them; and its ink without theirs.

    Other cells keep their rules: by those beside it a detector tells the rest of a rule from a 1.
    """
    rule = _RULE_CHARS * ink.char_height
    shown, unruled = image.copy(), ink.unruled.copy()
    for cell in cells:
        shown[_part(cell.expand(rule))] = _PAPER
        unruled[_part(cell)] = 0
    return shown, replace(ink, unruled=unruled)


def covers(cells: Sequence[Box], box: Box) -> bool:
    """Whether most of a box lies in cells: where they were painted white, a detector has seen nothing."""
    return sum(map(box.overlap, cells)) > 0.5 * box.area


def _part(box: Box) -> tuple[slice, slice]:
    return slice(max(0, round(box.y0)), round(box.y1)), slice(max(0, round(box.x0)), round(box.x1))


def _is_odd(band: Band, interior: Box, ink: Ink) -> bool:
    """Whether a line may be more or less than it seems: too tall; so low that it is dust, if no dash; so narrow that it
    is a 1 or the rest of a rule, or with such a stroke at an end; with faint marks beside it.
    """
    width, height = band.box.width / ink.char_height, band.box.height / ink.char_height
    low = height < _LOWEST_CHARS and width < _DASH_ASPECT * height
    narrow = width < _NARROWEST_CHARS and height > 2 * width
    ruled = _ends_in_stroke(band.ink, ink.char_height)
    return low or narrow or ruled or height > _TALLEST_CHARS or _has_faint_beside(band.box, interior, ink)


def _ends_in_stroke(text: Boxes, char: float) -> bool:
    """Whether an upright stroke stands a little off at an end of a line, as the rest of a rule does."""
    order = text[np.argsort(text[:, 0])]
    width, height = order[:, 2] - order[:, 0], order[:, 3] - order[:, 1]
    stroke = (width < _STROKE_CHARS * char) & (height > 2 * width)
    reach = np.maximum.accumulate(order[:, 2])
    gaps = order[1:, 0] - reach[:-1] > _STROKE_GAP_CHARS * char
    return len(order) > 1 and bool((stroke[0] and gaps[0]) or (stroke[-1] and gaps[-1]))


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
