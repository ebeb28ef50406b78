"""A ruled page with something like characters in its cells, and what may happen to it: shared by the tests of clean."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from extract.geometry import Points
from extract.model import Image, Page, PageRef

Move = Callable[[Points], Points]


@dataclass(frozen=True, eq=False)
class Ruled:
    """A drawn page, the places where its rules cross, (rows, cols, 2), and the height of its characters."""

    image: Image
    crossings: npt.NDArray[np.float64]
    char_px: int

    def page(self) -> Page:
        return as_page(self.image)


def as_page(image: Image) -> Page:
    return Page(PageRef(Path("drawn.png"), 1), image)


def _glyph(image: Image, x: int, y: int, size: int, rng: np.random.Generator) -> None:
    """Strokes across and down in a square: as dense and as square as a Chinese character."""
    pen = max(1, size // 11)
    for k in range(4):
        at = y + round(k * (size - pen) / 3)
        reach = int(rng.integers(0, size // 4)) if k % 3 else 0
        image[at : at + pen, x + reach : x + size - reach] = 0
    for at in (x + int(rng.integers(0, size // 4)), x + size - pen - int(rng.integers(0, size // 4))):
        image[y : y + size, at : at + pen] = 0


def draw(dpi: int = 110, rows: int = 14, seed: int = 0) -> Ruled:
    """An A4 page of one ruled table with 10 pt characters in its cells."""
    rng = np.random.default_rng(seed)
    scale = dpi / 25.4
    image = np.full((round(297 * scale), round(210 * scale)), 255, np.uint8)
    xs = np.round(np.array([18, 48, 80, 130, 160, 192]) * scale).astype(int)
    ys = np.round(np.linspace(25, 272, rows + 1) * scale).astype(int)
    pen, size = max(1, round(0.3 * scale)), round(3.4 * scale)
    for y in ys:
        image[y : y + pen, xs[0] : xs[-1] + pen] = 0
    for x in xs:
        image[ys[0] : ys[-1] + pen, x : x + pen] = 0
    for y, x0, x1 in ((y, a, b) for y in ys[:-1] for a, b in pairwise(xs)):
        for k in range(int(rng.integers(2, max(3, (x1 - x0) // (size + 2))))):
            _glyph(image, x0 + 4 + k * round(1.12 * size), y + size // 2 + 2, size, rng)
    crossings = np.stack(np.meshgrid(xs + pen / 2 - 0.5, ys + pen / 2 - 0.5), axis=-1)
    return Ruled(image, crossings, size)


def warp(image: Image, back: Move, shape: tuple[int, int], ground: int = 255) -> Image:
    """The image as seen where pixel p of the result shows pixel back(p)."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float64)
    at = back(np.column_stack((x.ravel(), y.ravel()))).astype(np.float32).reshape(*shape, 2)
    return np.asarray(cv2.remap(image, at, None, cv2.INTER_LINEAR, borderValue=float(ground)), dtype=np.uint8)


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Ruled]:
    return draw


@pytest.fixture(scope="session")
def warped() -> Callable[..., Image]:
    return warp


@pytest.fixture(scope="session")
def page_of() -> Callable[[Image], Page]:
    return as_page
