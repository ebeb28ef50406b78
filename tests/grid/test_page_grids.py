from dataclasses import replace
from pathlib import Path

import pytest

from extract.clean import clean
from extract.geometry import Box
from extract.grid import find, trace_lattice
from extract.grid.camelot_lattice import read_camelot
from extract.grid.page_grids import borne_out, draw_rules
from extract.load import open_document
from extract.model import CleanPage, Page, PageRef
from extract.settings.defaults import GridSettings
from tests.paths import ROOT

SCAN = ROOT / "fixtures" / "scans" / "clean" / "clean-02-vector.pdf"
SETTINGS = GridSettings()


@pytest.fixture(scope="module")
def page() -> CleanPage:
    page = next(iter(open_document(SCAN)))
    assert isinstance(page, Page)
    return clean(page)


def test_a_born_digital_page_goes_to_camelot_and_its_rules_bear_it_out(page: CleanPage) -> None:
    read = read_camelot(page, SETTINGS)
    assert borne_out(read, page.rules, 0.5 * page.char_height)
    (grid,) = find(page, SETTINGS)
    assert (grid.rows, grid.cols, len(grid.cells)) == (21, 18, 134)
    assert read == (grid,)


def test_where_camelot_fails_the_rules_are_traced(page: CleanPage) -> None:
    lost = replace(page, ref=PageRef(Path("gone.pdf"), 1, page.ref.dpi))
    assert read_camelot(lost, SETTINGS) == ()
    (grid,) = find(lost, SETTINGS)
    assert len(grid.cells) == 134
    assert trace_lattice(draw_rules(page), SETTINGS).grids == (grid,)


def test_an_answer_at_another_place_is_not_borne_out(page: CleanPage) -> None:
    moved = tuple(
        replace(g, cells=tuple(replace(c, box=_moved(c.box)) for c in g.cells)) for g in read_camelot(page, SETTINGS)
    )
    assert not borne_out(moved, page.rules, 0.5 * page.char_height)


def _moved(box: Box | None) -> Box:
    assert box is not None
    return Box(box.x0 + 37, box.y0, box.x1 + 37, box.y1)


def test_a_page_without_a_text_layer_goes_the_way_of_scans(page: CleanPage) -> None:
    scan = replace(page, words=())
    assert find(scan, SETTINGS) == trace_lattice(scan, SETTINGS).grids
