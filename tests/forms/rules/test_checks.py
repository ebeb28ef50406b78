from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.forms.declaration.loader import load_form
from extract.forms.declaration.schema_folder import schema_folder
from extract.forms.rules.checks import RuleError, compile_rule, evaluate, holds, paths, pointers
from extract.forms.spec import CheckSpec
from extract.model import CheckStatus
from tests.paths import ROOT

PASSED, FAILED, NOT_CHECKED = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.NOT_CHECKED
EXPECTED = sorted((ROOT / "fixtures/exports/expected").glob("*.json"))
SELF_EVALUATION = load_form(schema_folder() / "project_self_evaluation.toml")

DATA: dict[str, Any] = {
    "rows": [
        {"weight": 60, "score": Decimal("58.5"), "note": "late"},
        {"weight": 40, "score": 40, "note": None},
    ],
    "total": {"weight": 100, "score": Decimal("98.5")},
    "rate": Decimal("33.33"),
    "part": 1,
    "whole": 3,
    "zero": 0,
    "none": None,
    "grade": "优",
    "empty": [],
}


def spec(rule: str, **rest: Any) -> CheckSpec:
    return CheckSpec(id="r", rule=rule, message="it holds", **rest)


def status(rule: str, data: Mapping[str, Any] = DATA, **rest: Any) -> CheckStatus:
    found = holds(spec(rule, **rest), data)
    assert found in {check.status for check in evaluate(spec(rule, **rest), data)}
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("sum(rows.score) == total.score", PASSED),
        ("sum(rows.weight) == total.score", FAILED),
        ("sum(rows.weight, part) == 101", PASSED),
        ("max(rows.score) == 58.5 and min(rows.weight) == 40", PASSED),
        ("min(part, whole) < max(part, whole)", PASSED),
        ("count(rows) == 2 and count(rows.note) == 1 and count(empty) == 0", PASSED),
        ("abs(part - whole) == 2", PASSED),
        ("round(2.5) == 3 and round(0.125, 2) == 0.13", PASSED),
        ("-part < zero", PASSED),
        ("part != whole", PASSED),
        ("part > whole or part >= 1", PASSED),
        ("not part > whole", PASSED),
        ("grade == '优'", PASSED),
        ("grade != '优'", FAILED),
        ("0 <= part <= whole", PASSED),
        ("0 <= part <= zero", FAILED),
        ("part - (whole - part) == -1", PASSED),
    ],
)
def test_arithmetic(rule: str, expected: CheckStatus) -> None:
    assert status(rule) is expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("none == part", NOT_CHECKED),
        ("sum(rows.missing) == 1", NOT_CHECKED),
        ("sum(empty.x) == 0", NOT_CHECKED),
        ("part / zero == 1", NOT_CHECKED),
        ("grade + part == 1", NOT_CHECKED),
        ("total == 1", NOT_CHECKED),
        ("given(none)", FAILED),
        ("given(part)", PASSED),
        ("not given(none)", PASSED),
        ("given(part) or none > 1", PASSED),
        ("given(none) or none > 1", NOT_CHECKED),
        ("given(none) and none > 1", FAILED),
        ("given(part) and none > 1", NOT_CHECKED),
        ("not none > 1", NOT_CHECKED),
        ("part > whole > none", FAILED),
        ("part < whole < none", NOT_CHECKED),
    ],
)
def test_blank_is_neither_true_nor_false(rule: str, expected: CheckStatus) -> None:
    assert status(rule) is expected


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("none == part", "/none is blank"),
        ("part / zero == 1", "0 cannot be divided by"),
        ("sum(empty.x) == 0", "empty.x has no rows"),
        ("given(none) or grade + 1 == 2", "“优” is not a number"),
        ("not total == 1", "/total is not a single value"),
    ],
)
def test_says_why_it_is_not_checked(rule: str, message: str) -> None:
    (check,) = evaluate(spec(rule), DATA)
    assert check.message == f"it holds: not checked, {message}"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("sum(rows.weight) + part == 101", "100 + 1 = 101"),
        ("sum(rows.weight) + part == total.weight", "100 + 1 = 101 ≠ 100"),
        ("0 <= part <= zero", "1 > 0"),
        ("part - (whole - part) == -1", "1 − (3 − 1) = −1"),
        ("rate == part / whole * 100", "33.33 = 1 ÷ 3 × 100"),
        ("part > whole or given(none)", "1 ≤ 3 and none is blank"),
        ("given(part) and part < whole", "part is given and 1 < 3"),
        ("not given(part)", "part is given"),
        ("grade == '良'", "优 ≠ 良"),
        ("total.weight == exact(part) * 100", "100 = 1 × 100"),
    ],
)
def test_shows_the_figures(rule: str, message: str) -> None:
    (check,) = evaluate(spec(rule), DATA)
    assert check.message == f"it holds: {message}"


