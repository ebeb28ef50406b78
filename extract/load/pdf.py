"""PDF to pages: rendered as a viewer shows them, with text layer and vector rules where they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from extract.errors import EmptyFile, EncryptedFile, InputError, TooLarge, TruncatedFile, summed_up
from extract.geometry import Box
from extract.load.pdf_objects import Objects, image_pixels, image_share, objects, page_matrix, tuck_in
from extract.load.pdf_overlay import has_overlaid_text
from extract.load.pdf_rules import rules
from extract.load.pdf_text import Place, layer, runs
from extract.load.pixels import MAX_SIDE_PX, check_shape
from extract.load.sniff import Kind
from extract.load.truncation import breaks_off
from extract.model import Image, Page, PageRef, Rule, TextLine
from extract.settings.defaults import LoadSettings

_PT_PER_INCH = 72.0
_MAX_PAPER_INCHES = 24.0
"""A scan longer than this (A2 has 23.4) states pixels as points rather than a size of paper."""
_MAX_VECTOR_MEGAPIXELS = 40.0
_MIN_LEGIBLE_DPI = 30.0
_MIN_NATIVE_SHARE = 0.5
_MIN_CONTRAST = 40
_STRIP = 64
"""Rows looked at together: few enough to stay in a processor's cache, and to be done soon with a coloured page."""
_TUCK = 5e-6
"""Share of an image's size: a hundredth of a pixel of an A4 scan, and a hundred times the noise of its numbers."""


def read(path: Path, settings: LoadSettings) -> Iterator[Page]:
    """The pages of a PDF; `PageRef.dpi` is what the page was rendered at.

    Words are given only for pages that are not scans and whose characters are sane. Raises EncryptedFile (a PDF that
    opens with the empty password is read), TruncatedFile, EmptyFile, TooLarge, InputError; for damaged pages when the
    others have been given out.
    """
    document = _open(path)
    try:
        count = len(document)
        if count == 0:
            raise EmptyFile("The PDF holds no page.")
        if count > settings.max_pages:
            raise TooLarge(f"The PDF has {count} pages; the limit is {settings.max_pages}.")
        _show_forms(document)
        broken: list[InputError] = []
        for index in range(count):
            try:
                with _opened(document, index) as page:
                    result = _page(page, PageRef(path, index + 1), settings)
            except InputError as error:
                broken.append(error)
            else:
                yield result
        if broken:
            raise summed_up(broken)
    finally:
        document.close()


def _open(path: Path) -> Any:
    try:
        return pdfium2.PdfDocument(path)
    except pdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise EncryptedFile("The PDF asks for a password.") from error
        if breaks_off(path, Kind.PDF):
            raise TruncatedFile("The PDF breaks off before its end.") from error
        raise InputError("The PDF is damaged and cannot be opened.") from error


def _show_forms(document: Any) -> None:
    """Has filled-in form fields drawn; a form that cannot be set up leaves the page as it is."""
    try:
        document.init_forms()
    except pdfium2.PdfiumError:
        return


@contextmanager
def _opened(document: Any, index: int) -> Iterator[Any]:
    """A page, closed after the block; whatever the library raises for it in the block is an InputError."""
    try:
        page = document[index]
        try:
            yield page
        finally:
            page.close()
    except InputError:
        raise
    except MemoryError as error:
        raise TooLarge(f"Page {index + 1} of the PDF needs more memory than there is.") from error
    except pdfium2.PdfiumError as error:
        raise InputError(f"Page {index + 1} of the PDF is damaged and cannot be opened.") from error


@dataclass(frozen=True, slots=True)
class _Scan:
    """Share of the page that pictures cover, and the dpi of the finest of them where they make up the page."""

    share: float
    dpi: float | None


def _page(page: Any, ref: PageRef, settings: LoadSettings) -> Page:
    drawn = objects(page)
    scan = _scan(page, drawn, ref.page, settings)
    dpi = _dpi(page, ref.page, scan, settings)
    if scan.dpi is not None:
        for item in drawn.items:
            if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                tuck_in(item, _TUCK)
    image = _render(page, dpi / _PT_PER_INCH)
    height, width = image.shape[:2]
    found: tuple[Rule, ...] = ()
    words: tuple[TextLine, ...] = ()
    if drawn.complete:
        found = rules(drawn.scaled(width, height).items, dpi / _PT_PER_INCH, width, height)
    if drawn.complete and scan.share < settings.min_scan_share and not has_overlaid_text(page):
        text = layer(page, Place(np.diag([width, height, 1.0]) @ page_matrix(page), width, height))
        if text.insane_share <= settings.max_insane_share:
            words = tuple(word for word in runs(text, found) if _is_inked(image, word))
    return Page(PageRef(ref.path, ref.page, round(dpi, 2)), image, words, found)


