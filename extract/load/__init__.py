"""Files to pages: images, multi-page TIFF, PDF with or without a text layer, text exports."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from extract.errors import InputError, TooLarge, ZhibiaoError
from extract.load.sniff import Kind, sniff
from extract.load.text_checks import checked
from extract.model import Page, TextPage
from extract.settings.defaults import LoadSettings

__all__ = ["Kind", "open_document", "sniff"]

Reader = Callable[[Path, LoadSettings], Iterator[Page | TextPage]]

_IMAGES = frozenset((Kind.PNG, Kind.JPEG, Kind.TIFF, Kind.BMP, Kind.WEBP, Kind.GIF))


def open_document(path: Path, settings: LoadSettings = LoadSettings()) -> Iterator[Page | TextPage]:
    """The pages of a file, one at a time, decoded only when asked for.

    Page images are (h, w) grey or (h, w, 3) BGR with EXIF rotation applied; words and rules are in their pixels.
    Characters that no file or database can hold (NUL, lone surrogates) are replacement characters.
    Raises only InputError and its kin: at once, or for damaged pages of several when all others have been given out.
    """
    kind: Kind | None = None
    try:
        kind = sniff(path, settings)
        for page in _quietly(_reader(kind)(path, settings)):
            yield checked(page, settings)
    except ZhibiaoError:
        raise
    except PermissionError as error:
        raise InputError("The file may not be read: permission is missing.") from error
    except MemoryError as error:
        raise TooLarge("The file needs more memory than there is.") from error
    except RecursionError as error:
        raise TooLarge("The file nests its parts deeper than can be followed.") from error
    except Exception as error:  # decoders raise anything at all for damaged bytes; no other place could name the file
        what = "file" if kind is None else f"{kind} file"
        raise InputError(f"The {what} is damaged and cannot be read.") from error


def _quietly(pages: Iterator[Page | TextPage]) -> Iterator[Page | TextPage]:
    """The same pages without the decoders' warnings, which reach the user as errors or not at all."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            page = next(pages, None)
        if page is None:
            return
        yield page


def _reader(kind: Kind) -> Reader:
    """The reader of a kind; imported here so that no decoder is loaded before a file needs it."""
    if kind in _IMAGES:
        from extract.load import raster

        return partial(raster.read, kind=kind)
    if kind is Kind.PDF:
        from extract.load import pdf

        return pdf.read
    if kind in (Kind.TEXT, Kind.MARKDOWN, Kind.CSV):
        from extract.load import text_file

        return partial(text_file.read, kind=kind)
    if kind is Kind.HTML:
        from extract.load import html

        return html.read
    if kind is Kind.DOCX:
        from extract.load import docx

        return docx.read
    from extract.load import spreadsheet

    return spreadsheet.read_xlsx if kind is Kind.XLSX else spreadsheet.read_xls
