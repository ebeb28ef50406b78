"""What is drawn on a PDF page: its objects with their place in page-image pixels, and what they cover."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

Matrix = npt.NDArray[np.float64]
"""(3, 3), for column vectors (x, y, 1)."""

MAX_OBJECTS = 200_000
_MAX_DEPTH = 10
_DEVICE = 1_000_000  # FPDF_PageToDevice answers in whole device pixels: ask on a fine raster and scale back


@dataclass(frozen=True, eq=False)
class Placed:
    """A page object with the matrix from its own space to the page, in the units the page was asked for."""

    raw: Any
    type: int
    matrix: Matrix


@dataclass(frozen=True, eq=False)
class Objects:
    """The objects of a page in drawing order; `complete` is False where there were too many to walk."""

    items: tuple[Placed, ...]
    complete: bool

    def scaled(self, x: float, y: float) -> Objects:
        """The same objects with the page's units divided by x and y."""
        scale = np.diag([x, y, 1.0])
        return Objects(tuple(Placed(i.raw, i.type, scale @ i.matrix) for i in self.items), self.complete)


def page_matrix(page: Any) -> Matrix:
    """From PDF canvas units to the unit square: the page as a viewer shows it, crop box and /Rotate applied."""

    def shown(x: float, y: float) -> Matrix:
        px, py = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, px, py)
        return np.array([px.value, py.value]) / _DEVICE

    left, bottom, right, top = page.get_bbox()
    origin = shown(left, bottom)
    x_axis = (shown(right, bottom) - origin) / max(right - left, 1e-3)
    y_axis = (shown(left, top) - origin) / max(top - bottom, 1e-3)
    shift = origin - x_axis * left - y_axis * bottom
    return np.vstack((np.column_stack((x_axis, y_axis, shift)), [0, 0, 1.0]))


def objects(page: Any) -> Objects:
    """All objects of a page, those inside of forms too, placed in the unit square."""
    items: list[Placed] = []
    for item in _walk(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, page_matrix(page), 0):
        if len(items) == MAX_OBJECTS:
            return Objects(tuple(items), complete=False)
        items.append(item)
    return Objects(tuple(items), complete=True)


def _walk(parent: Any, count: Any, get: Any, to_page: Matrix, depth: int) -> Iterator[Placed]:
    for index in range(count(parent)):
        raw = get(parent, index)
        if not raw:
            continue
        kind = pdfium.FPDFPageObj_GetType(raw)
        matrix = to_page @ _own_matrix(raw)
        yield Placed(raw, kind, matrix)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            yield from _walk(raw, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, matrix, depth + 1)


def _own_matrix(raw: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, m):
        return np.eye(3)
    return np.array([[m.a, m.c, m.e], [m.b, m.d, m.f], [0, 0, 1.0]])


def image_share(item: Placed) -> float:
    """Share of the page that an image (the unit square of its space) covers, what sticks out cut off."""
    corners = (item.matrix @ np.array([[0, 1, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1.0]]))[:2].clip(0, 1)
    share = float(np.prod(np.ptp(corners, axis=1)))
    return share if np.isfinite(share) else 0.0


def tuck_in(item: Placed, margin: float) -> None:
    """Shrinks an image on the opened page, on each side by a share of its size, before the page is rendered.

    The renderer rounds an image's edges outwards; where they lie on the page's own edges, noise in the last digit makes
    it one pixel larger than its raster, and the whole scan is resampled.
    """
    m = pdfium.FS_MATRIX()
    if pdfium.FPDFPageObj_GetMatrix(item.raw, m):
        keep = 1 - 2 * margin
        e, f = m.e + margin * (m.a + m.c), m.f + margin * (m.b + m.d)
        pdfium.FPDFPageObj_SetMatrix(item.raw, pdfium.FS_MATRIX(m.a * keep, m.b * keep, m.c * keep, m.d * keep, e, f))


def image_pixels(item: Placed) -> tuple[int, int]:
    """Width and height of an image's own raster; (0, 0) where it cannot be told."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(item.raw, width, height):
        return 0, 0
    return width.value, height.value
