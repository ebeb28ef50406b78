import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from extract.grid.cells import Span, Walls, find_void, rectangles, regions, standing, wall_threshold
from extract.settings.defaults import GridSettings

SETTINGS = GridSettings()


def walls(above: list[list[float]], left: list[list[float]]) -> Walls:
    a, b = np.array(above, dtype=float), np.array(left, dtype=float)
    return Walls(a, b, np.zeros_like(a, dtype=np.bool_), np.zeros_like(b, dtype=np.bool_))


def test_places_without_a_wall_between_are_one_cell() -> None:
    w = walls([[1, 1], [1, 0], [1, 1]], [[1, 1, 1], [1, 1, 1]])
    assert rectangles(regions(w, 0.5), w, 0.5) == (Span(0, 0, 1, 1), Span(0, 1, 2, 2), Span(1, 0, 2, 1))


def test_an_ell_is_cut_at_its_surest_wall() -> None:
    w = walls([[1, 1], [0.1, 1], [1, 1]], [[1, 0.4, 1], [1, 1, 1]])
    assert rectangles(regions(w, 0.5), w, 0.5) == (Span(0, 0, 2, 1), Span(0, 1, 1, 2), Span(1, 1, 2, 2))


def test_a_worn_wall_stands_between_two_in_line_with_it() -> None:
    w = walls([[1, 1, 1], [1, 0.3, 1], [1, 1, 1]], [[1, 1, 1, 1], [1, 1, 1, 1]])
    assert standing(w, SETTINGS).above[1, 1] >= wall_threshold(w, SETTINGS)


def test_the_threshold_is_strict_on_whole_rules_and_lenient_on_worn_ones() -> None:
    whole = walls([[1, 1], [1, 1]], [[1, 1, 1]])
    faint = walls([[0.6, 0.7], [0.6, 0.8]], [[0.6, 0.7, 0.6]])
    assert wall_threshold(whole, SETTINGS) > 0.8
    assert wall_threshold(faint, SETTINGS) == SETTINGS.min_wall_share


def test_open_page_between_tables_is_void() -> None:
    w = walls([[1], [1], [1], [1]], [[1, 1], [0, 0], [1, 1]])
    spans = rectangles(regions(w, 0.5), w, 0.5)
    assert find_void(spans, w, 0.5, SETTINGS) == (Span(1, 0, 2, 1),)


shares = st.floats(0, 1)


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_cells_tile_whatever_the_walls(rows: int, cols: int, data: st.DataObject) -> None:
    above = data.draw(arrays(float, (rows + 1, cols), elements=shares))
    left = data.draw(arrays(float, (rows, cols + 1), elements=shares))
    w = standing(walls(above.tolist(), left.tolist()), SETTINGS)
    threshold = wall_threshold(w, SETTINGS)
    seen = np.zeros((rows, cols), dtype=int)
    for span in rectangles(regions(w, threshold), w, threshold):
        seen[span.row : span.row_end, span.col : span.col_end] += 1
    assert (seen == 1).all()
