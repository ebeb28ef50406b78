"""The types that pass between stages: frozen, with tuples inside.

Conventions: geometry as in `geometry.py`; pages are 1-based; rows and columns are 0-based with
exclusive ends; confidence runs from 0 to 1 and None means unknown; money is Decimal.
Boxes and quads are in pixels of the CLEAN page until `forms.evidence` maps them to the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extract.geometry import Box, Quad, Transform

Image = npt.NDArray[np.uint8]
"""(h, w) grey or (h, w, 3) BGR, 0 is black."""


class Origin(StrEnum):
    """Where a value comes from."""

    OCR = "ocr"
    TEXT_LAYER = "text_layer"
    TEXT_EXPORT = "text_export"
    INHERITED = "inherited"
    REPAIRED = "repaired"


class Doubt(StrEnum):
    """Why what was read may be wrong, whatever number the reader itself puts on it."""

    LOST_INK = "lost-ink"
    STRAY_INK = "stray-ink"
    CUT_INK = "cut-ink"
    NO_INK = "no-ink"
    LOST_POINT = "lost-point"
    LOOKALIKE = "lookalike"
    STROKES_UNCLEAR = "strokes-unclear"
    STROKES_DIFFER = "strokes-differ"
    PER_MILLE = "per-mille"
    READERS_DIFFER = "readers-differ"
    OFF_MIDDLE = "off-middle"
    UNDER_PEN = "under-pen"
    UNDER_SEAL = "under-seal"

    @property
    def reason(self) -> str:
        """The doubt in words."""
        return _REASONS[self]

    @property
    def grave(self) -> bool:
        """Whether a value so doubted needs a person or an exact sum; one in slight doubt is only pointed out."""
        return self not in _SLIGHT


_REASONS = {
    Doubt.LOST_INK: "beside it is ink that no character accounts for",
    Doubt.STRAY_INK: "behind it is a speck or a mark of a pen",
    Doubt.CUT_INK: "its ink reaches out of the part that was read",
    Doubt.NO_INK: "it was read where there is next to no ink",
    Doubt.LOST_POINT: "a point may have been lost",
    Doubt.LOOKALIKE: "it was read as another character that looks alike",
    Doubt.STROKES_UNCLEAR: "its strokes do not say which of two signs it is",
    Doubt.STROKES_DIFFER: "its strokes speak for another sign",
    Doubt.PER_MILLE: "it is shaped like per mille and was read as percent, or the other way round",
    Doubt.READERS_DIFFER: "another reader reads it otherwise",
    Doubt.OFF_MIDDLE: "a stroke far off the middle of its cell may be no dash",
    Doubt.UNDER_PEN: "a mark of a pen was lifted from it",
    Doubt.UNDER_SEAL: "a seal was lifted from it",
}
_SLIGHT = frozenset({Doubt.STRAY_INK, Doubt.STROKES_DIFFER, Doubt.UNDER_SEAL})


@dataclass(frozen=True, slots=True)
class PageRef:
    """Which page of which file; dpi is None where the file states none (a PDF states what it was rendered at)."""

    path: Path
    page: int
    dpi: float | None = None


@dataclass(frozen=True, slots=True)
class Char:
    """One recognised character with what else it may be.

    `alternatives` are (character, probability), most likely first, the chosen one left out;
    "" stands for "no character here". `x` is its centre as a share of the line's width. `confidence` is the
    networks' own; what else speaks against the character stands in `doubts`.
    """

    text: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    x: float | None = None
    doubts: frozenset[Doubt] = frozenset()


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as read; quad in clean pixels, None for text exports; `doubts` hold its characters'."""

    text: str
    quad: Quad | None = None
    confidence: float | None = None
    origin: Origin = Origin.OCR
    chars: tuple[Char, ...] = ()
    page: int = 1
    doubts: frozenset[Doubt] = frozenset()


@dataclass(frozen=True, eq=False)
class Rule:
    """A vector rule of a born-digital page, in pixels of the page image."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, eq=False)
class Page:
    """A page image as it lies in the file, EXIF rotation applied.

    `words` is the text layer in page pixels (empty where there is none or it is not sane);
    `rules` are the vector rules drawn on the page, in page pixels.
    """

    ref: PageRef
    image: Image
    words: tuple[TextLine, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class TextCell:
    """A cell of a text export, with the spans the export states (1 where it states none)."""

    text: str
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows of cells of a text export; rows may differ in length."""

    rows: tuple[tuple[TextCell, ...], ...]


