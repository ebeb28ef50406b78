from __future__ import annotations

from extract.ocr.lines import page_ink
from tests.ocr.conftest import CHAR, clean_page, ruled


def test_rules_are_no_ink_and_are_painted_over() -> None:
    image, _ = ruled(2, 2)
    found = page_ink.without_rules(clean_page(image))
    assert not found.unruled.any()
    assert found.image.min() == 255


def test_the_interior_lies_within_the_rules() -> None:
    image, grid = ruled(1, 1)
    box = grid.cells[0].box
    assert box is not None
    inside = page_ink.without_rules(clean_page(image)).interior(box)
    assert image[round(inside.y0) : round(inside.y1), round(inside.x0) : round(inside.x1)].min() == 255
    assert inside.x0 - box.x0 < 0.3 * CHAR
    assert box.y1 - inside.y1 < 0.3 * CHAR


def test_a_worn_and_faint_dash_is_one_component() -> None:
    image, grid = ruled(1, 1)
    image[60:90, 80:200:7] = 20  # other text, dark
    for x in (220, 228, 236):
        image[70:73, x : x + 6] = 150
    box = grid.cells[0].box
    assert box is not None
    boxes = page_ink.without_rules(clean_page(image)).inside(box)
    assert [219 < x0 < 222 and 240 < x1 < 244 for x0, _, x1, _, _ in boxes].count(True) == 1


def test_dust_is_left_out() -> None:
    image, grid = ruled(1, 1)
    image[60, 80] = image[80, 120] = 0
    box = grid.cells[0].box
    assert box is not None
    found = page_ink.without_rules(clean_page(image))
    assert len(found.inside(found.interior(box))) == 0
