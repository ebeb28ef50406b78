"""Image files to pages: size checked before decoding, upright as EXIF says, grey or BGR, alpha on white."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image as Pil

from extract.errors import InputError, TooLarge, TruncatedFile, ZhibiaoError
from extract.load.pixels import ORIENTATIONS, square, to_pixels, turn
from extract.load.sniff import Kind
from extract.load.truncation import breaks_off
from extract.model import Page, PageRef
from extract.settings.defaults import LoadSettings

_ORIENTATION = 0x0112
_SUBFILE_TYPE = 254
_DATA_TAGS = ((273, 279), (324, 325))  # TIFF 6.0: offsets and byte counts of strips, of tiles
_REDUCED_OR_MASK = 0b101  # TIFF 6.0, tag 254: bit 0 a thumbnail, bit 2 a transparency mask
_MAX_ASPECT = 1.05
_MAX_FAX_ASPECT = 2.2  # standard fax is 204 x 98 dpi (ITU-T T.4)


def read(path: Path, settings: LoadSettings, kind: Kind) -> Iterator[Page]:
    """One page, or for TIFF one per directory that is a page (thumbnails and masks are not); of animations the first.

    Raises TooLarge before anything is decoded, TruncatedFile, InputError.
    """
    # opened by hand: given a path, Pillow maps raw TIFFs into memory and then leaves their orientation out
    with path.open("rb") as stream:
        with _decoding(path, kind):
            picture = Pil.open(stream, formats=(kind.upper(),))
        count = _count(picture, kind, settings)
        for index in range(count):
            with _decoding(path, kind):
                page = _page(picture, path, index, settings)
            if page is not None:
                yield page


@contextmanager
def _decoding(path: Path, kind: Kind) -> Iterator[None]:
    """Sets Pillow's own, fixed pixel limit aside (ours is checked first) and turns its errors into ours."""
    limit, Pil.MAX_IMAGE_PIXELS = Pil.MAX_IMAGE_PIXELS, None
    try:
        yield
    except (ZhibiaoError, PermissionError):
        raise
    except MemoryError as error:
        raise TooLarge("The picture needs more memory than there is.") from error
    except Exception as error:  # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error, KeyError …
        if "truncated" in str(error).lower() or breaks_off(path, kind):
            raise TruncatedFile(f"The {kind} picture breaks off before its end.") from error
        raise InputError(f"The {kind} picture is damaged and cannot be decoded.") from error
    finally:
        Pil.MAX_IMAGE_PIXELS = limit


def _count(picture: Pil.Image, kind: Kind, settings: LoadSettings) -> int:
    if kind is not Kind.TIFF:
        return 1
    try:
        count = int(getattr(picture, "n_frames", 1))
    except Exception:  # a damaged directory further on: the pages before it are still read
        count = settings.max_pages
    if count > settings.max_pages:
        raise TooLarge(f"The file has {count} pages; the limit is {settings.max_pages}.")
    return count


def _page(picture: Pil.Image, path: Path, index: int, settings: LoadSettings) -> Page | None:
    """The page at an index; None where the directory is no page or, past the last one, does not exist."""
    if index:
        try:
            picture.seek(index)
        except EOFError:
            return None
    tags: Any = getattr(picture, "tag_v2", {})
    if int(tags.get(_SUBFILE_TYPE, 0)) & _REDUCED_OR_MASK and index:
        return None
    _check_size(*picture.size, settings)
    _check_data(tags, path)
    orientation, resolution = _orientation(picture), _resolution(picture, settings)
    picture.load()
    image = to_pixels(picture)
    if orientation in ORIENTATIONS and not tags:  # Pillow turns TIFF by itself
        image = turn(image, orientation)
    if resolution is None:
        return Page(PageRef(path, index + 1), image)
    x_dpi, y_dpi = reversed(resolution) if orientation >= 5 else resolution
    if tags and max(x_dpi, y_dpi) > _MAX_ASPECT * min(x_dpi, y_dpi):
        ratio = max(x_dpi, y_dpi) / min(x_dpi, y_dpi)
        _check_size(image.shape[1], int(image.shape[0] * ratio), settings)
        image = square(image, x_dpi, y_dpi)
    return Page(PageRef(path, index + 1, max(x_dpi, y_dpi)), image)


def _check_size(width: int, height: int, settings: LoadSettings) -> None:
    if width < 1 or height < 1:
        raise InputError(f"The picture has no pixels: it states a size of {width} x {height}.")
    if width * height > settings.max_megapixels * 1e6:
        raise TooLarge(
            f"The picture has {width * height / 1e6:.0f} megapixels ({width} x {height}); "
            f"the limit is {settings.max_megapixels:.0f}."
        )


def _check_data(tags: Any, path: Path) -> None:
    """Raises TruncatedFile where a TIFF's pixels lie beyond its end: libtiff paints missing fax lines white."""
    size = path.stat().st_size
    for offset_tag, length_tag in _DATA_TAGS:
        offsets, lengths = tags.get(offset_tag, ()), tags.get(length_tag, ())
        if any(offset + length > size for offset, length in zip(offsets, lengths, strict=False)):
            raise TruncatedFile("The TIFF picture breaks off: part of its pixels lie beyond the end of the file.")


def _orientation(picture: Pil.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF raises anything; the picture itself is fine
        return 1


def _resolution(picture: Pil.Image, settings: LoadSettings) -> tuple[float, float] | None:
    """Stated (x, y) dpi, or None where it is missing, absurd or a program's default for screens."""
    try:
        x, y = (float(value) for value in picture.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    sane = settings.min_stated_dpi <= max(x, y) <= settings.max_stated_dpi
    return (x, y) if sane and min(x, y) * _MAX_FAX_ASPECT >= max(x, y) else None
