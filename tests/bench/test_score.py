from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from bench.score import score_file, score_form


def row(name: str, score: int = 5, **changes: Any) -> dict[str, Any]:
    base = {
        "level1": "一", "level2": "二", "level3": name, "target": "=3次",
        "target_value": {"comparator": "=", "number": Decimal(3), "unit": "次"},
        "actual": "及时", "actual_value": None,
        "weight": Decimal(5), "score": Decimal(score), "deviation_reason": None,
    }  # fmt: skip
    return base | changes


def data(*rows: dict[str, Any], name: str = "甲项目") -> dict[str, Any]:
    return {
        "project_name": name,
        "funding": {"total": {"executed": Decimal(7980), "score": Decimal(10)}},
        "indicators": list(rows),
        "rating": None,
    }


def record(content: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"status": "accepted", "data": copy.deepcopy(content), "issues": [], "checks": []} | parts


def issue(pointer: str, severity: str = "warning") -> dict[str, str]:
    return {"code": "low-confidence", "severity": severity, "pointer": pointer}


def test_the_truth_itself_is_perfect() -> None:
    truth = data(row("培训场次"), row("培训人次"))
    score = score_form(truth, record(truth))
    assert score.perfect
    assert all(r.own and r.levels for r in score.rows)
    assert len(score.leaves) == 3 + 2 * 10


def test_a_missing_row_costs_only_its_own_leaves() -> None:
    truth = data(row("培训场次"), row("系统正常运转率", 4), row("办事效率提升度"))
    score = score_form(truth, record(data(truth["indicators"][0], truth["indicators"][2])))
    assert [r.own for r in score.rows] == [True, False, True]
    assert {leaf.pointer for leaf in score.wrong} == {
        f"/indicators/1/{key}"
        for key in ("level1", "level2", "level3", "target", "actual", "weight", "score",
                    "target_value/comparator", "target_value/number", "target_value/unit")
    }  # fmt: skip


def test_an_invented_row_is_wrong() -> None:
    truth = data(row("培训场次"))
    score = score_form(truth, record(data(*truth["indicators"], row("凭空而来", 9, target="无"))))
    assert [r.own for r in score.rows] == [True]
    assert len(score.wrong) == 10


def test_wrong_levels_leave_the_row_right_in_itself() -> None:
    truth = data(row("培训场次"))
    score = score_form(truth, record(data(row("培训场次", level2="三"))))
    assert (score.rows[0].own, score.rows[0].levels) == (True, False)


def test_blank_and_zero_differ() -> None:
    truth = data(row("培训场次"))
    score = score_form(truth, record(data(row("培训场次", deviation_reason="", score=0))))
    assert {leaf.pointer for leaf in score.wrong} == {"/indicators/0/deviation_reason", "/indicators/0/score"}


def test_a_doubt_covers_what_lies_below_it() -> None:
    truth = data(row("培训场次"))
    wrong = data(row("培训场次", target="=8次", target_value={"comparator": "=", "number": Decimal(8), "unit": "次"}))
    for pointer in ("/indicators/0/target", "/indicators/0", "/indicators"):
        score = score_form(truth, record(wrong, issues=[issue(pointer)]))
        assert [leaf.covered for leaf in score.wrong] == [True, True]
    for other in ("/indicators/1", "/indicators/0/tar", "", "/indicators/0/actual"):
        score = score_form(truth, record(wrong, issues=[issue(other)]))
        assert [leaf.covered for leaf in score.wrong] == [False, False]


def test_a_note_is_no_doubt_and_a_failed_check_is() -> None:
    truth, wrong = data(row("培训场次")), data(row("培训场次", 8))
    noted = record(wrong, issues=[issue("/indicators/0/score", "info")])
    assert not score_form(truth, noted).wrong[0].covered
    check = {"id": "total-score", "status": "failed", "pointers": ["/indicators/0/score"]}
    assert score_form(truth, record(wrong, checks=[check])).wrong[0].covered


def test_a_form_that_was_not_found() -> None:
    truths = [data(row("培训场次")), data(row("志愿者岗位数"), name="乙项目")]
    scores = score_file(truths, [record(truths[1])])
    assert [s.status for s in scores] == [None, "accepted"]
    assert len(scores[0].wrong) == len(scores[0].leaves) > 0
    assert scores[1].perfect


def test_a_form_too_many() -> None:
    truth = data(row("培训场次"))
    scores = score_file([truth], [record(truth), record(data(row("凭空而来", 9), name="丙"))])
    assert [s.expected for s in scores] == [True, False]
    assert not scores[1].perfect
