"""Image files to pages: size checked before decoding, upright as EXIF says, grey or BGR, alpha on white."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image as Pil

from extract.errors import EmptyFile, InputError, TooLarge, TruncatedFile, ZhibiaoError, summed_up
from extract.formatting import counted
from extract.load.pixels import ORIENTATIONS, check_dimensions, square, to_pixels, turn
from extract.load.sniff import Kind
from extract.load.tiff_directories import page_data
from extract.load.truncation import breaks_off
from extract.model import Page, PageRef
from extract.settings.defaults import LoadSettings

_ORIENTATION = 0x0112
_SUBFILE_TYPE = 254
_REDUCED_OR_MASK = 0b101  # TIFF 6.0, tag 254: bit 0 a thumbnail, bit 2 a transparency mask
_MAX_ASPECT = 1.05
_MAX_FAX_ASPECT = 2.2  # standard fax is 204 x 98 dpi (ITU-T T.4)


def read(path: Path, settings: LoadSettings, kind: Kind) -> Iterator[Page]:
    """One page, or for TIFF one per directory that is a page (thumbnails and masks are not); of animations the first.

    Raises TooLarge before anything is decoded, TruncatedFile and InputError: for a damaged page of several, when the
    others have been given out.
    """
    # opened by hand: given a path, Pillow maps raw TIFFs into memory and then leaves their orientation out
    with path.open("rb") as stream:
        count, broken = _count(stream, path, kind, settings)
        picture: Pil.Image | None = None
        for index in range(count):
            try:
                with _decoding(path, kind):
                    picture = picture or Pil.open(stream, formats=(kind.upper(),))
                    page = _page(picture, path, index, settings)
            except InputError as error:
                broken.append(error)
                continue
            if page is not None:
                yield page
        if broken:
            raise summed_up(broken)


def _count(stream: BinaryIO, path: Path, kind: Kind, settings: LoadSettings) -> tuple[int, list[InputError]]:
    """How many pages can be found, and what is wrong with the one after them, if anything is."""
    if kind is not Kind.TIFF:
        return 1, []
    count = 0
    try:
        for count, _ in enumerate(page_data(stream, path.stat().st_size), start=1):
            if count > settings.max_pages:
                raise TooLarge(f"The file has more than {counted(settings.max_pages, 'page')}, which is the limit.")
    except TooLarge:
        raise
    except InputError as error:
        return count, [error]
    if count == 0:
        raise EmptyFile("The TIFF file holds no page.")
    return count, []


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


def _page(picture: Pil.Image, path: Path, index: int, settings: LoadSettings) -> Page | None:
    """The page at an index; None where the directory is no page."""
    picture.seek(index)
    tags: Any = getattr(picture, "tag_v2", {})
    if int(tags.get(_SUBFILE_TYPE, 0)) & _REDUCED_OR_MASK and index:
        return None
    check_dimensions("The picture", *picture.size, settings)
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
        check_dimensions("The picture", image.shape[1], int(image.shape[0] * ratio), settings)
        image = square(image, x_dpi, y_dpi)
    return Page(PageRef(path, index + 1, max(x_dpi, y_dpi)), image)


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
