"""A scan as a PDF whose pages are the scan's, its pictures as they are wherever PDF can hold them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import img2pdf
import pikepdf

from extract.errors import InputError
from extract.load import open_document
from extract.model import Image, Page

DEFAULT_DPI = 200.0
"""For pictures that state no resolution."""


def pages_of(scan: Path) -> tuple[Page, ...]:
    """The pages of a scan that are pictures. Raises InputError."""
    return tuple(page for page in open_document(scan) if isinstance(page, Page))


def is_pdf(scan: Path) -> bool:
    """Whether a scan is a PDF already."""
    return scan.suffix.lower() == ".pdf"


def as_pdf(scan: Path, pages: Sequence[Page]) -> pikepdf.Pdf:
    """The scan as a PDF; a picture that PDF cannot hold as it is (with transparency, mirrored) is stored anew.

    The pages of what is a PDF already are not asked for.
    """
    if is_pdf(scan):
        return _opened(scan)
    try:
        wrapped = pikepdf.open(io.BytesIO(img2pdf.convert(str(scan), layout_fun=_layout(pages[0].ref.dpi))))
    except Exception:  # img2pdf raises of many kinds for what it cannot take over
        return _stored_anew(pages)
    if len(wrapped.pages) != max(page.ref.page for page in pages):
        return _stored_anew(pages)
    return wrapped


def _opened(scan: Path) -> pikepdf.Pdf:
    try:
        return pikepdf.open(scan)
    except pikepdf.PdfError as error:
        raise InputError(f"{scan}: {error}") from error


def _stored_anew(pages: Sequence[Page]) -> pikepdf.Pdf:
    """Pages of PNG pictures, blank ones where a page is none."""
    by_number = {page.ref.page: page for page in pages}
    pdf = pikepdf.new()
    for number in range(1, max(by_number) + 1):
        page = by_number.get(number, pages[0])
        made = img2pdf.convert(_png(page.image), layout_fun=_layout(page.ref.dpi, fixed=True))
        with pikepdf.open(io.BytesIO(made)) as single:
            pdf.pages.extend(single.pages)
    return pdf


def _png(image: Image) -> bytes:
    return cv2.imencode(".png", image)[1].tobytes()


def _layout(dpi: float | None, fixed: bool = False) -> Any:
    """The size of a page: what the picture states, else that of a scan at the usual resolution."""
    if dpi is not None and not fixed:
        return img2pdf.default_layout_fun
    return img2pdf.get_fixed_dpi_layout_fun((dpi or DEFAULT_DPI, dpi or DEFAULT_DPI))
