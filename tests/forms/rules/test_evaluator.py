"""What rules come to against data, worked out by hand."""

from decimal import Decimal
from typing import Any

import pytest

from extract.forms.rules.evaluator import pointers_of, reason, scopes, truth
from extract.forms.spec import CheckSpec

DATA: dict[str, Any] = {
    "rows": [{"weight": 60, "score": Decimal("58.5")}, {"weight": 40, "score": None}],
    "rate": Decimal("33.3"),
    "part": 1,
    "whole": 3,
    "blank": None,
    "grade": "优",
}


def spec(rule: str, **rest: Any) -> CheckSpec:
    return CheckSpec(id="r", rule=rule, message="m", **rest)


def judged(rule: str, **rest: Any) -> list[bool | None]:
    return [truth(scope.rule.root, scope) for scope in scopes(spec(rule, **rest), DATA)]


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("sum(rows.weight) == 100", True),
        ("max(rows.weight) == 60", True),
        ("count(rows.score) == 1", True),
        ("min(rows.weight) > 40", False),
        # 1 / 3 is 33.333…; the rate, printed with one decimal, is anything from 33.25 to 33.35.
        ("exact(part) / exact(whole) * 100 == rate", True),
        ("exact(part) / exact(whole) * 100 == rate + 1", False),
        # Measured, 1 is anything from 0.5 to 1.5, and 3 from 2.5 to 3.5: the rate may be 14 to 60.
        ("part / whole * 100 == rate + 20", True),
        ("part / whole * 100 == rate + 30", False),
        ("abs(part - whole) == 2", True),
        ("round(rate) == 33", True),
        ("grade == '优'", True),
        ("grade != '优'", False),
        ("given(blank)", False),
        ("not given(blank)", True),
        # A blank leaves a rule open, but where another part decides.
        ("blank == 1", None),
        ("blank == 1 or part == 1", True),
        ("blank == 1 and part == 2", False),
        ("blank == 1 and part == 1", None),
        ("sum(rows.score) == 58.5", None),
    ],
)
def test_a_rule_against_the_data(rule: str, holds: bool | None) -> None:
    assert judged(rule) == [holds]


def test_each_row_is_judged_by_itself() -> None:
    assert judged("score <= weight", each="rows") == [True, None]


def test_a_tolerance_gives_way() -> None:
    assert judged("part == whole", tolerance=Decimal(1)) == [False]
    assert judged("part == whole", tolerance=Decimal(2)) == [True]


def test_a_band_names_where_a_number_lies() -> None:
    bands = {"优": Decimal(90), "差": Decimal(0)}
    assert judged("band(rate) == '差'", bands=bands) == [True]
    assert judged("band(rate) == '优'", bands=bands) == [False]


def test_what_is_missing_is_said() -> None:
    (scope,) = scopes(spec("blank + part == 1"), DATA)
    assert "blank" in reason(scope.rule.root, scope)


def test_the_pointers_of_a_row() -> None:
    first, second = scopes(spec("score <= weight", each="rows"), DATA)
    assert set(pointers_of(first)) == {"/rows/0/score", "/rows/0/weight"}
    assert set(pointers_of(second)) == {"/rows/1/score", "/rows/1/weight"}