def test_sums_are_exact_to_the_last_unit() -> None:
    data = {"a": [{"x": Decimal("0.1")}, {"x": Decimal("0.2")}], "t": Decimal("0.3")}
    assert status("sum(a.x) == t", data) is PASSED
    assert status("sum(a.x) == t", data | {"t": Decimal("0.31")}) is FAILED
    assert status("sum(a.x) == t", data | {"t": Decimal("0.31")}, tolerance=Decimal("0.01")) is PASSED


@pytest.mark.parametrize(
    ("rate", "executed", "budget", "expected"),
    [
        ("98.52", "6.70", "6.80", PASSED),  # in 万元 both sides are rounded
        ("98.52", "670", "680", PASSED),
        ("98.52", "67000.00", "68000.00", FAILED),  # 98.529 is printed 98.53
        ("98.53", "67000.00", "68000.00", PASSED),
        ("99", "67000.00", "68000.00", PASSED),  # a whole per cent is half a per cent around
        ("98", "67000.00", "68000.00", FAILED),
        ("99.64", "27.9", "28", PASSED),  # 28 counts with the decimal of 27.9
        ("96.64", "27.9", "28", FAILED),
    ],
)
def test_rates_take_figures_as_rounded(rate: str, executed: str, budget: str, expected: CheckStatus) -> None:
    data = {"rate": Decimal(rate), "executed": Decimal(executed), "budget": Decimal(budget)}
    assert status("rate == executed / budget * 100", data) is expected


def test_exact_takes_a_figure_as_it_is() -> None:
    data = {"score": 9, "weight": 10, "rate": Decimal("94.00")}
    assert status("score == weight * rate / 100", data) is PASSED
    assert status("score == exact(weight) * rate / 100", data | {"score": Decimal("9.0")}) is FAILED


@pytest.mark.parametrize(
    ("score", "band"), [("90", "优"), ("89.99", "良"), ("60", "中"), ("0", "差"), ("-1", None), (None, None)]
)
def test_band_is_the_highest_reached(score: str | None, band: str | None) -> None:
    bands = {"差": Decimal(0), "优": Decimal(90), "中": Decimal(60), "良": Decimal(80)}
    data = {"grade": band or "差", "score": None if score is None else Decimal(score)}
    assert status("grade == band(score)", data, bands=bands) is (PASSED if band else NOT_CHECKED)


def test_each_passes_as_one() -> None:
    (check,) = evaluate(spec("0 <= score <= weight", each="rows"), DATA)
    assert (check.status, check.message) == (PASSED, "it holds: in all 2 rows")
    assert check.pointers == ("/rows/0/score", "/rows/0/weight", "/rows/1/score", "/rows/1/weight")


def test_each_fails_by_row() -> None:
    checks = evaluate(spec("score < weight and given(note)", each="rows"), DATA)
    assert [(c.status, c.message, c.pointers) for c in checks] == [
        (
            FAILED,
            "it holds: 40 ≥ 40 and note is blank",
            ("/rows/1/score", "/rows/1/weight", "/rows/1/note"),
        )
    ]


def test_each_says_which_rows_it_could_not_check() -> None:
    rows = [{"a": 1, "b": 2}, {"a": None, "b": 2}, {"a": 3, "b": 2}]
    checks = evaluate(spec("a <= b", each="rows"), {"rows": rows})
    assert [(c.status, c.pointers) for c in checks] == [
        (FAILED, ("/rows/2/a", "/rows/2/b")),
        (NOT_CHECKED, ("/rows/1/a", "/rows/1/b")),
    ]
    assert checks[1].message == "it holds: not checked in 1 of 3 rows, /rows/1/a is blank"
    assert holds(spec("a <= b", each="rows"), {"rows": rows}) is FAILED
    assert holds(spec("a <= b", each="rows"), {"rows": rows[:2]}) is NOT_CHECKED


