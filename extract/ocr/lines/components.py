"""Connected pieces of a cell's ink: which are text, which stand in one row, which are dust at its ends."""

from __future__ import annotations

import numpy as np

from extract.geometry import Box
from extract.ocr.lines.page_ink import Boxes

_Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

_SPECK_CHARS = 0.22
_SPECK_AREA_CHARS = 0.015
_DOT_CHARS = 0.3
_FLECK_GAP_CHARS = 0.35
_SENTENCE_CHARS = 3.4
_EDGE_CHARS = 0.1
_RULE_REMNANT_CHARS = 0.15
JOIN_GAP_CHARS = 3.0
"""What stands further apart on one row is no line together."""


def real(inked: Boxes, cell: Box, char: float) -> Boxes:
    """Components of a cell without the remnants of its rules: thin strokes along an edge."""
    w, h = inked[:, 2] - inked[:, 0], inked[:, 3] - inked[:, 1]
    near_x = np.minimum(inked[:, 0] - cell.x0, cell.x1 - inked[:, 2]) < _EDGE_CHARS * char
    near_y = np.minimum(inked[:, 1] - cell.y0, cell.y1 - inked[:, 3]) < _EDGE_CHARS * char
    thin = _RULE_REMNANT_CHARS * char
    kept: Boxes = inked[~((near_x & (w < thin)) | (near_y & (h < thin)))]
    return kept


def large(inked: Boxes, char: float) -> _Mask:
    """Which components are too large to be specks of dust: a hyphen is, a full stop is not."""
    size = np.maximum(inked[:, 2] - inked[:, 0], inked[:, 3] - inked[:, 1])
    large: _Mask = (size >= _SPECK_CHARS * char) & (inked[:, 4] >= _SPECK_AREA_CHARS * char**2)
    return large


def rows(inked: Boxes) -> list[Boxes]:
    """Components in groups whose vertical extents are apart."""
    order = inked[np.argsort(inked[:, 1])]
    reach = np.maximum.accumulate(order[:, 3])
    cuts = np.flatnonzero(order[1:, 1] >= reach[:-1]) + 1
    return list(np.split(order, cuts))


def words(inked: Boxes, char: float) -> list[Boxes]:
    """Components of a row in groups with wide gaps between them."""
    order = inked[np.argsort(inked[:, 0])]
    reach = np.maximum.accumulate(order[:, 2])
    cuts = np.flatnonzero(order[1:, 0] - reach[:-1] > JOIN_GAP_CHARS * char) + 1
    return list(np.split(order, cuts))


def without_flecks(inked: Boxes, char: float, paragraph: bool = False) -> tuple[Boxes, Boxes]:
    """The text of a line, and the flecks at its ends: single dots too far off to be punctuation."""
    order = inked[np.argsort(inked[:, 0])]
    start, end = 0, len(order)
    gap = _FLECK_GAP_CHARS * char
    while end - start > 1 and is_dot(order[start : start + 1], char) and order[start + 1, 0] - order[start, 2] >= gap:
        start += 1
    while (
        end - start > 1 and is_dot(order[end - 1 : end], char) and order[end - 1, 0] - order[: end - 1, 2].max() >= gap
    ):
        if _ends_sentence(order[start:end], char, paragraph):
            break
        end -= 1
    return order[start:end], np.vstack((order[:start], order[end:]))


def _ends_sentence(order: Boxes, char: float, paragraph: bool) -> bool:
    """Whether the last component may be the full stop of a sentence: low, and no further off than its own square."""
    text, stop = order[:-1], order[-1]
    top, bottom, right = text[:, 1].min(), text[:, 3].max(), text[:, 2].max()
    long = paragraph or right - text[:, 0].min() >= _SENTENCE_CHARS * char
    low = (stop[1] + stop[3]) / 2 >= top + 0.55 * (bottom - top)
    return bool(long and low and stop[0] - right < char and stop[2] - stop[0] >= 0.15 * char)


def is_dot(inked: Boxes, char: float) -> bool:
    """Whether ink is a single round and solid fleck: no character that stands alone looks like it."""
    if len(inked) != 1:
        return False
    x0, y0, x1, y1, area = inked[0]
    w, h = x1 - x0, y1 - y0
    return bool(max(w, h) <= _DOT_CHARS * char and max(w, h) <= 1.5 * min(w, h) and area >= 0.5 * w * h)
