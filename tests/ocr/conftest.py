from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from extract.geometry import Box, Transform
from extract.model import Cell, Char, CleanPage, Grid, Image, PageRef
from extract.ocr.engines import weights
from extract.ocr.engines.onnx_engine import DirectEngine

DATA = Path(__file__).parent / "data"
CHAR = 25.0


def crops() -> dict[str, Image]:
    """Typeset crops by the text they show."""
    rows = [line.split("\t") for line in (DATA / "truth.tsv").read_text(encoding="utf-8").splitlines()]
    return {text: np.asarray(cv2.imread(str(DATA / name), cv2.IMREAD_GRAYSCALE), np.uint8) for name, text in rows}


def clean_page(image: Image, char_height: float = CHAR) -> CleanPage:
    ink = np.where(image < 160, 255, 0).astype(np.uint8)
    return CleanPage(PageRef(Path("page.png"), 1), image, ink, Transform(), char_height)


def ruled(rows: int, cols: int, width: int = 260, height: int = 60) -> tuple[Image, Grid]:
    """A page of one empty ruled grid, rules two pixels wide, 40 px from the corner."""
    image = np.full((rows * height + 80, cols * width + 80), 255, np.uint8)
    for r in range(rows + 1):
        image[39 + r * height : 41 + r * height, 39 : 41 + cols * width] = 0
    for c in range(cols + 1):
        image[39 : 41 + rows * height, 39 + c * width : 41 + c * width] = 0
    cells = tuple(
        Cell(r, c, r + 1, c + 1, Box(40 + c * width, 40 + r * height, 40 + (c + 1) * width, 40 + (r + 1) * height))
        for r in range(rows)
        for c in range(cols)
    )
    return image, Grid(rows, cols, cells)


def paste(image: Image, crop: Image, x: int, y: int) -> None:
    part = image[y : y + crop.shape[0], x : x + crop.shape[1]]
    part[:] = np.minimum(part, crop)


@pytest.fixture(scope="session")
def engine() -> DirectEngine:
    return DirectEngine(weights.find())


@dataclass(frozen=True, eq=False)
class Mark:
    """A typeset text with the place of each character."""

    text: str
    font: str
    crop: Image
    places: tuple[float, ...]

    def read_as(self, text: str, confidence: float = 0.9) -> tuple[Char, ...]:
        """Characters at the places of those printed, the first ones where `text` is shorter."""
        return tuple(Char(c, confidence, (), x) for c, x in zip(text, self.places, strict=False))


def marks(text: str) -> list[Mark]:
    """A text with a mark that is hard to read, 26 px high and slightly blurred, in each of seven fonts.

    Fonts: Fandol Song, Song Bold, Hei, Kai (GPL with font exception); Noto Sans CJK, Sans Bold, Serif (OFL).
    """
    sheet = np.asarray(cv2.imread(str(DATA / "marks.png"), cv2.IMREAD_GRAYSCALE), np.uint8)
    rows = [line.split("\t") for line in (DATA / "marks.tsv").read_text(encoding="utf-8").splitlines()]
    return [
        Mark(printed, font, sheet[int(y) : int(y) + 38, : int(width)], tuple(float(x) for x in places.split()))
        for printed, font, y, width, places in rows
        if printed == text
    ]
