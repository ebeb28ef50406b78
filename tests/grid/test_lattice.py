import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.grid import trace_lattice
from extract.model import Grid, Image
from extract.settings.defaults import GridSettings
from tests.grid.pages import Span, blank, draw_table, page_of, plain

SETTINGS = GridSettings()
LABELLED: list[Span] = [
    (0, 0, 1, 4),
    (1, 0, 4, 1),
    (1, 1, 2, 2),
    (1, 2, 2, 4),
    (2, 1, 4, 2),
    (2, 2, 3, 3),
    (2, 3, 3, 4),
]
LABELLED += [(3, 2, 4, 3), (3, 3, 4, 4)]
XS, YS = [40, 75, 200, 330, 420], [50, 95, 150, 190, 260]


def spans_of(grid: Grid) -> list[Span]:
    return sorted((c.row, c.col, c.row_end, c.col_end) for c in grid.cells)


def labelled(thickness: int = 2) -> Image:
    image = blank(330, 480)
    draw_table(image, XS, YS, LABELLED, thickness)
    return image


def found(image: Image, char_height: float = 24.0) -> tuple[Grid, ...]:
    return trace_lattice(page_of(image, char_height), SETTINGS).grids


@pytest.mark.parametrize("thickness", [1, 2, 4])
def test_merged_cells_and_a_narrow_side_label(thickness: int) -> None:
    (grid,) = found(labelled(thickness))
    assert (grid.rows, grid.cols) == (4, 4)
    assert spans_of(grid) == sorted(LABELLED)
    first = next(c for c in grid.cells if (c.row, c.col) == (1, 0))
    assert first.box is not None
    assert abs(first.box.x0 - 40) < 3
    assert abs(first.box.y1 - 260) < 3


def test_broken_rules_are_bridged_and_merged_cells_stay() -> None:
    image = labelled()
    image[50:262, 195:205][20:60] = 255
    image[185:195, 340:372] = 255
    image[92:99, 100:160] = 255
    (grid,) = found(image)
    assert spans_of(grid) == sorted(LABELLED)


def test_dotted_rules() -> None:
    image = labelled()
    image[:, ::5] = np.where(np.arange(330)[:, None] % 5 < 2, image[:, ::5], 255)
    image[::5, :] = 255
    (grid,) = found(image)
    assert spans_of(grid) == sorted(LABELLED)


def test_slant_and_waviness() -> None:
    image = labelled()
    y, x = np.mgrid[0:330, 0:480].astype(np.float32)
    bent = cv2.remap(
        image, x + 4 * np.sin(y / 90), y + 0.008 * x + 5 * np.sin(x / 110), cv2.INTER_LINEAR, borderValue=255
    )
    (grid,) = found(np.asarray(bent, dtype=np.uint8))
    assert spans_of(grid) == sorted(LABELLED)


def test_faint_rules_that_binarisation_lost() -> None:
    image = labelled()
    (grid,) = found(np.where(image < 128, 205, 255).astype(np.uint8))
    assert spans_of(grid) == sorted(LABELLED)


def test_a_row_cut_by_the_page_end_is_kept() -> None:
    image = labelled()[:240]
    (grid,) = found(image)
    assert grid.rows == 4


def test_sides_without_a_rule_keep_their_cells() -> None:
    spans = [*plain(3, 4)[:-2], (2, 2, 3, 4)]
    image = blank(330, 480)
    draw_table(image, XS, YS[:4], spans)
    image[:, 36:45] = 255
    image[:, 415:425] = 255
    (grid,) = found(image)
    assert spans_of(grid) == sorted(spans)


def test_double_and_thick_frames_are_one_line() -> None:
    image = labelled()
    cv2.rectangle(image, (34, 44), (426, 266), 0, 4)
    (grid,) = found(image)
    assert spans_of(grid) == sorted(LABELLED)


