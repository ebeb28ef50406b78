from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, InvalidOperation
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

from extract.load import open_document
from extract.model import Image, Page
from extract.ocr.figure_reader import OTHER, FigureReader
from extract.ocr.figure_reader.reader import NETWORK
from tests.paths import FIXTURES

AILERON = "Aileron"
STIX = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "STIXGeneral.ttf"
"""Two fonts that come with packages the project needs; the reader was trained with neither."""

PX = 40


@pytest.fixture(scope="module")
def reader() -> FigureReader:
    return FigureReader()


def font(name: str, px: int = PX) -> ImageFont.FreeTypeFont:
    if name == AILERON:
        own = ImageFont.load_default(px)
        assert isinstance(own, ImageFont.FreeTypeFont)
        return own
    return ImageFont.truetype(str(STIX), px)


def drawn(text: str, name: str = AILERON, px: int = PX) -> Image:
    """A line as the product cuts it: a little white around the ink, as high as a line."""
    used = font(name, px)
    x0, y0, x1, y1 = (int(v) for v in used.getbbox(text, anchor="ls"))
    side, above = round(0.15 * px), round(max(0.05 * px, (px - (y1 - y0)) / 2))
    picture = Pil.new("L", (x1 - x0 + 2 * side, y1 - y0 + 2 * above), 255)
    ImageDraw.Draw(picture).text((side - x0, above - y0), text, font=used, fill=0, anchor="ls")
    return np.array(picture, dtype=np.uint8)


FIGURES = (
    "1966812.24", "1,108", "1.108", "3,600", "348,350", "0", "100", "10.00", "97.19%", "2,980", "-35.5", "(12.5)",
    "2021-03-15", "8:30", "1/2", "+7", "=100%", "999,999,999.99", "0.5", "1111.11",
)  # fmt: skip


@pytest.mark.parametrize("px", [18, 40])
@pytest.mark.parametrize("name", [AILERON, "STIX"])
def test_reads_figures_in_a_font_it_was_not_trained_with(reader: FigureReader, name: str, px: int) -> None:
    readings = reader.read([drawn(text, name, px) for text in FIGURES])
    wrong = [(text, r.text) for text, r in zip(FIGURES, readings, strict=True) if r.text != text]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize("text", ["3\N{PER MILLE SIGN}", "\u226595%", "\u22643\N{PER MILLE SIGN}", "\u00b10.5"])
def test_reads_signs_that_the_western_font_has(reader: FigureReader, text: str) -> None:
    (reading,) = reader.read([drawn(text, "STIX")])
    assert reading.text == text


def test_a_point_that_is_not_there_is_not_read(reader: FigureReader) -> None:
    image = drawn("1966812.24")
    used = font(AILERON)
    left = round(0.15 * PX) + round(used.getlength("1966812")) - 1
    image[:, left : left + round(used.getlength("."))] = 255
    assert reader.read([image])[0].text == "196681224"


def test_places_are_where_the_characters_stand(reader: FigureReader) -> None:
    text, image = "348,350", drawn("348,350")
    (reading,) = reader.read([image])
    used = font(AILERON)
    for index, char in enumerate(reading.chars):
        middle = 0.15 * PX + used.getlength(text[:index]) + used.getlength(text[index]) / 2
        assert char.x == pytest.approx(middle / image.shape[1], abs=0.35 * PX / image.shape[1])


def test_words_are_not_known(reader: FigureReader) -> None:
    (reading,) = reader.read([drawn("Explanation")])
    assert not reading.known
    assert OTHER in reading.text


@pytest.mark.parametrize("image", [np.full((30, 90), 255, np.uint8), np.zeros((0, 0), np.uint8)], ids=["blank", "none"])
def test_where_nothing_is_nothing_is_read(reader: FigureReader, image: Image) -> None:
    (reading,) = reader.read([image])
    assert reading.chars == ()
    assert reading.confidence == 0
    assert not reading.known


def test_a_line_reads_the_same_in_any_company_and_on_any_thread(reader: FigureReader) -> None:
    crops = [drawn(text, name) for text in FIGURES for name in (AILERON, "STIX")]
    together = reader.read(crops)
    alone = tuple(FigureReader().read([crop])[0] for crop in crops[:4])
    with ThreadPoolExecutor(4) as pool:
        side_by_side = tuple(pool.map(lambda crop: reader.read([crop])[0], crops))
    assert together[:4] == alone
    assert together == side_by_side
    assert reader.read(crops[::-1]) == together[::-1]


def test_the_network_is_small(reader: FigureReader) -> None:
    assert NETWORK.stat().st_size <= 1_000_000
    assert reader.characters >= set("0123456789.,%\N{PER MILLE SIGN}") | {OTHER}


def numbers(path: Path) -> Iterator[tuple[Image, float]]:
    """The crops of the numbers of a committed scan, cut by its truth, with their values."""
    told = json.loads((FIXTURES / "truth" / f"{path.name}.json").read_text(encoding="utf-8"))
    pages = {page.ref.page: page.image for page in open_document(path) if isinstance(page, Page)}
    for form in told["forms"]:
        for pointer, places in form["ink"].items():
            value = form["data"]
            for part in pointer.split("/")[1:]:
                value = value[int(part)] if isinstance(value, list) else value[part]
            if not isinstance(value, int | float) or pointer == "/fiscal_year" or len(places) != 1:
                continue
            (x0, y0), (x1, y1) = np.array(places[0]["quad"])[[0, 2]].round().astype(int)
            room = round(0.2 * (y1 - y0))
            page = pages[places[0]["page"]]
            yield page[y0 - room : y1 + room, x0 - room : x1 + room], value


@pytest.mark.parametrize("scan", ["clean/clean-03.png", "clean/clean-08.png"])
def test_reads_the_numbers_of_a_scan(reader: FigureReader, scan: str) -> None:
    crops, values = zip(*numbers(FIXTURES / "scans" / scan), strict=True)
    assert len(values) >= 25
    readings = reader.read(crops)
    wrong = [(r.text, v) for r, v in zip(readings, values, strict=True) if value_of(r.text) != Decimal(str(v))]
    assert len(wrong) <= 0.02 * len(values), wrong


def value_of(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "").rstrip("%"))
    except InvalidOperation:
        return None
