"""Vector rules of a PDF page: straight strokes along the axes, and thin filled rectangles."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator

import numpy as np
import pypdfium2.raw as pdfium

from extract.geometry import Points
from extract.load.pdf_objects import Matrix, Placed
from extract.model import Rule

MAX_RULES = 20_000
"""A page with more straight strokes is a drawing, not a table; its rules are found on the image."""

_MIN_LENGTH_PT = 3.0
_MAX_THICKNESS_PT = 3.0
_MAX_SLOPE = 0.01
_NEARLY_WHITE = 250


def rules(items: Iterable[Placed], px_per_pt: float, width_px: int, height_px: int) -> tuple[Rule, ...]:
    """Horizontal and vertical rules in page-image pixels, cut at the page's edge; empty for drawings (MAX_RULES)."""
    found: list[Rule] = []
    for item in items:
        if item.type == pdfium.FPDF_PAGEOBJ_PATH:
            found += _of_path(item, px_per_pt)
        if len(found) > MAX_RULES:
            return ()
    return tuple(rule for rule in (_clip(r, width_px, height_px) for r in found) if rule is not None)


def _of_path(item: Placed, px_per_pt: float) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item.raw, fill, stroke):
        return
    stroked = bool(stroke.value) and _visible(item, pdfium.FPDFPageObj_GetStrokeColor)
    filled = bool(fill.value) and _visible(item, pdfium.FPDFPageObj_GetFillColor)
    if not stroked and not filled:
        return
    for points in _polylines(item):
        if stroked:
            yield from _of_strokes(points, px_per_pt)
        elif filled:
            yield from _of_bar(points, px_per_pt)


def _visible(item: Placed, colour: object) -> bool:
    r, g, b, a = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    if not callable(colour) or not colour(item.raw, r, g, b, a):
        return True
    return a.value > 0 and min(r.value, g.value, b.value) < _NEARLY_WHITE


def _polylines(item: Placed) -> Iterator[Points]:
    """The subpaths without curves, in pixels; a closed one ends where it began."""
    points: list[tuple[float, float]] = []
    curved = False
    for index in range(pdfium.FPDFPath_CountSegments(item.raw)):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                yield _to_pixels(points, item.matrix)
            points, curved = [], False
        curved |= kind == pdfium.FPDF_SEGMENT_BEZIERTO
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1 and not curved:
        yield _to_pixels(points, item.matrix)


def _to_pixels(points: list[tuple[float, float]], matrix: Matrix) -> Points:
    array = np.array(points, dtype=np.float64)
    result: Points = array @ matrix[:2, :2].T + matrix[:2, 2]
    return result


def _of_strokes(points: Points, px_per_pt: float) -> Iterator[Rule]:
    for (x0, y0), (x1, y1) in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
        long, short = max(abs(x1 - x0), abs(y1 - y0)), min(abs(x1 - x0), abs(y1 - y0))
        if long >= _MIN_LENGTH_PT * px_per_pt and short <= _MAX_SLOPE * long:
            yield _straight(x0, y0, x1, y1)


def _of_bar(points: Points, px_per_pt: float) -> Iterator[Rule]:
    """The middle line of a thin upright rectangle, which is how word processors draw borders."""
    low, high = points.min(axis=0), points.max(axis=0)
    on_edge = np.isclose(points, low, atol=0.01 * px_per_pt) | np.isclose(points, high, atol=0.01 * px_per_pt)
    width, height = (float(v) for v in high - low)
    thin = min(width, height) <= _MAX_THICKNESS_PT * px_per_pt
    if len(points) < 4 or not on_edge.all() or not thin:
        return
    if max(width, height) >= max(_MIN_LENGTH_PT * px_per_pt, 3 * min(width, height)):
        yield _straight(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _straight(x0: float, y0: float, x1: float, y1: float) -> Rule:
    """A rule exactly along the axis it runs along, in the middle of its thickness."""
    if abs(x1 - x0) >= abs(y1 - y0):
        y = (y0 + y1) / 2
        return Rule(min(x0, x1), y, max(x0, x1), y)
    x = (x0 + x1) / 2
    return Rule(x, min(y0, y1), x, max(y0, y1))


def _clip(rule: Rule, width_px: int, height_px: int) -> Rule | None:
    inside = rule.x1 >= 0 and rule.y1 >= 0 and rule.x0 <= width_px and rule.y0 <= height_px
    if not inside:
        return None
    x0, x1 = max(rule.x0, 0.0), min(rule.x1, float(width_px))
    y0, y1 = max(rule.y0, 0.0), min(rule.y1, float(height_px))
    return Rule(x0, y0, x1, y1)
