"""Pages drawn for tests: tables as lists of spans, lines and strokes at any character height."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from extract.geometry import Transform
from extract.model import CleanPage, Image, PageRef

Span = tuple[int, int, int, int]
"""row, col, row_end, col_end."""


def blank(height: int, width: int) -> Image:
    return np.full((height, width), 255, dtype=np.uint8)


def page_of(image: Image, char_height: float) -> CleanPage:
    ink = np.where(image < 160, 255, 0).astype(np.uint8)
    return CleanPage(PageRef(Path("page.png"), 1), image, ink, Transform(), char_height)


def draw_table(image: Image, xs: list[int], ys: list[int], spans: list[Span], thickness: int = 2) -> None:
    """The frame of every span, in place."""
    for row, col, row_end, col_end in spans:
        cv2.rectangle(image, (xs[col], ys[row]), (xs[col_end], ys[row_end]), 0, thickness)


def plain(rows: int, cols: int) -> list[Span]:
    return [(r, c, r + 1, c + 1) for r in range(rows) for c in range(cols)]
