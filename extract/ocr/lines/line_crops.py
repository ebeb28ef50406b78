"""Crops for the recogniser: a line's ink with the white around it that the network wants."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.geometry import Box, Quad
from extract.model import Image
from extract.ocr.lines.line_finding import Band
from extract.ocr.lines.page_ink import Boxes

_PAPER = 255
_OWN_CHARS = 0.15
_OWN_SIDE_CHARS = 0.15
_MIN_HEIGHT_CHARS = 0.95
_SHORT_CHARS = 3.6


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is shown to the recogniser: white above and below, blur (in characters), sideways stretch.

    The network was trained on lines with about a quarter of a character above and below: a `long` line needs that, and
    is narrower so, at the network's height. A short one, mostly a figure or a sign with a figure, is read more surely
    when it is shown larger. `inked_only` leaves out what the detector saw beside the line's ink: it may shine through
    from behind.
    """

    margin_chars: float = 0.04
    long_margin_chars: float = 0.22
    blur_chars: float = 0.0
    stretch: float = 1.0
    inked_only: bool = False


FIRST = Look()
SECOND = Look(0.02, 0.1, 0.04, 1.1, inked_only=True)


def crop(image: Image, band: Band, char_height: float, look: Look = FIRST) -> Image:
    """The upright crop of a line: its own ink on white, as high as a line even where its ink is not."""
    if band.quad is not None:
        return _rectified(image, band.quad)
    box = band.box if look.inked_only else _with_seen(band)
    own = box.expand(_OWN_SIDE_CHARS * char_height, _OWN_CHARS * char_height)
    wanted = frame(band, char_height, look)
    shown = _on_white(image, wanted, _common(own, band.region, image))
    _paint_out(shown, band.flecks, round(wanted.x0), round(wanted.y0))
    return _varied(shown, char_height, look)


def frame(band: Band, char_height: float, look: Look = FIRST) -> Box:
    """The part of the page that the crop of an upright line shows."""
    box = band.box if look.inked_only else _with_seen(band)
    margin = look.long_margin_chars if box.width > _SHORT_CHARS * char_height else look.margin_chars
    tall = max(0.0, (_MIN_HEIGHT_CHARS * char_height - box.height) / 2) + margin * char_height
    return box.expand(_OWN_SIDE_CHARS * char_height, tall)


def _paint_out(crop: Image, flecks: Boxes | None, left: int, top: int) -> None:
    for x0, y0, x1, y1, _ in () if flecks is None else flecks.round().astype(int) - (left, top, left, top, 0):
        crop[max(0, y0 - 1) : max(0, y1 + 1), max(0, x0 - 1) : max(0, x1 + 1)] = _PAPER


def _with_seen(band: Band) -> Box:
    """As wide as the detector saw the line, as high as its ink: a thin `>` at its start may be too faint for ink."""
    seen = band.seen
    return band.box if seen is None else Box.around((band.box, Box(seen.x0, band.box.y0, seen.x1, band.box.y1)))


def _common(own: Box, region: Box | None, image: Image) -> Box:
    height, width = image.shape[:2]
    limit = region or Box(0, 0, width, height)
    x0, y0 = max(own.x0, limit.x0, 0), max(own.y0, limit.y0, 0)
    return Box(x0, y0, max(x0, min(own.x1, limit.x1, width)), max(y0, min(own.y1, limit.y1, height)))


def _on_white(image: Image, wanted: Box, own: Box) -> Image:
    """The `wanted` part of an image, white outside of `own`: what lies there belongs to other lines."""
    x0, y0, x1, y1 = (round(v) for v in (wanted.x0, wanted.y0, wanted.x1, wanted.y1))
    canvas = np.full((max(1, y1 - y0), max(1, x1 - x0)), _PAPER, dtype=np.uint8)
    ox0, oy0 = max(round(own.x0), x0), max(round(own.y0), y0)
    ox1, oy1 = min(round(own.x1), x1), min(round(own.y1), y1)
    if ox1 > ox0 and oy1 > oy0:
        canvas[oy0 - y0 : oy1 - y0, ox0 - x0 : ox1 - x0] = image[oy0:oy1, ox0:ox1]
    return canvas


def _varied(crop: Image, char_height: float, look: Look) -> Image:
    if look.blur_chars:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), look.blur_chars * char_height), dtype=np.uint8)
    if look.stretch != 1.0:
        width = max(1, round(crop.shape[1] * look.stretch))
        crop = np.asarray(cv2.resize(crop, (width, crop.shape[0])), dtype=np.uint8)
    return crop


def _rectified(image: Image, quad: Quad) -> Image:
    points = quad.array().astype(np.float32)
    width = max(1, round(float(np.linalg.norm(points[1] - points[0]))))
    height = max(1, round(float(np.linalg.norm(points[3] - points[0]))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(points, target)
    warped = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(_PAPER,))
    return np.asarray(warped, dtype=np.uint8)
