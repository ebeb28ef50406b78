from pathlib import Path

import numpy as np
import pytest

from extract.geometry import Box, Transform, rotation
from extract.model import Cell, Grid, Origin, Page, PageContent, PageRef, TextLine
from extract.records.page_text import PageLines, ScanLines, decode, lines_of

REF = PageRef(Path("a.png"), 2)
PAGE = Page(REF, np.zeros((400, 300), np.uint8))
TURN = Transform.of_matrix(rotation(90, (200, 200)))


def line(text: str, y: float = 10, origin: Origin = Origin.OCR) -> TextLine:
    return TextLine(text, Box(50, y, 110.4, y + 20).quad(), 0.9, origin, page=2)


def content(*free: TextLine, cell: tuple[TextLine, ...] = (), turn: Transform = TURN) -> PageContent:
    grid = Grid(1, 1, (Cell(0, 0, 1, 1, Box(0, 0, 200, 200), cell, 2),))
    return PageContent(REF, (grid,), free, turn)


def texts(page: PageLines) -> list[list[str]]:
    return [[line.text for line in block] for block in page.blocks]


def test_the_lines_of_a_cell_stay_together() -> None:
    page = lines_of(content(line("题"), line("尾"), cell=(line("一"), line("二", 40))), PAGE, None)
    assert texts(page) == [["一", "二"], ["题"], ["尾"]]
    assert (page.page, page.width, page.height, page.dpi, page.layered) == (2, 300, 400, None, False)


def test_places_are_those_of_the_source() -> None:
    ((found,),) = lines_of(content(line("题")), PAGE, None).blocks
    expected = TURN.apply(Box(50, 10, 110.4, 30).corners())
    assert found.corners() == pytest.approx(expected, abs=0.5)
    assert found.corners() == pytest.approx(np.rint(found.corners()))


def test_what_a_text_layer_holds_is_left_to_it() -> None:
    page = lines_of(content(line("层", origin=Origin.TEXT_LAYER), line("图")), PAGE, 300.0)
    assert (texts(page), page.layered, page.dpi) == ([["图"]], True, 300)


def test_ink_that_could_not_be_read_is_no_line() -> None:
    assert lines_of(content(line(" "), cell=(line(""),)), PAGE, None).blocks == ()


def test_the_same_bytes_for_the_same_lines() -> None:
    scan = ScanLines("盒/a.png", "0" * 64, (lines_of(content(line("题")), PAGE, None),))
    content_ = scan.encode()
    assert content_ is not None
    assert content_ == scan.encode()
    assert decode(content_) == scan


def test_nothing_is_written_of_nothing() -> None:
    assert ScanLines("a", "0", (lines_of(content(), PAGE, None),)).encode() is None
    assert ScanLines("a", "0", ()).encode() is None


def test_damage_is_told_from_lines() -> None:
    whole = ScanLines("a", "0", (lines_of(content(line("题")), PAGE, None),)).encode() or b""
    for damaged in (b"", b"{}", whole[:-9], whole[:20] + b"\0\0\0" + whole[23:]):
        assert decode(damaged) is None