@dataclass(frozen=True, slots=True)
class TextPage:
    """What a text export holds, in order: paragraphs and tables; `text` is all of it where the file is plain text."""

    ref: PageRef
    blocks: tuple[str | TextTable, ...]
    text: str = ""

    @property
    def whole(self) -> str:
        """The text of the file, or that of its blocks, table rows as lines with tabs."""
        return self.text or "\n".join(
            block if isinstance(block, str) else "\n".join("\t".join(c.text for c in row) for row in block.rows)
            for block in self.blocks
        )


@dataclass(frozen=True, eq=False)
class CleanPage:
    """A page made upright, straight, evenly lit and free of seals.

    `image` is (h, w) grey with white paper; `ink` is (h, w) 0/255, ink 255; `to_source` maps clean pixels to
    pixels of `Page.image`; `char_height` is the measured height of a text line in clean pixels, the unit of every
    threshold that follows; `turn_deg` (0, 90, 180, 270, counter-clockwise), `skew_deg`, `seals` and `lifted` (boxes in
    clean pixels, of red seals and of pen marks taken out) say what was found and done.
    """

    ref: PageRef
    image: Image
    ink: Image
    to_source: Transform
    char_height: float
    turn_deg: int = 0
    skew_deg: float = 0.0
    seals: tuple[Box, ...] = ()
    lifted: tuple[Box, ...] = ()
    words: tuple[TextLine, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid: its place, its span, its box in clean pixels and the lines read in it, top to bottom."""

    row: int
    col: int
    row_end: int
    col_end: int
    box: Box | None = None
    lines: tuple[TextLine, ...] = ()
    page: int = 1


@dataclass(frozen=True)
class Grid:
    """Cells that tile rows x cols exactly; raises ValueError where two overlap or one is missing."""

    rows: int
    cols: int
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        seen = np.zeros((self.rows, self.cols), dtype=np.int32)
        for cell in self.cells:
            if not (0 <= cell.row < cell.row_end <= self.rows and 0 <= cell.col < cell.col_end <= self.cols):
                raise ValueError(f"cell outside of the grid: {cell.row, cell.col, cell.row_end, cell.col_end}")
            seen[cell.row : cell.row_end, cell.col : cell.col_end] += 1
        if not (seen == 1).all():
            r, c = (int(v) for v in np.argwhere(seen != 1)[0])
            raise ValueError(f"{int(seen[r, c])} cells at row {r}, column {c}")


@dataclass(frozen=True, slots=True)
class Reading:
    """All text lines of a page with the engine that read them."""

    lines: tuple[TextLine, ...]
    engine: str


@dataclass(frozen=True)
class PageContent:
    """A page as read: its grids in reading order with their lines filled in, and the lines outside of any grid."""

    ref: PageRef
    grids: tuple[Grid, ...]
    free: tuple[TextLine, ...]
    to_source: Transform = field(default_factory=Transform)
    char_height: float = 0.0


class Severity(StrEnum):
    """How grave an issue is: an error keeps a record from being accepted."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt about a value, with a JSON pointer into the record's data."""

    code: str
    severity: Severity
    pointer: str
    message: str
    expected: str | None = None
    actual: str | None = None


class CheckStatus(StrEnum):
    """Three-valued: "could not check" is not "checked and wrong"."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one of the form's rules; `pointers` are the values that took part."""

    id: str
    status: CheckStatus
    message: str
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a value's ink: page (1-based) and quad in SOURCE pixels; dpi where the page was rendered."""

    page: int
    quad: Quad
    dpi: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value stands on the source page: page (1-based), quad in SOURCE pixels, the raw text, how sure.

    `regions` are all of its parts where a page end cuts it, in reading order; else empty.
    `doubts` are what speaks against the reading, in the order of their names.
    """

    page: int
    quad: Quad | None
    text: str
    confidence: float | None
    origin: Origin
    dpi: float | None = None
    regions: tuple[Region, ...] = ()
    doubts: tuple[Doubt, ...] = ()


JsonValue = None | bool | int | str | Decimal | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True)
class Source:
    """What a record says of where it comes from: the name of its file below the input folder, and its content hash."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Record:
    """One form: its data as the record contract has it, with evidence, checks and issues."""

    form: str
    form_version: str
    status: str
    source: Mapping[str, JsonValue]
    data: Mapping[str, JsonValue]
    evidence: Mapping[str, Evidence]
    checks: tuple[Check, ...]
    issues: tuple[Issue, ...]
    engine: Mapping[str, str]
