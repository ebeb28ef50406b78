"""Decoded pictures to page arrays: any colour model to 8-bit grey or BGR, turned and made square."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image as Pil

from extract.errors import InputError, TooLarge
from extract.model import Image
from extract.settings.defaults import LoadSettings

ORIENTATIONS = range(2, 9)
"""EXIF orientations that ask for a turn or a mirror (1 is upright)."""

MAX_SIDE_PX = 32_766
"""OpenCV's remap and warpAffine keep places in 16 bits (SHRT_MAX is 32,767)."""

MAX_SIDES_RATIO = 200
"""No sheet of paper is longer by so much than it is wide; the copy on which skew is looked for would have no width."""


def check_dimensions(what: str, width: int, height: int, settings: LoadSettings) -> None:
    """Raise InputError for a picture (`what`) without pixels, TooLarge for one that no stage can work on."""
    if width < 1 or height < 1:
        raise InputError(f"{what} has no pixels: it states a size of {width} x {height}.")
    if width * height > settings.max_megapixels * 1e6:
        raise TooLarge(
            f"{what} has {width * height / 1e6:.0f} megapixels ({width} x {height}); "
            f"the limit is {settings.max_megapixels:.0f}."
        )
    check_shape(what, width, height)


def check_shape(what: str, width: float, height: float) -> None:
    """Raise TooLarge for a picture or page (`what`) that is too long for its stages or for its width, in pixels."""
    if max(width, height) > MAX_SIDE_PX:
        raise _out_of_shape(f"{what} is {width:.0f} x {height:.0f} pixels; the limit for one side is {MAX_SIDE_PX}.")
    if max(width, height) > MAX_SIDES_RATIO * min(width, height):
        raise _out_of_shape(f"{what} is {width:.0f} x {height:.0f} pixels: no sheet of paper is so long and narrow.")


def _out_of_shape(message: str) -> TooLarge:
    failure = TooLarge(message)
    failure.remedy = "Cut the picture into pages, or scan the paper again."
    return failure


def to_pixels(picture: Pil.Image) -> Image:
    """(h, w) grey or (h, w, 3) BGR of a decoded picture, transparency laid on white.

    Raises InputError for a colour model that has no plain conversion (LAB).
    """
    mode = picture.mode
    if mode == "1":
        bits: Image = np.asarray(picture, dtype=np.uint8) * np.uint8(255)
        return bits
    if mode == "L" and "transparency" not in picture.info:
        return np.array(picture, dtype=np.uint8)
    if mode.startswith("I;16") or mode == "I":
        return scale_integers(np.asarray(picture).astype(np.int64))
    if mode == "F":
        return scale_floats(np.asarray(picture, dtype=np.float32))
    if mode in ("LAB", "HSV"):
        raise InputError(f"The picture's colours are stored as {mode}, which is not read: save it as RGB or grey.")
    if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in picture.info:
        return _bgr(on_white(np.asarray(picture.convert("RGBA"))))
    grey_palette = mode == "P" and _is_grey_palette(picture)
    if grey_palette:
        return np.array(picture.convert("L"), dtype=np.uint8)
    return _bgr(np.asarray(picture if mode == "RGB" else picture.convert("RGB")))


def _bgr(rgb: npt.NDArray[np.uint8]) -> Image:
    import cv2

    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _is_grey_palette(picture: Pil.Image) -> bool:
    palette = picture.getpalette("RGB") or []
    colours = np.array(palette[: len(palette) // 3 * 3], dtype=np.uint8).reshape(-1, 3)
    return bool((colours == colours[:, :1]).all())


def on_white(rgba: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """(h, w, 3) of an (h, w, 4) picture laid on white paper, row by row to keep memory low."""
    out = np.empty((*rgba.shape[:2], 3), dtype=np.uint8)
    for row, pixels in zip(out, rgba, strict=True):
        alpha = pixels[:, 3:].astype(np.uint16)
        row[:] = (pixels[:, :3] * alpha + np.uint16(255) * (np.uint16(255) - alpha) + np.uint16(127)) // np.uint16(255)
    return out


def scale_integers(values: npt.NDArray[np.int64]) -> Image:
    """8-bit grey of wider integers.

    Scanners store 10, 12 or 14 bits in 16: the full range is the smallest power of two that holds the brightest pixel,
    for the brightest pixel of a scan is paper.
    """
    top = int(values.max(initial=0))
    full = (1 << max(8, top.bit_length())) - 1
    scaled: Image = np.round(values.clip(0) * (255.0 / full)).astype(np.uint8)
    return scaled


def scale_floats(values: npt.NDArray[np.float32]) -> Image:
    """8-bit grey of floats, whose white is 1, 255 or, beyond that, the brightest pixel; what is no number is white."""
    finite = values[np.isfinite(values)]
    top = float(finite.max(initial=0.0))
    full = 1.0 if top <= 1 else max(255.0, top)
    filled = np.nan_to_num(values, nan=full, posinf=full, neginf=0.0)
    scaled: Image = np.round(filled.clip(0, full) * (255.0 / full)).astype(np.uint8)
    return scaled


def turn(image: Image, orientation: int) -> Image:
    """The image made upright from its EXIF orientation (Exif 2.32, tag 0x0112: 1 to 8)."""
    import cv2

    turns = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}
    mirror = {2: 1, 7: 1, 4: 0, 5: 0}.get(orientation)
    if mirror is not None:
        image = np.asarray(cv2.flip(image, mirror), dtype=np.uint8)
    quarter_turns = {3: 2, 5: 3, 6: 3, 7: 3, 8: 1}.get(orientation)
    return image if quarter_turns is None else np.asarray(cv2.rotate(image, turns[quarter_turns]), dtype=np.uint8)


def square(image: Image, x_dpi: float, y_dpi: float) -> Image:
    """The image with the coarser axis enlarged so that pixels are square (standard fax: 204 x 98 dpi)."""
    import cv2

    height, width = image.shape[:2]
    finer = max(x_dpi, y_dpi)
    size = (round(width * finer / x_dpi), round(height * finer / y_dpi))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
