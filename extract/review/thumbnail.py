"""Small pictures of pages, with the places to look at marked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from extract.errors import InputError
from extract.geometry import Quad
from extract.load import open_document
from extract.model import Image, Page, Record, Severity
from extract.settings.defaults import LoadSettings

WIDTH_PX = 300
QUALITY = 60
_RED = (30, 30, 205)


def thumbnail(path: Path, records: Sequence[Record], settings: LoadSettings) -> bytes | None:
    """A JPEG of the first page with a doubt (of page 1 where no doubt has a place), its doubtful values framed.

    None for text exports and for pages that cannot be decoded.
    """
    places = _places(records)
    number = min((page for page, _ in places), default=1)
    try:
        for page in open_document(path, settings):
            if page.ref.page == number:
                marks = [quad for place, quad in places if place == number]
                return _jpeg(page.image, marks) if isinstance(page, Page) else None
    except InputError:
        return None
    return None


def _places(records: Sequence[Record]) -> list[tuple[int, Quad]]:
    """Page and ink of every value that an error or a warning speaks of."""
    found = []
    for record in records:
        for issue in record.issues:
            evidence = record.evidence.get(issue.pointer)
            if issue.severity is not Severity.INFO and evidence is not None and evidence.quad is not None:
                found.append((evidence.page, evidence.quad))
    return found


def _jpeg(image: Image, marks: Sequence[Quad]) -> bytes:
    height, width = image.shape[:2]
    scale = WIDTH_PX / width
    size = (WIDTH_PX, max(1, min(3 * WIDTH_PX, round(height * scale))))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    colour = small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    factors = (size[0] / width, size[1] / height)
    for quad in marks:
        corners = np.rint(quad.array() * factors).astype(np.int32)
        cv2.polylines(colour, [corners], isClosed=True, color=_RED, thickness=1, lineType=cv2.LINE_AA)
    _, encoded = cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return bytes(encoded)
