"""Every line that was read of a scan, with its place: what a search over the scans goes by."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec
import numpy as np

from extract.geometry import Points
from extract.model import Origin, Page, PageContent, TextLine


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line of text and its quad in whole pixels of the SOURCE page.

    `steps` are x and y of the top left corner, then how far right and down each next corner is from the one before:
    they take less room than the corners.
    """

    text: str
    steps: tuple[int, int, int, int, int, int, int, int]

    def corners(self) -> Points:
        """The corners of the quad, clockwise from the top left of the text, as a (4, 2) array."""
        corners: Points = np.array(self.steps, dtype=np.float64).reshape(4, 2).cumsum(axis=0)
        return corners


Block = tuple[Line, ...]
"""The lines of a cell, top to bottom, or one that stands outside of all cells."""


class PageLines(msgspec.Struct, frozen=True, gc=False):
    """What was read of a page (1-based) whose image has so many pixels across and down.

    `dpi` is what a page of a PDF was rendered at. Of a page that is `layered`, with a text layer of its own, there is
    what that layer lacks.
    """

    page: int
    width: int
    height: int
    blocks: tuple[Block, ...]
    dpi: float | None = None
    layered: bool = False


class ScanLines(msgspec.Struct, frozen=True, gc=False):
    """What was read of the pages of a scan, the one of this name and content."""

    name: str
    sha256: str
    pages: tuple[PageLines, ...]

    def encode(self) -> bytes | None:
        """The lines as bytes, the same for the same lines; None where there is none."""
        if not any(page.blocks for page in self.pages):
            return None
        return gzip.compress(msgspec.json.encode(self), mtime=0)


_decoder = msgspec.json.Decoder(ScanLines)


def decode(content: bytes) -> ScanLines | None:
    """Lines from their bytes; None for what is damaged or of another version."""
    try:
        return _decoder.decode(gzip.decompress(content))
    except (OSError, EOFError, zlib.error, msgspec.DecodeError, UnicodeDecodeError):
        return None


def lines_of(content: PageContent, page: Page, dpi: float | None) -> PageLines:
    """The lines of a page that was read, but those of its text layer and those that could not be read."""
    height, width = page.image.shape[:2]
    groups = [*(cell.lines for grid in content.grids for cell in grid.cells), *((line,) for line in content.free)]
    layered = any(line.origin is Origin.TEXT_LAYER for line in chain(*groups))
    return PageLines(page.ref.page, width, height, tuple(_blocks(groups, content)), dpi, layered)


def _blocks(groups: Sequence[Sequence[TextLine]], content: PageContent) -> Iterator[Block]:
    """The blocks of a page; all of its corners are mapped to the source at once, which a bent page makes dear."""
    kept = [[(line.text, line.quad) for line in group if _is_wanted(line) and line.quad] for group in groups]
    corners = np.array([quad.points for group in kept for _, quad in group], dtype=np.float64)
    mapped = np.rint(content.to_source.apply(corners)).astype(int).reshape(-1, 4, 2)
    steps = iter(np.diff(mapped, axis=1, prepend=0).reshape(-1, 8).tolist())
    for group in filter(None, kept):
        yield tuple(Line(text, tuple(next(steps))) for text, _ in group)


def _is_wanted(line: TextLine) -> bool:
    return bool(line.text.strip()) and line.origin is not Origin.TEXT_LAYER
