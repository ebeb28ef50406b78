from __future__ import annotations

from decimal import Decimal
from typing import Any

from bench.peers import row_hits


def truth(**changes: Any) -> dict[str, Any]:
    row = {
        "level1": "产出指标", "level2": "数量指标", "level3": "培训场次", "target": ">=3次", "actual": "3次",
        "weight": Decimal(8), "score": Decimal("7.5"), "deviation_reason": None,
    }  # fmt: skip
    return {"indicators": [row | changes]}


ROW = ["绩效指标", "产出 指标", "数量指标", "培训场次", ">=3次", "3次", "8.00", "7.5", None]


def test_a_row_with_its_levels() -> None:
    assert row_hits([truth()], [ROW]) == [(True, True)]


def test_a_row_whose_level_was_lost() -> None:
    assert row_hits([truth()], [[None, "绩效指标", *ROW[3:]]]) == [(True, False)]


def test_cells_in_another_order_are_another_row() -> None:
    assert row_hits([truth()], [[*ROW[:4], "3次", ">=3次", *ROW[6:]]]) == [(False, False)]


def test_a_glued_row_is_wrong() -> None:
    assert row_hits([truth()], [[*ROW[:3], "培训场次\n培训人次", *ROW[4:]]]) == [(False, False)]


def test_a_reason_must_be_there() -> None:
    assert row_hits([truth(deviation_reason="疫情")], [ROW]) == [(False, False)]
