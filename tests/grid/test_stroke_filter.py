"""Strokes of characters that stand in line are no rules; rules that characters touch are rules still."""

import cv2
import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from extract.grid import trace_lattice
from extract.grid.ruling_line import Track
from extract.grid.stroke_filter import Ink, bridged, without_strokes
from extract.model import Image
from extract.settings.defaults import GridSettings
from tests.grid.pages import Span, blank, draw_table, page_of, plain

SETTINGS = GridSettings()
UNIT = 20.0
FONT = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 28, index=2)


def with_text(image: Image, texts: list[tuple[str, tuple[int, int], str]]) -> Image:
    """The image with texts set at a point; anchors as Pillow names them."""
    picture = Picture.fromarray(image)
    draw = ImageDraw.Draw(picture)
    for text, at, anchor in texts:
        draw.text(at, text, fill=0, font=FONT, anchor=anchor)
    return np.asarray(picture)


def spans_of(image: Image) -> list[Span]:
    (grid,) = trace_lattice(page_of(image, 28.0), SETTINGS).grids
    return sorted((c.row, c.col, c.row_end, c.col_end) for c in grid.cells)


def column(texts: list[str], at: int, anchor: str, pitch: int) -> Image:
    """A table of two columns, one text in each row of the first."""
    image = blank(2 * 60 + pitch * len(texts), 700)
    ys = [60 + pitch * k for k in range(len(texts) + 1)]
    draw_table(image, [60, 380, 640], ys, plain(len(texts), 2))
    return with_text(image, [(text, (at, y + pitch // 2), anchor) for text, y in zip(texts, ys, strict=False)])


@pytest.mark.parametrize("pitch", [38, 42, 48, 60])
@pytest.mark.parametrize(
    ("texts", "anchor"),
    [
        (["十、节能环保", "十一、城乡社区", "十二、农林水", "十三、交通", "十四、工业", "十五、商业"], "lm"),
        (["30101", "30102", "30103", "30109", "30110", "30111", "30112", "30113"], "lm"),
        (["合计", "中", "申", "计", "十", "甲", "中", "计"], "mm"),
    ],
)
def test_upright_strokes_below_one_another_make_no_wall(texts: list[str], anchor: str, pitch: int) -> None:
    image = column(texts, 220 if anchor == "mm" else 75, anchor, pitch)
    assert spans_of(image) == sorted(plain(len(texts), 2))


@pytest.mark.parametrize("word", ["中", "申", "计", "十", "合计"])
def test_a_word_in_the_middle_of_a_merged_cell_is_not_cut(word: str) -> None:
    xs, ys = [60, 200, 340, 480, 620], [60, 100, 140, 180, 220]
    spans = [(0, 0, 1, 2), (0, 2, 1, 4), *[(r, c, r + 1, c + 1) for r in (1, 2) for c in range(4)]]
    spans += [(3, 0, 4, 2), (3, 2, 4, 4)]
    image = blank(300, 700)
    draw_table(image, xs, ys, spans)
    places = [((xs[c0] + xs[c1]) // 2, (ys[r0] + ys[r1]) // 2) for r0, c0, r1, c1 in spans]
    assert spans_of(with_text(image, [(word, place, "mm") for place in places])) == sorted(spans)


def test_figures_that_touch_their_wall_leave_it_standing() -> None:
    image = blank(500, 700)
    ys = list(range(40, 460, 40))
    draw_table(image, [60, 300, 480, 640], ys, plain(len(ys) - 1, 3))
    texts = [(f"{k}93,810,000.00", (298, y + 20), "rm") for k, y in enumerate(ys[:-1], 1)]
    assert spans_of(with_text(image, texts)) == sorted(plain(len(ys) - 1, 3))


def track(start: int, end: int, at: float) -> Track:
    return Track(start, np.full(end - start, at), np.ones(end - start, dtype=np.bool_))


def ink(rule: Track, seen: list[tuple[int, int]], beside: bool = False) -> Ink:
    on = np.zeros(rule.length, dtype=np.bool_)
    for start, end in seen:
        on[start - rule.start : end - rule.start] = True
    side = on & (np.arange(rule.length) % 3 == 0) if beside else np.zeros_like(on)
    return Ink(rule, on, side, np.zeros_like(on), ~on)


def test_gaps_between_dots_are_bridged_and_ends_stay() -> None:
    seen = np.zeros(30, dtype=np.bool_)
    seen[[5, 9, 10, 20]] = True
    assert np.flatnonzero(bridged(seen, 4)).tolist() == [5, 6, 7, 8, 9, 10, 20]


def test_ink_of_a_crossing_rule_joins_no_strokes() -> None:
    strokes = ink(track(0, 61, 50.0), [(0, 24), (28, 33), (37, 61)])
    assert strokes.runs(np.array([]), UNIT).tolist() == [[0, 61]]
    assert strokes.runs(np.array([30.0]), UNIT).tolist() == [[0, 24], [37, 61]]


def test_a_short_rule_stays_where_it_ends_at_others_and_a_stroke_between_them_goes() -> None:
    long = [track(0, 400, 40.0), track(0, 400, 80.0)]
    across = tuple(ink(rule, [(0, 400)]) for rule in long)
    rule, stroke = track(40, 81, 100.0), track(49, 72, 200.0)
    down = (ink(rule, [(40, 81)], beside=True), ink(stroke, [(49, 72)]))
    horizontal, vertical = without_strokes(across, down, UNIT, SETTINGS)
    assert horizontal == tuple(long)
    assert vertical == (rule,)


def test_a_rule_that_ends_before_the_last_one_is_kept_for_those_it_crosses() -> None:
    across = tuple(ink(track(0, 400, y), [(0, 400)]) for y in (40.0, 72.0, 104.0))
    short = ink(track(40, 94, 100.0), [(40, 94)], beside=True)
    assert without_strokes(across, (short,), UNIT, SETTINGS)[1] == (short.rule,)


def test_a_worn_rule_may_end_before_the_next_one_if_nothing_stands_beside_it() -> None:
    across = tuple(ink(track(0, 400, y), [(0, 400)]) for y in (40.0, 90.0))
    worn = ink(track(48, 82, 100.0), [(48, 82)])
    text = ink(track(48, 82, 200.0), [(48, 82)], beside=True)
    assert without_strokes(across, (worn, text), UNIT, SETTINGS)[1] == (worn.rule,)


def test_a_side_that_is_inked_all_along_is_a_shaded_cell() -> None:
    rule = track(0, 100, 40.0)
    on = np.ones(100, dtype=np.bool_)
    shaded = Ink(rule, on, on, np.zeros_like(on), ~on)
    assert shaded.beside(0, 100) == 0.0
    assert shaded.is_edge.all()


def test_walls_inked_without_a_break_are_whole() -> None:
    text = ink(track(0, 100, 40.0), [(0, 50), (55, 90)])
    whole = text.is_whole(np.array([0.0, 49.0, 99.0]))
    assert whole[:49].all()
    assert not whole[49:].any()


def test_a_slanted_page_keeps_its_rules() -> None:
    image = column(["30101", "30102", "30111", "30110"], 75, "lm", 44)
    turn = cv2.getRotationMatrix2D((350, 150), 0.6, 1.0)
    turned = cv2.warpAffine(image, turn, (image.shape[1], image.shape[0]), borderValue=255)
    assert spans_of(np.asarray(turned, dtype=np.uint8)) == sorted(plain(4, 2))
