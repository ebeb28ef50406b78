"""Clean a page: make it upright, straight, evenly lit and free of seals, by one invertible transform."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import cv2
import numpy as np

from extract.clean import (
    binarise,
    border,
    colour_ink,
    deskew,
    despeckle,
    dewarp,
    illumination,
    orientation,
    page_outline,
)
from extract.clean import calibration as cal
from extract.clean.downscale import halved
from extract.clean.segments import Segments, find_segments
from extract.clean.warp import View, outside, seen
from extract.geometry import Box, Quad, Transform, rotation
from extract.model import CleanPage, Image, Page
from extract.ocr_engine import OcrEngine
from extract.settings.defaults import CleanSettings


@dataclass(frozen=True, eq=False)
class CleanTrace:
    """What was found on the way, in source pixels: the sheet on a photograph, and whether a bend was taken out."""

    sheet: Quad | None
    bent: bool


@dataclass(frozen=True, eq=False)
class _Draft:
    """A small copy on which everything is estimated: even light, its ink, the unit, and what is border in it.

    `view` shows the source at the copy's scale.
    """

    view: View
    scale: float
    ink: Image
    char_height: float
    segments: Segments
    border: Image


def clean(
    page: Page, engine: OcrEngine | None = None, settings: CleanSettings = CleanSettings(), hint: int = 0
) -> CleanPage:
    """A clean page; without an engine its turn is left as it is. `hint` is the turn of a like page before it."""
    return clean_traced(page, engine, settings, hint)[0]


def clean_traced(
    page: Page, engine: OcrEngine | None = None, settings: CleanSettings = CleanSettings(), hint: int = 0
) -> tuple[CleanPage, CleanTrace]:
    """A clean page, with what was found on the way."""
    if min(page.image.shape[:2]) < cal.LEAST_PAGE_PX:
        return _as_it_is(page), CleanTrace(None, False)
    lifted = colour_ink.lift(page.image)
    grey = lifted.grey
    if page.words:
        return _born_digital(page, grey), CleanTrace(None, False)
    found = page_outline.find_sheet(page.image)
    start = View(Transform(), (grey.shape[0], grey.shape[1]))
    if found is not None:
        start = start.then(*page_outline.flat(found))
    draft = _draft(grey, start, found is None, settings)
    view, angle = _straight(start, draft, settings)
    turn = orientation.turn_of(_votes(grey, view, draft, engine), hint, settings) if engine else 0
    view = view.then(*orientation.turned(view.shape, turn))
    view, bent = _unbent(start, view, draft, settings)
    height = draft.char_height / draft.scale
    factor = _factor(height, settings)
    if factor != 1.0:
        view = view.scaled(factor)
    seals, marks = (tuple(view.to_clean.quad(b).box for b in boxes) for boxes in (lifted.seals, lifted.marks))
    cleaned = _developed(page, grey, view, draft, height * factor)
    cleaned = dataclasses.replace(cleaned, turn_deg=turn, skew_deg=angle, seals=seals, lifted=marks)
    return cleaned, CleanTrace(found, bent)


def _as_it_is(page: Page) -> CleanPage:
    """A page too small to hold a character."""
    grey = page.image if page.image.ndim == 2 else page.image.min(axis=2)
    none = np.zeros_like(grey)
    return CleanPage(page.ref, grey, none, Transform(), binarise.char_height(none), words=page.words, rules=page.rules)


def _born_digital(page: Page, grey: Image) -> CleanPage:
    heights = [min(q.width, q.height) for w in page.words if w.quad for q in (w.quad.box,)]
    size = float(np.median(heights)) if heights else binarise.char_height(binarise.quick(grey))
    return CleanPage(
        page.ref, grey, binarise.binarise(grey, size), Transform(), size, words=page.words, rules=page.rules
    )


def _draft(grey: Image, start: View, flat: bool, settings: CleanSettings) -> _Draft:
    """The small copy; borders and punch holes are painted out of it, for they would vote on its angle."""
    scale = min(1.0, settings.working_px / max(start.shape))
    view = start.scaled(scale) if scale < 1.0 else start
    even = illumination.flatten(_reduced(grey, start, view, scale))
    dark = binarise.quick(even)
    height = binarise.char_height(dark)
    parts = binarise.Components.of(dark)
    gone = border.border_mask(dark, height, parts) if flat else np.zeros_like(dark)
    if gone.any():
        gone = np.asarray(cv2.dilate(gone, np.ones((5, 5), np.uint8)), dtype=np.uint8)
        even = np.asarray(cv2.max(even, gone), dtype=np.uint8)
        dark = np.asarray(cv2.subtract(dark, gone), dtype=np.uint8)
        height, parts = binarise.char_height(dark), binarise.Components.of(dark)
    return _Draft(view, scale, dark, height, find_segments(even, parts), gone)


def _reduced(grey: Image, start: View, view: View, scale: float) -> Image:
    """The source through a view smaller than it; averaged before it is warped, so that thin strokes survive."""
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = grey if scale == 1.0 else np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if not start.to_clean.steps:
        return small
    grow = Transform.of_matrix(np.diag([grey.shape[1] / size[0], grey.shape[0] / size[1], 1.0]))
    return seen(small, View(grow.then(view.to_clean), view.shape), fill=_paper(small))


def _straight(view: View, draft: _Draft, settings: CleanSettings) -> tuple[View, float]:
    """The view turned by its skew, its size kept."""
    angle = deskew.skew_of(draft.ink, draft.segments, settings.max_skew_deg)
    if abs(angle) < settings.min_skew_deg:
        return view, 0.0
    h, w = view.shape
    return view.then(Transform.of_matrix(rotation(-angle, (w / 2, h / 2))), (h, w)), angle


def _votes(grey: Image, view: View, draft: _Draft, engine: OcrEngine) -> orientation.Vote:
    grow = 2.0 if draft.char_height >= cal.HALVE_CHAR_PX else 1.0
    dark = draft.ink if grow == 1.0 else halved(draft.ink)
    scale, height = draft.scale / grow, draft.char_height / grow
    small = view.scaled(scale)
    back = Transform.of_matrix(np.diag([grow, grow, 1.0])).then(draft.view.to_clean.inverse()).then(small.to_clean)
    straight = seen(dark, View(back, small.shape), fill=0)
    paper = _paper(grey)

    def cut(box: Box) -> Image:
        pad = max(2.0 / grow, min(box.width, box.height) / 6)
        x, y = (box.x0 - pad) / scale, (box.y0 - pad) / scale
        w, h = (max(2, round((side + 2 * pad) / scale)) for side in (box.width, box.height))
        crop = seen(grey, view.then(Transform.of_matrix([[1, 0, -x], [0, 1, -y]]), (h, w)), fill=paper)
        return np.asarray(cv2.normalize(crop, None, 0, 255, cv2.NORM_MINMAX), dtype=np.uint8)

    return orientation.vote_on(straight, height, cut, engine)


def _unbent(start: View, view: View, draft: _Draft, settings: CleanSettings) -> tuple[View, bool]:
    """The view with its bend taken out, in up to two rounds: the second sees what the first left."""
    bent = False
    tolerance = settings.min_bend_chars * draft.char_height / draft.scale
    for _ in range(2):
        back = draft.view.to_clean.inverse().then(view.to_clean)
        mesh = dewarp.find_bend(draft.segments.through(back), view.shape, tolerance)
        if mesh is None:
            break
        view, bent = view.then(Transform((mesh,)), view.shape), True
    return view, bent


def _factor(height: float, settings: CleanSettings) -> float:
    """How to resize a page so that characters are neither too small nor needlessly large to read."""
    if settings.min_char_px <= height <= settings.max_char_px:
        return 1.0
    return float(np.clip(np.clip(height, settings.min_char_px + 4, settings.max_char_px - 5) / height, 0.2, 2.5))


def _developed(page: Page, grey: Image, view: View, draft: _Draft, height: float) -> CleanPage:
    """The clean page at full size: resampled once, lit, borders and specks painted out, binarised."""
    how = cv2.INTER_CUBIC if height < cal.FINE_CHAR_PX else cv2.INTER_LINEAR
    image = illumination.flatten(seen(grey, view, how, fill=_paper(grey)))
    gone = outside((grey.shape[0], grey.shape[1]), view)
    if draft.border.any():
        there = View(draft.view.to_clean.inverse().then(view.to_clean), view.shape)
        gone = np.asarray(cv2.max(gone, seen(draft.border, there, cv2.INTER_NEAREST, fill=0)), dtype=np.uint8)
    image = np.asarray(cv2.max(image, gone), dtype=np.uint8)
    dark = binarise.binarise(image, height)
    speck = despeckle.speck_mask(dark, height)
    dark = np.asarray(cv2.subtract(dark, speck), dtype=np.uint8)
    halo = cv2.dilate(speck, np.ones((5, 5), np.uint8))
    image = np.asarray(cv2.max(image, cv2.subtract(halo, dark)), dtype=np.uint8)
    return CleanPage(page.ref, image, dark, view.to_clean.inverse(), height)


def _paper(grey: Image) -> int:
    """The brightness of most of a page."""
    return int(np.percentile(grey[:: max(1, grey.shape[0] // 200), :: max(1, grey.shape[1] // 200)], 70))
