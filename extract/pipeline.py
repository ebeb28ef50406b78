"""The order of the stages: a file becomes records. No other module knows it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import extract
from extract.clean import clean
from extract.errors import InputError
from extract.forms import FormReader, Scan, SheetTrace
from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.spec import FormSpec
from extract.forms.values.evidence import PageProjection
from extract.grid import LatticeTrace, fill, find_traced, text_contents
from extract.load import open_document
from extract.model import CleanPage, Grid, JsonValue, Page, PageContent, Record, Source, TextLine, TextPage
from extract.ocr import read
from extract.ocr.engines.factory import open_engine
from extract.ocr_engine import OcrEngine
from extract.records.page_text import PageLines, lines_of
from extract.settings.defaults import Settings


@dataclass(frozen=True)
class Digitised:
    """What one file gave: its records, how many pages it has, seconds by stage, and what was wrong but not fatal.

    `lines` is what was read of its page images, whether or not they show a form.
    """

    records: tuple[Record, ...]
    pages: int
    seconds: Mapping[str, float]
    warnings: tuple[str, ...] = ()
    lines: tuple[PageLines, ...] = ()


@dataclass(frozen=True, eq=False)
class Trace:
    """Every intermediate of one page, for overlays and tests; `records` and `forms` are those of the whole file.

    `lattice` is None where the page's grids were not found by their drawn rules.
    """

    page: Page
    clean: CleanPage
    grids: tuple[Grid, ...]
    free: tuple[TextLine, ...]
    records: tuple[Record, ...]
    forms: tuple[SheetTrace, ...] = ()
    lattice: LatticeTrace | None = None


class Clock:
    """Adds up seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time a block as part of a stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - start


@dataclass
class _Seen:
    """What is kept of a file's pages while it is read; images are not."""

    contents: list[PageContent] = field(default_factory=list)
    sightings: dict[int, PageProjection] = field(default_factory=dict)
    lines: list[PageLines] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    traced: tuple[Page, CleanPage, PageContent, LatticeTrace | None] | None = None
    engine: str = ""
    texts: list[str] = field(default_factory=list)
    turns: dict[tuple[int, ...], int] = field(default_factory=dict)

    def turn_of_like(self, page: Page) -> int:
        """The turn of the last page of the same size: pages of one file mostly lie alike in the scanner."""
        return self.turns.get(page.image.shape[:2], 0)


class Pipeline:
    """The stages put together for some forms and settings; not thread-safe, one per process.

    `engine` None means: the engine that the settings name, built when the first scan asks for it.
    """

    def __init__(self, forms: Sequence[FormSpec], settings: Settings, engine: OcrEngine | None = None) -> None:
        self.forms = tuple(forms)
        self.settings = settings
        self._given = engine

    @cached_property
    def engine(self) -> OcrEngine:
        """The OCR engine. Raises EngineError when weights or runtime are missing."""
        return self._given or open_engine(self.settings.ocr)

    def digitise(self, path: Path, source: Source, on_page: Callable[[], None] | None = None) -> Digitised:
        """Read a file; `source` is what its records say of where they come from, `on_page` is called after each page.

        Without a form on its pages there are no records. Raises InputError when it cannot be read.
        """
        clock = Clock()
        seen = self._see(path, clock, on_page=on_page)
        records = self._records(source, seen, clock)
        pages = len({c.ref.page for c in seen.contents})
        warnings = (*seen.warnings, *_unclaimed(seen, records))
        return Digitised(records, pages, dict(clock.seconds), warnings, tuple(seen.lines))

    def trace(self, path: Path, source: Source, page: int) -> Trace:
        """The intermediates of one page of a scan. Raises InputError when there is no such page image."""
        clock = Clock()
        seen = self._see(path, clock, traced=page)
        if seen.traced is None:
            raise InputError(f"{path.name} has no page image {page}")
        image, cleaned, content, lattice = seen.traced
        forms = self._reader().trace(seen.contents, _scan(source, seen))
        records = tuple(sheet.reading.record for sheet in forms if sheet.reading is not None)
        return Trace(image, cleaned, content.grids, content.free, records, forms, lattice)

    def _see(self, path: Path, clock: Clock, traced: int = 0, on_page: Callable[[], None] | None = None) -> _Seen:
        """Every page of a file as content; a page that breaks after others were read leaves a warning."""
        seen = _Seen()
        pages = open_document(path, self.settings.load)
        while True:
            try:
                with clock("load"):
                    page = next(pages, None)
            except InputError as error:
                if not seen.contents:
                    raise
                seen.warnings.append(f"{error} {error.remedy}")
                break
            if page is None:
                break
            if isinstance(page, TextPage):
                seen.contents.extend(text_contents(page))
                seen.texts.append(page.whole)
            else:
                self._see_page(page, seen, clock, traced)
            if on_page is not None:
                on_page()
        return seen

    def _see_page(self, page: Page, seen: _Seen, clock: Clock, traced: int) -> None:
        with clock("clean"):
            cleaned = clean(page, self.engine, self.settings.clean, seen.turn_of_like(page))
            seen.turns[page.image.shape[:2]] = cleaned.turn_deg
        with clock("grid"):
            found = find_traced(cleaned, self.settings.grid)
        with clock("read"):
            reading = read(cleaned, found.grids, self.engine, self.settings.ocr)
        with clock("grid"):
            filled, free = fill(found.grids, reading)
        content = PageContent(page.ref, filled, free, cleaned.to_source, cleaned.char_height)
        dpi = page.ref.dpi if _is_pdf(page) else None
        seen.contents.append(content)
        seen.sightings[page.ref.page] = PageProjection(cleaned.to_source, dpi)
        seen.lines.append(lines_of(content, page, dpi))
        seen.engine = reading.engine
        if page.ref.page == traced:
            seen.traced = (page, cleaned, content, found.lattice)

    def _records(self, source: Source, seen: _Seen, clock: Clock) -> tuple[Record, ...]:
        with clock("forms"):
            scan = _scan(source, seen)
            if seen.texts and not seen.sightings:
                return self._reader().read_text("\n".join(seen.texts), seen.contents, scan)
            return self._reader().read(seen.contents, scan)

    def _reader(self) -> FormReader:
        return FormReader(self.forms, self.settings, load_lexicon())


def _scan(source: Source, seen: _Seen) -> Scan:
    return Scan(source, {"ocr": seen.engine or "none", "extract": extract.__version__}, seen.sightings)


def _unclaimed(seen: _Seen, records: Sequence[Record]) -> Iterator[str]:
    """A sentence for each page image with text that no record was read from, in a file that gave records.

    Blank backs of paper are no loss. The sheets of a text export are not told apart here.
    """
    claimed = {page for record in records for page in _pages(record)}
    for content in seen.contents if claimed else ():
        page = content.ref.page
        if page in seen.sightings and page not in claimed and _has_text(content):
            yield f"Page {page} shows no declared form; nothing on it is in a record."


def _pages(record: Record) -> tuple[JsonValue, ...]:
    pages = record.source.get("pages")
    return tuple(pages) if isinstance(pages, list) else ()


def _has_text(content: PageContent) -> bool:
    lines = (line for grid in content.grids for cell in grid.cells for line in cell.lines)
    return any(line.text.strip() for line in (*lines, *content.free))


def _is_pdf(page: Page) -> bool:
    return page.ref.path.suffix.lower() == ".pdf"