def _scan(page: Any, drawn: Objects, number: int, settings: LoadSettings) -> _Scan:
    """What the page's pictures amount to. Raises TooLarge for a picture that would be a bomb when decoded."""
    area_pt = page.get_width() * page.get_height()
    found: list[tuple[float, float]] = []
    for item in drawn.items:
        if item.type != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        pixels = math.prod(image_pixels(item))
        if pixels > settings.max_megapixels * 1e6:
            raise TooLarge(
                f"Page {number} of the PDF holds a picture of {pixels / 1e6:.0f} megapixels; "
                f"the limit is {settings.max_megapixels:.0f}."
            )
        drawn_pt = abs(float(np.linalg.det(item.matrix))) * area_pt
        dpi = _PT_PER_INCH * math.sqrt(pixels / drawn_pt) if drawn_pt > 0 else 0.0
        found.append((image_share(item), dpi))
    total = sum(share for share, _ in found)
    if total < _MIN_NATIVE_SHARE:
        return _Scan(total, None)
    largest = max(share for share, _ in found)  # a scan may be cut into strips, none of them large
    finest = max(dpi for share, dpi in found if share >= largest / 2)
    return _Scan(min(total, 1.0), finest or None)


def _dpi(page: Any, number: int, scan: _Scan, settings: LoadSettings) -> float:
    """The resolution to render at. Raises TooLarge for a page that has no size or could not be read at any."""
    width, height = (float(side) / _PT_PER_INCH for side in page.get_size())
    if not (width > 0 and height > 0 and math.isfinite(width * height)):
        raise InputError(f"Page {number} of the PDF has no size.")
    dpi = settings.render_dpi
    if scan.dpi is not None:
        lowest = settings.min_render_dpi * min(1.0, _MAX_PAPER_INCHES / max(width, height))
        dpi = min(max(scan.dpi, lowest), settings.max_render_dpi)
    limit = settings.max_megapixels if scan.dpi is not None else _MAX_VECTOR_MEGAPIXELS
    dpi = min(dpi, math.sqrt(limit * 1e6 / (width * height)), MAX_SIDE_PX / max(width, height))
    if scan.dpi is None and dpi < _MIN_LEGIBLE_DPI:
        raise TooLarge(f"Page {number} of the PDF is {width:.0f} x {height:.0f} inches large: no sheet of paper is.")
    check_shape(f"Page {number} of the PDF", width * dpi, height * dpi)
    return dpi


def _is_inked(image: Image, word: TextLine) -> bool:
    """Whether the image shows anything where the word stands: text in the colour of the paper or covered shows none."""
    box = word.quad.box.expand(1) if word.quad else Box(0, 0, 0, 0)
    seen = image[max(0, int(box.y0)) : math.ceil(box.y1), max(0, int(box.x0)) : math.ceil(box.x1)]
    return seen.size > 0 and int(seen.max()) - int(seen.min()) >= _MIN_CONTRAST


def _render(page: Any, scale: float) -> Image:
    """The page as a viewer shows it, annotations and form fields too: grey where it has no colour, else BGR.

    The scale is bent by a fraction of a pixel, so that a scan made at the page's resolution keeps its own pixels:
    the renderer rounds sizes up, and one column more would resample the whole page.
    """
    bent = min(max(1, round(side * scale)) / side for side in page.get_size())
    bitmap = page.render(scale=bent * (1 - 1e-7), bitmap_maker=pdfium2.PdfBitmap.new_native)
    try:
        image: Image = bitmap.to_numpy()  # of memory that is Python's own: it outlives the bitmap
    finally:
        bitmap.close()
    return _one_channel(image)


def _one_channel(image: Image) -> Image:
    """One channel of a page that is grey all over, else the page."""
    import cv2

    grey = np.empty(image.shape[:2], dtype=np.uint8)
    for top in range(0, len(image), _STRIP):
        strip = image[top : top + _STRIP]
        blue, green, red = cv2.split(strip[:, :, :3])
        if not (np.array_equal(blue, green) and np.array_equal(green, red)):
            return image
        grey[top : top + _STRIP] = blue
    return grey
