"""The order of the stages: a file becomes records. No other module knows it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import extract
from extract.clean import clean
from extract.engine import OcrEngine
from extract.errors import InputError
from extract.forms.evidence import Sighting
from extract.forms.identify import candidates, is_title
from extract.forms.labels import is_label
from extract.forms.lexicon import load_lexicon
from extract.forms.record import Reader, Source
from extract.forms.sheet import Sheet
from extract.forms.spec import FormSpec, Place
from extract.forms.stitch import stitch
from extract.forms.validate import valid
from extract.grid import fill, find, from_text_table
from extract.lines import PageLines, lines_of
from extract.load import open_document
from extract.model import CleanPage, Grid, Origin, Page, PageContent, Record, TextLine, TextPage, TextTable
from extract.ocr.engines import open_engine
from extract.ocr.read import read
from extract.overrides import layered
from extract.settings import Settings
from extract.stamp import sha256 as content_hash


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
    """Every intermediate of one page, for overlays and tests; `records` are those of the whole file."""

    page: Page
    clean: CleanPage
    grids: tuple[Grid, ...]
    free: tuple[TextLine, ...]
    records: tuple[Record, ...]


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
    sightings: dict[int, Sighting] = field(default_factory=dict)
    lines: list[PageLines] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    traced: tuple[Page, CleanPage, PageContent] | None = None
    engine: str = ""
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

    def digitise(self, path: Path, name: str, sha256: str | None = None) -> Digitised:
        """What a file gives; `name` is what its records call it, `sha256` its content's hash where it is known.

        Without a form on its pages there are no records. Raises InputError when it cannot be read.
        """
        clock = Clock()
        seen = self._see(path, clock)
        records = self._records(Source(name, sha256 or content_hash(path)), seen, clock)
        pages = len({c.ref.page for c in seen.contents})
        return Digitised(records, pages, dict(clock.seconds), tuple(seen.warnings), tuple(seen.lines))

    def trace(self, path: Path, page: int) -> Trace:
        """The intermediates of one page of a scan. Raises InputError when there is no such page image."""
        clock = Clock()
        seen = self._see(path, clock, traced=page)
        if seen.traced is None:
            raise InputError(f"{path.name} has no page image {page}")
        image, cleaned, content = seen.traced
        records = self._records(Source(path.name, content_hash(path)), seen, clock)
        return Trace(image, cleaned, content.grids, content.free, records)

    def _see(self, path: Path, clock: Clock, traced: int = 0) -> _Seen:
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
            else:
                self._see_page(page, seen, clock, traced)
        return seen

    def _see_page(self, page: Page, seen: _Seen, clock: Clock, traced: int) -> None:
        with clock("clean"):
            cleaned = clean(page, self.engine, self.settings.clean, seen.turn_of_like(page))
            seen.turns[page.image.shape[:2]] = cleaned.turn_deg
        with clock("grid"):
            grids = find(cleaned, self.settings.grid)
        with clock("read"):
            reading = read(cleaned, grids, self.engine, self.settings.ocr)
        with clock("grid"):
            filled, free = fill(grids, reading)
        content = PageContent(page.ref, filled, free, cleaned.to_source, cleaned.char_height)
        dpi = page.ref.dpi if _is_pdf(page) else None
        seen.contents.append(content)
        seen.sightings[page.ref.page] = Sighting(cleaned.to_source, dpi)
        seen.lines.append(lines_of(content, page, dpi))
        seen.engine = reading.engine
        if page.ref.page == traced:
            seen.traced = (page, cleaned, content)

    def _records(self, source: Source, seen: _Seen, clock: Clock) -> tuple[Record, ...]:
        with clock("forms"):
            engine = {"ocr": seen.engine or "none", "extract": extract.__version__}
            records: list[Record] = []
            for sheet in self._sheets(seen.contents):
                form = self._form(sheet)
                if form is not None:
                    numbered = replace(sheet, index=len(records))
                    reader = Reader(load_lexicon(), self._settings(form).check, engine)
                    records.append(valid(reader.read(numbered, form, source, seen.sightings), form))
        return tuple(records)

    def _sheets(self, contents: Sequence[PageContent]) -> tuple[Sheet, ...]:
        return stitch(contents, lambda text: is_title(text, self.forms), self._once)

    def _once(self, text: str) -> str | None:
        """The single field whose label a text is."""
        for form in self.forms:
            for spec in form.fields:
                if spec.place is Place.RIGHT and spec.required and is_label(text, spec.labels):
                    return spec.key
        return None

    def _settings(self, form: FormSpec) -> Settings:
        """The settings once the form is known, with its own laid over them."""
        return layered((form.settings,), self.settings)

    def _form(self, sheet: Sheet) -> FormSpec | None:
        best = candidates(sheet, self.forms)
        return best[0].form if best else None


def text_contents(page: TextPage) -> Iterator[PageContent]:
    """A text export as contents: each table with the paragraphs above it."""
    above: list[TextLine] = []
    for block in page.blocks:
        if isinstance(block, TextTable):
            yield PageContent(page.ref, (from_text_table(block, page.ref.page),), tuple(above))
            above = []
        else:
            above.append(TextLine(block, origin=Origin.TEXT_EXPORT, page=page.ref.page))
    if above:
        yield PageContent(page.ref, (), tuple(above))


def _is_pdf(page: Page) -> bool:
    return page.ref.path.suffix.lower() == ".pdf"
