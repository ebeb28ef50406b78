from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from extract.errors import InputError, TooLarge
from extract.load import open_document
from extract.model import Origin, Page
from extract.settings.defaults import LoadSettings

OpenPage = Callable[..., Page]
SCALE = 200 / 72
CELLS = "100 700 m 300 700 l S\n" + "200 600 m 200 700 l S\n"


def words(page: Page) -> list[str]:
    return [word.text for word in page.words]


def dark(page: Page, x: float, y: float) -> bool:
    return bool(page.image[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].min() < 100)


def test_text_layer_lies_on_its_ink(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    page = open_page(pdf.build([pdf.text("甲乙", 100, 642, 20)]), "a.pdf")
    (word,) = page.words
    box = word.quad.box
    assert (word.text, word.origin, page.ref.dpi) == ("甲乙", Origin.TEXT_LAYER, 200)
    assert box.x0 == pytest.approx(100 * SCALE, abs=2)
    assert box.x1 == pytest.approx(140 * SCALE, abs=2)
    assert box.y1 == pytest.approx((842 - 642 + 0.12 * 20) * SCALE, abs=2)
    assert box.y0 == pytest.approx((842 - 642 - 0.88 * 20) * SCALE, abs=2)


def test_runs_end_at_rules_and_at_wide_gaps(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    content = (
        CELLS
        + pdf.text("左", 187, 650)
        + pdf.text("右", 203, 650)
        + pdf.text("近", 214, 650)
        + pdf.text("远", 260, 650)
    )
    assert words(open_page(pdf.build([content]), "a.pdf")) == ["左", "右近", "远"]


def test_text_that_runs_over_a_rule_stays_whole(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    assert words(open_page(pdf.build([CELLS + pdf.text("超出格子的字", 170, 650)]), "a.pdf")) == ["超出格子的字"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_page_rotation_turns_words_and_rules_with_the_image(
    open_page: OpenPage, pdf: SimpleNamespace, rotate: int
) -> None:
    content = CELLS + pdf.text("甲", 100, 610, 20)
    page = open_page(pdf.build([content], page_extra=f"/Rotate {rotate}/CropBox[50 500 500 800]"), "a.pdf")
    assert len(page.rules) == 2
    for rule in page.rules:
        assert dark(page, (rule.x0 + rule.x1) / 2, (rule.y0 + rule.y1) / 2)
    (word,) = page.words
    points = word.quad.array()
    down = points[3] - points[0]
    expected = {0: (0, 1), 90: (-1, 0), 180: (0, -1), 270: (1, 0)}[rotate]
    assert np.sign(down.round()).tolist() == list(expected)
    box = word.quad.box
    inside = page.image[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    assert (inside < 128).mean() > 0.01


def test_turned_text_reads_along_its_own_direction(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    page = open_page(pdf.build([pdf.text("甲乙", 100, 600, 20, matrix="0 1 -1 0")]), "a.pdf")
    (word,) = page.words
    along = word.quad.array()[1] - word.quad.array()[0]
    assert word.text == "甲乙"
    assert along[0] == pytest.approx(0, abs=1)
    assert along[1] == pytest.approx(-40 * SCALE, abs=2)


def test_rules_from_strokes_rectangles_and_thin_bars(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    content = "100 100 200 50 re S\n 100 300 200 0.5 re f\n 1 1 1 RG 100 400 m 300 400 l S\n 100 500 m 300 600 l S\n"
    content += "0 G 0.5 0 0 0.5 100 0 cm 0 1000 m 200 1000 l S\n 300 700 100 100 re f\n"
    page = open_page(pdf.build([content]), "a.pdf")
    found = sorted((round(r.x0 / SCALE), round(842 - r.y0 / SCALE), round(r.x1 / SCALE)) for r in page.rules)
    assert found == [
        (100, 100, 300),
        (100, 150, 100),
        (100, 150, 300),
        (100, 300, 300),
        (100, 500, 200),
        (300, 150, 300),
    ]


def test_rules_inside_form_objects_are_found(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 300 300]/Matrix[1 0 0 1 50 0]/Length 20>>"
    form = head + b"stream\n0 100 m 200 100 l S \nendstream"
    page = open_page(pdf.build(["1 0 0 1 0 10 cm /I Do\n"], image_object=form), "a.pdf")
    (rule,) = page.rules
    assert (rule.x0 / SCALE, 842 - rule.y0 / SCALE) == pytest.approx((50, 110), abs=0.5)


def test_invisible_and_insane_text_is_no_text_layer(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    assert words(open_page(pdf.build([pdf.text("暗", 100, 600, mode=3)]), "a.pdf")) == []
    assert words(open_page(pdf.build([pdf.text("\ue000\ue001好", 100, 600)]), "b.pdf")) == []


@pytest.mark.parametrize(("pixels", "dpi"), [(50, 150), (200, 200), (400, 300)])
def test_a_scan_is_rendered_at_its_own_resolution(
    open_page: OpenPage, pdf: SimpleNamespace, pixels: int, dpi: int
) -> None:
    image = pdf.image(pixels, pixels, bytes(pixels * pixels))
    content = "72 0 0 72 0 0 cm /I Do\n" + pdf.text("字", 10, 30)
    page = open_page(pdf.build([content], media_box="0 0 72 72", image_object=image), "a.pdf")
    assert page.ref.dpi == pytest.approx(dpi, abs=0.1)
    assert page.image.shape == (dpi, dpi)
    assert page.words == ()


def test_a_page_that_states_pixels_as_points_is_not_blown_up(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    image = pdf.image(100, 140, bytes(14000))
    page = open_page(
        pdf.build(["2000 0 0 2800 0 0 cm /I Do\n"], media_box="0 0 2000 2800", image_object=image), "a.pdf"
    )
    assert page.image.shape[0] <= 3601


@pytest.mark.parametrize(("width", "height"), [(1240, 1754), (1654, 2339), (2339, 1654), (1241, 1755)])
@pytest.mark.parametrize("dpi", [150, 200, 204])
def test_a_scan_keeps_its_own_pixels(
    open_page: OpenPage, pdf: SimpleNamespace, width: int, height: int, dpi: int
) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (height, width), np.uint8)
    box = f"{width * 72 / dpi:.4f} {height * 72 / dpi:.4f}"
    content = "q {} 0 0 {} 0 0 cm /I Do Q\n".format(*box.split())
    data = pdf.build([content], media_box=f"0 0 {box}", image_object=pdf.image(width, height, pixels.tobytes()))
    assert np.array_equal(open_page(data, "a.pdf").image, pixels)


def test_a_scan_cut_into_strips_is_a_scan(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    strips = "".join(f"q 72 0 0 2 0 {2 * i} cm /I Do Q\n" for i in range(36))
    page = open_page(pdf.build([strips], media_box="0 0 72 72", image_object=pdf.image(250, 7, bytes(1750))), "a.pdf")
    assert page.ref.dpi == pytest.approx(251, abs=1)


def test_text_that_shows_no_ink_is_left_out(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    white = "1 1 1 rg " + pdf.text("白", 100, 600, 20) + "0 g "
    covered = pdf.text("盖", 100, 500, 20) + "1 1 1 rg 90 490 50 40 re f 0 g "
    assert words(open_page(pdf.build([white + covered + pdf.text("黑", 100, 400, 20)]), "a.pdf")) == ["黑"]


def test_filled_fields_send_the_page_to_ocr(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    note = "/Annots[<</Type/Annot/Subtype/FreeText/Rect[10 10 90 40]/Contents(42)/DA(/F 10 Tf)>>]"
    assert words(open_page(pdf.build([pdf.text("字", 100, 600)], page_extra=note), "a.pdf")) == []


def test_absurd_sizes_are_refused_or_shrunk(open_page: OpenPage, pdf: SimpleNamespace, tmp_path: Path) -> None:
    assert open_page(pdf.build([""], media_box="0 0 14400 14400"), "a.pdf").image.size < 45e6
    with pytest.raises(TooLarge, match="inches"):
        open_page(pdf.build([""], media_box="0 0 200000 200000"), "b.pdf")
    with pytest.raises(TooLarge, match="megapixels"):
        open_page(pdf.build(["/I Do"], image_object=pdf.image(60000, 60000, b"")), "c.pdf")
    (tmp_path / "d.pdf").write_bytes(pdf.build(["", ""]))
    with pytest.raises(TooLarge, match="2 pages"):
        list(open_document(tmp_path / "d.pdf", LoadSettings(max_pages=1)))


def test_a_page_in_the_shape_of_a_thread_is_refused(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    with pytest.raises(TooLarge, match="long and narrow"):
        open_page(pdf.build([""], media_box="0 0 1 700"), "a.pdf")


def test_a_page_of_many_metres_is_rendered_within_the_longest_side(open_page: OpenPage, pdf: SimpleNamespace) -> None:
    page = open_page(pdf.build([pdf.text("甲乙", 100, 10, 20)], media_box="0 0 14000 120"), "a.pdf")
    assert max(page.image.shape) <= 32_766
    assert words(page) == ["甲乙"]


def test_a_damaged_page_in_the_middle_costs_that_page_alone(tmp_path: Path, pdf: SimpleNamespace) -> None:
    data = pdf.build([pdf.text("甲", 100, 700), pdf.text("乙", 100, 700), pdf.text("丙", 100, 700)])
    broken = data.replace(b"8 0 obj\n<</Type/Page/", b"8 0 obj\n<</Type/Nope/", 1)
    assert broken != data
    path = tmp_path / "a.pdf"
    path.write_bytes(broken)
    seen: list[list[str]] = []
    with pytest.raises(InputError, match="Page 2 of the PDF is damaged"):
        seen.extend(words(page) for page in open_document(path) if isinstance(page, Page))
    assert seen == [["甲"], ["丙"]]