def test_frames_underlines_and_seals_are_no_tables() -> None:
    image = blank(600, 600)
    cv2.rectangle(image, (10, 10), (590, 590), 0, 2)
    cv2.rectangle(image, (450, 450), (520, 520), 0, 3)
    for y in (100, 140, 180):
        cv2.line(image, (60, y), (400, y), 0, 2)
    assert found(image) == ()


def test_two_tables_come_in_reading_order() -> None:
    image = blank(500, 500)
    draw_table(image, [40, 200, 400], [300, 350, 400], plain(2, 2))
    draw_table(image, [40, 150, 250, 400], [40, 100], plain(1, 3))
    assert [(g.rows, g.cols) for g in found(image)] == [(1, 3), (2, 2)]


def test_strokes_on_a_column_line_are_no_walls() -> None:
    image = blank(400, 500)
    ys = [40, 90, 140, 190, 240]
    draw_table(image, [40, 240, 440], ys, [(0, 0, 1, 2), *((r, c, r + 1, c + 1) for r in (1, 2, 3) for c in (0, 1))])
    image[52:77, 238:242] = 0
    (grid,) = found(image)
    assert (0, 0, 1, 2) in spans_of(grid)


@st.composite
def tables(draw: st.DrawFn) -> tuple[float, list[int], list[int], list[Span]]:
    unit = draw(st.floats(12, 48))
    widths = draw(st.lists(st.floats(1.4, 8), min_size=2, max_size=6).filter(lambda w: sum(w) > 7))
    heights = draw(st.lists(st.floats(1.5, 5), min_size=2, max_size=6))
    edges = [[round(unit * (1 + sum(sizes[:k]))) for k in range(len(sizes) + 1)] for sizes in (widths, heights)]
    return unit, edges[0], edges[1], _merged(draw, len(heights), len(widths))


def _merged(draw: st.DrawFn, rows: int, cols: int) -> list[Span]:
    """Random merges that leave every line of the lattice drawn somewhere."""
    owner = np.arange(rows * cols).reshape(rows, cols)
    for _ in range(draw(st.integers(0, 3))):
        r, c = draw(st.integers(0, rows - 1)), draw(st.integers(0, cols - 1))
        r1, c1 = draw(st.integers(r + 1, rows)), draw(st.integers(c + 1, cols))
        block = owner[r:r1, c:c1]
        if len(np.unique(block)) == block.size and all((owner == k).sum() == 1 for k in block.ravel()):
            owner[r:r1, c:c1] = block.min()
    across = all((owner[k - 1] != owner[k]).any() for k in range(1, rows))
    down = all((owner[:, k - 1] != owner[:, k]).any() for k in range(1, cols))
    spans = []
    for k in np.unique(owner):
        places = np.argwhere(owner == k)
        (top, left), (bottom, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        spans.append((top, left, bottom + 1, right + 1))
    return spans if across and down and len(spans) > 1 else plain(rows, cols)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_any_drawn_table_is_found_exactly(table: tuple[float, list[int], list[int], list[Span]]) -> None:
    unit, xs, ys, spans = table
    image = blank(ys[-1] + round(2 * unit), xs[-1] + round(2 * unit))
    draw_table(image, xs, ys, spans, max(1, round(unit / 16)))
    (grid,) = found(image, unit)
    assert spans_of(grid) == sorted(spans)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.integers(1, 160), st.integers(1, 160), st.floats(1, 60))
def test_noise_never_raises(seed: int, share: float, height: int, width: int, char_height: float) -> None:
    noise = np.random.default_rng(seed).random((height, width))
    image = np.where(noise < share, 0, 255).astype(np.uint8)
    for grid in found(image, char_height):
        assert all(cell.box is not None for cell in grid.cells)


def test_the_trace_keeps_every_step() -> None:
    trace = trace_lattice(page_of(labelled(), 24.0), SETTINGS)
    assert len(trace.across.segments) >= 5
    assert len(trace.down.rules) >= 5
    assert trace.joints.meet.any()
    assert len(trace.lattices) == 1
