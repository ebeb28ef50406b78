from __future__ import annotations

from decimal import Decimal

import pytest

from bench.fold import Leaf, fold, same


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("（２０２１　年度）", "(2021 年度)"),
        ("宣传主题匹 配率", "宣传主题匹配率"),
        ("1 份年度运\n维总结报告", "1 份年度运维总结报告"),
        ("≥９０％，完成；", "≥90％，完成；"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("a", "b", "strict", "typographic"),
    [
        ("完成，合格", "完成,合格", False, True),
        ("“一网通办”", '"一网通办"', False, True),
        ("2 小时内", "2小时内", False, True),
        ("及时", "及吋", False, False),
        (Decimal("10"), Decimal("10.00"), True, True),
        (Decimal("10"), "10", False, False),
        (None, Decimal(0), False, False),
        (None, None, True, True),
    ],
)
def test_same(a: Leaf, b: Leaf, strict: bool, typographic: bool) -> None:
    assert same(a, b) is strict
    assert same(a, b, typographic=True) is typographic
