"""The clean stage: a page made upright, straight, evenly lit and free of seals, by one invertible transform."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import bend, border, ink, light, orient, seal, sheet, skew
from extract.engine import OcrEngine
from extract.geometry import Homography, Quad, Transform, rotation
from extract.model import CleanPage, Image, Page
from extract.settings import CleanSettings

__all__ = ["CleanTrace", "clean", "clean_traced"]

Shape = tuple[int, int]


@dataclass(frozen=True, eq=False)
class CleanTrace:
    """What was found on the way, in source pixels: the sheet on a photograph, and whether a bend was taken out."""

    sheet: Quad | None
    bent: bool


@dataclass(frozen=True, eq=False)
class _View:
    """The page as it would be seen through a transform from the source; shape is (h, w)."""

    to_clean: Transform
    shape: Shape

    def then(self, step: Transform, shape: Shape) -> _View:
        return _View(self.to_clean.then(step), shape)


def clean(page: Page, engine: OcrEngine | None = None, settings: CleanSettings = CleanSettings()) -> CleanPage:
    """A clean page; without an engine its turn is left as it is."""
    return clean_traced(page, engine, settings)[0]


def clean_traced(
    page: Page, engine: OcrEngine | None = None, settings: CleanSettings = CleanSettings()
) -> tuple[CleanPage, CleanTrace]:
    """A clean page, with what was found on the way."""
    grey, seals = seal.lift(page.image)
    if page.words:
        return _born_digital(page, grey), CleanTrace(None, False)
    found = sheet.find_sheet(page.image)
    even = light.flatten(grey)
    view = _View(Transform(), (even.shape[0], even.shape[1]))
    if found is not None:
        view = view.then(*sheet.flat(found))
    else:
        even = _without_border(even, settings)
    turn = orient.turn_of(_seen(even, view, 1.0) if found else even, engine, settings)
    view = view.then(*orient.turned(view.shape, turn))
    view, angle = _straight(even, view, settings)
    view, bent = _unbent(even, view, settings)
    view = _sized(even, view, settings)
    image = _seen(even, view, 1.0)
    cleaned = _inked(page, image, view)
    boxes = tuple(view.to_clean.quad(b).box for b in seals)
    return (
        dataclasses.replace(cleaned, turn_deg=turn, skew_deg=angle, seals=boxes),
        CleanTrace(found, bent),
    )


def _born_digital(page: Page, grey: Image) -> CleanPage:
    height = ink.char_height(ink.quick(grey))
    heights = [min(q.width, q.height) for w in page.words if w.quad for q in (w.quad.box,)]
    size = float(np.median(heights)) if heights else height
    return CleanPage(page.ref, grey, ink.binarise(grey, size), Transform(), size, words=page.words, rules=page.rules)


def _without_border(even: Image, settings: CleanSettings) -> Image:
    """The page without scanner borders and punch holes: they would vote on its angle."""
    scale = _scale((even.shape[0], even.shape[1]), settings)
    dark = ink.quick(_seen(even, _View(Transform(), (even.shape[0], even.shape[1])), scale))
    gone = border.border_mask(dark, ink.char_height(dark))
    if not gone.any():
        return even
    wide = cv2.dilate(gone.astype(np.uint8), np.ones((5, 5), np.uint8))
    mask = cv2.resize(wide, (even.shape[1], even.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.where(mask > 0, 255, even).astype(np.uint8)


def _scale(shape: Shape, settings: CleanSettings) -> float:
    return min(1.0, settings.working_px / max(shape))


def _straight(even: Image, view: _View, settings: CleanSettings) -> tuple[_View, float]:
    """The view turned by its skew, the paper kept whole."""
    small = _seen(even, view, _scale(view.shape, settings))
    angle = skew.skew_of(small, settings.max_skew_deg)
    if abs(angle) < settings.min_skew_deg:
        return view, 0.0
    h, w = view.shape
    matrix = rotation(-angle, (w / 2, h / 2))
    return view.then(Transform.of_matrix(matrix), (h, w)), angle


def _unbent(even: Image, view: _View, settings: CleanSettings) -> tuple[_View, bool]:
    """The view with its bend taken out, in up to two rounds: the second sees what the first left."""
    bent = False
    for _ in range(2):
        scale = _scale(view.shape, settings)
        small = _seen(even, view, scale)
        tolerance = settings.min_bend_chars * ink.char_height(ink.quick(small)) / scale
        mesh = bend.find_bend(small, scale, view.shape, tolerance)
        if mesh is None:
            break
        view, bent = view.then(Transform((mesh.inverse(),)), view.shape), True
    return view, bent


def _sized(even: Image, view: _View, settings: CleanSettings) -> _View:
    """The view at a size at which characters are neither too small nor needlessly large to read."""
    scale = _scale(view.shape, settings)
    height = ink.char_height(ink.quick(_seen(even, view, scale))) / scale
    if settings.min_char_px <= height <= settings.max_char_px:
        return view
    factor = float(np.clip(np.clip(height, settings.min_char_px + 4, settings.max_char_px - 5) / height, 0.2, 2.5))
    shape = (round(view.shape[0] * factor), round(view.shape[1] * factor))
    return view.then(Transform.of_matrix(np.diag([factor, factor, 1.0])), shape)


def _seen(even: Image, view: _View, scale: float) -> Image:
    """The source through a view, at a scale; resampled once, or not at all where nothing is to be done."""
    if not view.to_clean.steps:
        if scale == 1.0:
            return even
        return np.asarray(cv2.resize(even, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    shape = (round(view.shape[0] * scale), round(view.shape[1] * scale))
    back = view.to_clean.inverse()
    if scale < 1.0:
        source = cv2.resize(even, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        shrink, grow = np.diag([scale, scale, 1.0]), np.diag([1 / scale, 1 / scale, 1.0])
        back = Transform.of_matrix(grow).then(back).then(Transform.of_matrix(shrink))
        return _remapped(np.asarray(source, dtype=np.uint8), back, shape, cv2.INTER_LINEAR)
    return _remapped(even, back, shape, cv2.INTER_CUBIC)


def _remapped(source: Image, back: Transform, shape: Shape, how: int) -> Image:
    """The source resampled so that pixel p of the result is pixel back(p) of the source."""
    h, w = shape
    if len(back.steps) == 1 and isinstance(back.steps[0], Homography):
        matrix: npt.NDArray[np.float64] = np.asarray(back.steps[0].matrix, dtype=np.float64)
        flags = how | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpPerspective(source, matrix, (w, h), flags=flags, borderValue=255.0), dtype=np.uint8)
    step = 16.0
    rows, cols = int(h / step) + 2, int(w / step) + 2
    y, x = np.mgrid[0:rows, 0:cols] * step
    points = back.apply(np.column_stack((x.ravel(), y.ravel())))
    # a coarse lattice, interpolated: the map is smooth, and a full one costs more than the resampling
    u = np.arange(w, dtype=np.float32) / step
    v = np.arange(h, dtype=np.float32) / step
    at_x, at_y = np.meshgrid(u, v)
    maps = [
        cv2.remap(points[:, k].reshape(rows, cols).astype(np.float32), at_x, at_y, cv2.INTER_LINEAR) for k in (0, 1)
    ]
    return np.asarray(cv2.remap(source, maps[0], maps[1], how, borderValue=255.0), dtype=np.uint8)


def _inked(page: Page, image: Image, view: _View) -> CleanPage:
    height = ink.char_height(ink.quick(image))
    dark = ink.binarise(image, height)
    return CleanPage(page.ref, image, ink.despeckle(dark, height), view.to_clean.inverse(), height)