def test_each_without_rows_is_not_checked() -> None:
    (check,) = evaluate(spec("a <= b", each="empty"), DATA)
    assert (check.status, check.pointers) == (NOT_CHECKED, ())
    assert holds(spec("a <= b", each="empty"), DATA) is NOT_CHECKED


def test_each_may_name_what_stands_outside_of_the_row() -> None:
    (check,) = evaluate(spec("score <= total.score", each="rows"), DATA)
    assert check.pointers == ("/rows/0/score", "/total/score", "/rows/1/score")


def test_paths_and_pointers() -> None:
    rule = "sum(rows.score) + part == total.score or part > 1"
    assert paths(compile_rule(rule)) == (("rows", "score"), ("part",), ("total", "score"))
    assert pointers(spec(rule), DATA) == ("/rows/0/score", "/rows/1/score", "/part", "/total/score")
    assert pointers(spec("count(rows) == 2"), DATA) == ()


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("", "does not parse"),
        ("a ==", "does not parse"),
        ("a = b", "does not parse"),
        ("a", "states nothing"),
        ("a + b", "states nothing"),
        ("a[0] == 1", "`a[0]` is not part of the rule language"),
        ("a ** 2 == 1", "`a ** 2` is not part"),
        ("a in b", "`a in b` is not part"),
        ("(lambda: 1)() == 1", "unknown function"),
        ("__import__('os').name == 'x'", "is not a path"),
        ("open('f') == 1", "unknown function `open`"),
        ("a == True", "`True` is not a number"),
        ("a == 1e9", "`1e9` is not a number"),
        ("a == 1j", "`1j` is not a number"),
        ("sum() == 1", "sum() takes 1 or more arguments"),
        ("abs(a, b) == 1", "abs() takes 1 argument"),
        ("round(a, 2, 3) == 1", "round() takes 1 or 2 arguments"),
        ("round(a, b) == 1", "round() takes a whole number"),
        ("given(a + b)", "given() takes a path"),
        ("count(3) == 1", "count() takes a path"),
        ("a and b > 1", "`a` is a value where a condition is expected"),
        ("(a > 1) + 1 == 2", "`a > 1` is a condition where a value is expected"),
        ("not a", "`a` is a value"),
        ("band(x=1) == 1", "band() takes 1 argument"),
    ],
)
def test_refuses_all_else(rule: str, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rule(rule)
    assert message in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_compiles_or_raises_its_error(text: str) -> None:
    with suppress(RuleError):
        compile_rule(text)


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=20), st.sampled_from(["0.01", "-0.01"]))
def test_a_sum_off_by_its_last_unit_fails(scores: list[Decimal], off: str) -> None:
    data = {"rows": [{"score": score} for score in scores], "total": sum(scores)}
    assert holds(spec("sum(rows.score) == total"), data) is PASSED
    assert holds(spec("sum(rows.score) == total"), data | {"total": sum(scores) + Decimal(off)}) is FAILED


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 4), st.integers(0, 2))
def test_honestly_rounded_rates_pass(a: int, b: int, money_places: int, rate_places: int) -> None:
    unit, step = Decimal(1).scaleb(-money_places), Decimal(1).scaleb(-rate_places)
    executed, budget = Decimal(a) * unit, Decimal(b) * unit
    data = {"executed": executed, "budget": budget, "rate": (executed / budget * 100).quantize(step)}
    assert holds(spec("rate == executed / budget * 100"), data) is not FAILED


@pytest.mark.parametrize("file", EXPECTED, ids=[file.stem for file in EXPECTED])
def test_real_forms_break_only_rules_that_paper_is_known_to_break(file: Path) -> None:
    data = json.loads(file.read_text("utf-8"), parse_float=Decimal)
    failed = [rule for rule in SELF_EVALUATION.checks if holds(rule, data) is FAILED]
    assert all(rule.source for rule in failed)
    for rule_id in ("total-weight", "total-score", "execution-rate", "execution-score", "score-within-weight"):
        assert next(holds(rule, data) for rule in SELF_EVALUATION.checks if rule.id == rule_id) is PASSED
