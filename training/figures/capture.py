"""Lines of real pages as the product cuts and reads them, with what is printed there: material to measure on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2

from extract.clean.clean_page import clean
from extract.geometry import Transform
from extract.grid import find
from extract.load import open_document
from extract.model import Char, Image, Page, PageRef
from extract.ocr import read as reading
from extract.ocr import recognise
from extract.ocr.engines.factory import open_engine
from extract.ocr.lines import line_crops
from extract.ocr_engine import Care, OcrEngine
from extract.settings.defaults import Settings
from fixtures.damage import paper
from fixtures.damage.warp import Damaged

Points = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Truth:
    """What is printed in a place of a page: its corners, the text, and whether only its number is known."""

    quad: Points
    text: str
    number: bool


@dataclass(frozen=True, eq=False)
class Captured:
    """A line's crop, what is printed in it, and what the product's networks and the product itself read."""

    group: str
    crop: Image
    char_height: float
    truth: Truth
    quick: tuple[Char, ...]
    better: tuple[Char, ...]
    usual: tuple[Char, ...]
    final: tuple[Char, ...]


def scans(root: Path, kinds: Sequence[str], least: int) -> Iterator[tuple[str, Page, list[Truth]]]:
    """The first scans of each kind of the committed fixtures, page by page."""
    for kind in kinds:
        for path in sorted((root / "scans" / kind).iterdir())[:least]:
            told = json.loads((root / "truth" / f"{path.name}.json").read_text(encoding="utf-8"))
            for page in open_document(path):
                if isinstance(page, Page):
                    yield kind, page, list(_inked(told, page.ref.page))


def _inked(told: dict[str, Any], number: int) -> Iterator[Truth]:
    for form in told["forms"]:
        for pointer, places in form["ink"].items():
            value: Any = form["data"]
            for part in pointer.split("/")[1:]:
                value = value[int(part)] if isinstance(value, list) else value[part]
            # The year stands in words of the title: its ink holds more than its number.
            if pointer.endswith("/fiscal_year"):
                continue
            if len(places) == 1 and places[0]["page"] == number and not isinstance(value, bool | dict | list):
                figure = isinstance(value, int | float)
                yield Truth(np.array(places[0]["quad"]), str(value), figure)


_HARMS: dict[str, Callable[[Image, np.random.Generator, float], Damaged]] = {
    "clean": lambda image, rng, dpi: paper.untouched(image),
    "scanned": paper.scanned,
    "copied": lambda image, rng, dpi: paper.copied(image, rng, dpi, np.full_like(image, 255)),
    "faxed": paper.faxed,
}
"""What is done to drawn pages: the damages of the project's made scans, which training does not use."""


def fiscal(root: Path, dpi: int, every: int, harm: str = "clean") -> Iterator[tuple[str, Page, list[Truth]]]:
    """Pages of the born-digital budgets, drawn at a resolution and harmed as the project's made scans are."""
    rng = np.random.default_rng(dpi)
    for path in sorted((root / "truth").glob("*.json"))[::every]:
        told = json.loads(path.read_text(encoding="utf-8"))
        page = pypdfium2.PdfDocument(root / told["pdf"])[told["page"] - 1]
        image = np.asarray(page.render(scale=dpi / 72, grayscale=True).to_numpy()).squeeze()
        done = _HARMS[harm](np.ascontiguousarray(image, dtype=np.uint8), rng, dpi)
        cells = [
            cell for table in told["tables"] for cell in table["cells"] if cell["text"] and "\n" not in cell["text"]
        ]
        truths = [Truth(done.move(_corners(cell["bbox"]) * dpi / 72), cell["text"], False) for cell in cells]
        yield f"fiscal {harm} {dpi} dpi", Page(PageRef(path, 1, float(dpi)), done.image), truths


def _corners(box: Sequence[float]) -> Points:
    x0, y0, x1, y1 = box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=float)


def captured(group: str, page: Page, truths: Sequence[Truth], engine: OcrEngine) -> list[Captured]:
    """The lines of a page whose printed text is known."""
    cleaned = clean(page, engine)
    with _Tap() as tap:
        reading.read(cleaned, find(cleaned), engine)
    found = []
    for truth in truths:
        own = [line for line in tap.lines if _inside(line, truth, cleaned.to_source)]
        if len(own) == 1 and re.search(r"[\d%\u2030\u2014/\-]", truth.text):
            found.append((truth, own[0]))
    crops = [line_crops.crop(inked.image, band, inked.char_height) for _, (band, _, inked) in found]
    looks = [engine.recognise(crops, care) for care in (Care.GLANCE, Care.THOROUGH, Care.USUAL)]
    return [
        Captured(group, crop, inked.char_height, truth, *three, chars)
        for crop, (truth, (_, chars, inked)), *three in zip(crops, found, *looks, strict=True)
    ]


def _inside(line: tuple[Any, ...], truth: Truth, to_source: Transform) -> bool:
    """Whether the middle of a line lies in the place of a truth."""
    box = line[0].box
    (x, y) = to_source.apply([[box.cx, box.cy]])[0]
    low, high = truth.quad.min(axis=0), truth.quad.max(axis=0)
    return bool(low[0] <= x <= high[0] and low[1] <= y <= high[1])


class _Tap:
    """Keeps each line that passes through recognition, with its ink."""

    def __enter__(self) -> _Tap:
        self.lines: list[tuple[Any, ...]] = []
        self._real = recognise.recognise

        def tapped(bands: Any, inked: Any, *rest: Any) -> Any:
            found = self._real(bands, inked, *rest)
            self.lines.extend((band, chars, inked) for band, chars in found)
            return found

        recognise.recognise = tapped
        return self

    def __exit__(self, *_: object) -> None:
        recognise.recognise = self._real


def engine() -> OcrEngine:
    """The product's engine as it is set by default."""
    return open_engine(Settings().ocr)
