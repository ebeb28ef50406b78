from __future__ import annotations

import pytest

from extract.ocr.characters import fragile_figures


@pytest.mark.parametrize(
    "text", ["1200000", "＝１０００", "100.000", "22.522%", "1.802.46", "3,1349", "12,34", "·90%", "′912.5万元"]
)
def test_a_figure_in_which_a_mistake_would_not_show(text: str) -> None:
    assert fragile_figures.fragile(text)


@pytest.mark.parametrize(
    "text", ["100%", "≥98.85", "1,802.46", "3,134,982", "48,000", "0.1234", "5.00(%)", "2022年12月", "及时", ""]
)
def test_a_figure_in_which_it_would(text: str) -> None:
    assert not fragile_figures.fragile(text)


@pytest.mark.parametrize(("text", "has"), [("三5", True), ("５", True), ("五", False), ("", False), ("①", False)])
def test_a_digit_makes_a_figure(text: str, has: bool) -> None:
    assert fragile_figures.has(text) is has
