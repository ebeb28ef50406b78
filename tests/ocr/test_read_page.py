from __future__ import annotations

from dataclasses import replace

import numpy as np

from extract.geometry import Box
from extract.model import Grid, Image, Origin, TextLine
from extract.ocr.engines.onnx_engine import DirectEngine
from extract.ocr.read_page import in_reading_order, read
from tests.ocr.conftest import clean_page, crops, paste, ruled

ROWS = [["产出指标", ">=29000家", "7"], ["及时", "97.03%", "10.00"], ["无", "2022年12月31日", "0"]]


def form() -> tuple[Image, Grid]:
    image, grid = ruled(4, 3)
    for r, row in enumerate(ROWS):
        for c, text in enumerate(row):
            paste(image, crops()[text], 40 + c * 260 + 30, 40 + r * 60 + 14)
    image[40 + 3 * 60 + 29 : 40 + 3 * 60 + 31, 160:185] = 0
    return image, grid


def by_cell(lines: tuple[TextLine, ...], grid: Grid) -> dict[tuple[int, int], str]:
    found = {}
    for cell in grid.cells:
        inside = [ln for ln in lines if ln.quad and cell.box and cell.box.contains(ln.quad.box.cx, ln.quad.box.cy)]
        found[cell.row, cell.col] = "".join(line.text for line in inside)
    return found


def test_every_cell_of_a_form_is_read(engine: DirectEngine) -> None:
    image, grid = form()
    reading = read(clean_page(image), [grid], engine)
    expected = {(r, c): text for r, row in enumerate(ROWS) for c, text in enumerate(row)}
    expected |= {(3, 0): "\N{EM DASH}", (3, 1): "", (3, 2): ""}
    assert by_cell(reading.lines, grid) == expected
    assert all(line.origin is Origin.OCR and line.confidence and line.confidence > 0.5 for line in reading.lines)


def test_the_text_layer_is_used_and_inked_cells_without_words_are_read(engine: DirectEngine) -> None:
    image, grid = form()
    word = TextLine("layer", Box(70, 55, 150, 80).quad(), None, Origin.TEXT_LAYER)
    reading = read(replace(clean_page(image), words=(word,)), [grid], engine)
    found = by_cell(reading.lines, grid)
    assert found[0, 0] == "layer"
    assert found[1, 1] == "97.03%"


def test_blank_pages_have_no_lines(engine: DirectEngine) -> None:
    assert read(clean_page(np.full((400, 400), 255, np.uint8)), [], engine).lines == ()


def test_lines_are_ordered_in_rows() -> None:
    def line(text: str, x: float, y: float) -> TextLine:
        return TextLine(text, Box(x, y, x + 10, y + 10).quad())

    ordered = in_reading_order([line("c", 0, 30), line("b", 50, 0), line("a", 0, 3)], 20)
    assert [one.text for one in ordered] == ["a", "b", "c"]
