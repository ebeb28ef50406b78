from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.evidence import case_hits
from bench.sets import Case

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]


def data() -> dict[str, Any]:
    return {"project_name": "甲", "indicators": []}


def case(*ink: dict[str, Any]) -> Case:
    return Case(Path("a.png"), "a.png", "office", 100.0, 1, (data(),), ({"/project_name": ink},))


def record(**evidence: Any) -> dict[str, Any]:
    return {"data": data(), "evidence": {"/project_name": evidence}}


def test_the_ink_itself() -> None:
    (hit,) = case_hits(case({"page": 1, "quad": SQUARE}), [record(page=1, quad=SQUARE)])
    assert (hit.page, hit.inside, hit.distance) == (True, True, 0.0)
    assert hit.iou == pytest.approx(1.0)


def test_another_resolution_is_scaled() -> None:
    double = [[2 * x, 2 * y] for x, y in SQUARE]
    (hit,) = case_hits(case({"page": 1, "quad": SQUARE}), [record(page=1, quad=double, dpi=200)])
    assert hit.iou == pytest.approx(1.0)


def test_beside_the_ink_and_on_another_page() -> None:
    beside = [[x + 10, y] for x, y in SQUARE]
    (hit,) = case_hits(case({"page": 1, "quad": SQUARE}), [record(page=1, quad=beside)])
    assert (hit.page, hit.inside, hit.iou, hit.distance) == (True, False, 0.0, 10.0)
    (hit,) = case_hits(case({"page": 2, "quad": SQUARE}), [record(page=1, quad=SQUARE)])
    assert (hit.page, hit.inside, hit.distance) == (False, False, None)
