from __future__ import annotations

import copy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bench import fresh, fresh_log, gallery, risk
from bench.fields import Field, Outcome, fields_of
from bench.fold import same_substance
from bench.score import score_file
from bench.sets import Case
from bench.shape import shape_of
from bench.silent import SilentError, silent_errors, witness
from bench.tally import Tally, by_kind, summed, tally_table
from bench.totals import FileScore

ROW = {
    "level1": "产出指标", "level2": "数量指标", "level3": "培训场次", "target": "≥3次",
    "target_value": {"comparator": ">=", "number": Decimal(3), "unit": "次"},
    "actual": "3次", "actual_value": {"comparator": None, "number": Decimal(3), "unit": "次"},
    "weight": Decimal(5), "score": Decimal(5), "deviation_reason": None,
}  # fmt: skip
TRUTH = {
    "title": "项目支出绩效自评表",
    "project_name": "业务培训",
    "indicators": [ROW],
    "goals": {"expected": "完成。"},
    "rating": None,
}


def scored(changes: dict[str, Any], status: str = "accepted", **parts: Any) -> tuple[FileScore, dict[str, Any]]:
    data = copy.deepcopy(TRUTH)
    for pointer, value in changes.items():
        place: Any = data
        *way, last = pointer.split("/")[1:]
        for key in way:
            place = place[int(key)] if isinstance(place, list) else place[key]
        place[last] = value
    record = {"status": status, "data": data, "issues": [], "checks": [], "evidence": {}} | parts
    return FileScore("fold/a.jpg", "fold", 1, None, score_file([TRUTH], [record])), record


def read(changes: dict[str, Any], status: str = "accepted", **parts: Any) -> tuple[Field, ...]:
    file, record = scored(changes, status, **parts)
    return fields_of([file], {(file.file, 1): record})


def only(fields: tuple[Field, ...], outcome: Outcome) -> list[str]:
    return [field.pointer for field in fields if field.outcome is outcome]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("12,345元", "12.345元"),
        ("1.5", "15"),
        ("≥90%", "≥90‰"),
        ("-5", "5"),
        ("10-20人", "1020人"),
        (">5", "≥5"),
        ("甲", None),
    ],
)
def test_a_change_of_a_figure_or_a_sign_is_material(a: str, b: str | None) -> None:
    assert not same_substance(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("完成、合格。", "完成合格"),
        ("“两癌”检查", "两癌检查"),
        ("；甲：乙", ":甲;乙"),
        ("≧5", "≥5"),
        ("·", None),
        ("（一）甲", "一甲"),
    ],
)
def test_a_change_of_punctuation_is_not(a: str, b: str | None) -> None:
    assert same_substance(a, b)


def test_a_quantity_and_its_parsed_form_are_one_field() -> None:
    wrong = {"/indicators/0/target": "≥8次", "/indicators/0/target_value/number": Decimal(8)}
    assert only(read(wrong), Outcome.MATERIAL) == ["/indicators/0/target"]
    assert len(read({})) == 3 + 7
    assert only(read({}), Outcome.MATERIAL) == []


def test_punctuation_is_counted_apart() -> None:
    fields = read({"/goals/expected": "完成", "/project_name": "业务培洲"})
    assert only(fields, Outcome.PUNCTUATION) == ["/goals/expected"]
    assert only(fields, Outcome.MATERIAL) == ["/project_name"]


def test_an_error_is_silent_in_accepted_records_and_where_nothing_stands_on_it() -> None:
    doubt = [{"code": "low-confidence", "severity": "warning", "pointer": "/project_name"}]
    wrong = {"/project_name": "业务培洲"}
    assert [f.silent for f in read(wrong) if f.pointer == "/project_name"] == [True]
    assert [f.silent for f in read(wrong, issues=doubt) if f.pointer == "/project_name"] == [True]
    assert [f.silent for f in read(wrong, "review", issues=doubt) if f.pointer == "/project_name"] == [False]
    assert [f.silent for f in read(wrong, "review") if f.pointer == "/project_name"] == [True]


def test_probability_is_taken_before_confidence() -> None:
    evidence = {"/project_name": {"confidence": 0.99, "probability": 0.4}, "/title": {"confidence": 0.97}}
    found = {field.pointer: field.certainty for field in read({}, evidence=evidence)}
    assert found["/project_name"] == 0.4
    assert found["/title"] == 0.97


def test_tallies_add_up() -> None:
    file, record = scored({"/project_name": "业务培洲", "/goals/expected": "完成"})
    kinds = by_kind([file], fields_of([file], {(file.file, 1): record}))
    count = kinds["fold"]
    assert (count.forms, count.accepted, count.fields, count.right) == (1, 1, 10, 8)
    assert (count.accepted_material, count.accepted_punctuation, count.silent_review) == (1, 1, 0)
    assert count.risk == 1000
    assert summed([count, count]).accepted_material == 2
    assert "1000.0" in tally_table(kinds, {"worn": ("fold",)})
    assert Tally().risk is None


def test_the_shape_is_that_of_the_declaration() -> None:
    shape = shape_of(TRUTH)
    assert shape.form == "project_self_evaluation"
    assert shape.lists[0].levels == ("level1", "level2")
    assert shape_of({"funding": {}, "project_kind": None, "goals": {}}).form == "project_expense_target"


@pytest.mark.parametrize(
    ("expected", "got", "word"),
    [
        (Decimal("1966812.24"), Decimal(196681224), "base line"),
        (Decimal(9), None, "no reading explains"),
        (None, Decimal(1), "nothing is printed"),
        ("≥24‰", "≥24%", "a sign"),
        ("红花岗", "红化冈", "characters"),
        (Decimal(84), Decimal(34), "figures"),
        ("业务培训", "数量指标", "another field"),
    ],
)
def test_the_witness_that_should_have_seen_it(expected: Any, got: Any, word: str) -> None:
    field = Field("a", "fold", 1, "accepted", "/x", expected, got, Outcome.MATERIAL, covered=False, certainty=1.0)
    assert word in witness(field, TRUTH)


def test_a_silent_error_is_shown_with_its_ink(tmp_path: Path) -> None:
    page = np.full((200, 300), 255, np.uint8)
    page[90:110, 100:160] = 0
    (tmp_path / "fold").mkdir()
    Image.fromarray(page).save(tmp_path / "fold" / "a.png")
    quad = [[100.0, 90.0], [160.0, 90.0], [160.0, 110.0], [100.0, 110.0]]
    ink = {"/project_name": [{"page": 1, "quad": quad}]}
    case = Case(tmp_path / "fold" / "a.png", "fold/a.jpg", "fold", 200, 1, (TRUTH,), (ink,))
    check = {"id": "total-score", "status": "passed", "pointers": ["/project_name"]}
    file, record = scored({"/project_name": "业务培洲"}, checks=[check])
    records = {(file.file, 1): record}
    (error,) = silent_errors([case], records, fields_of([file], records))
    assert (error.page, error.quad, error.checks) == (1, quad, ("total-score passed",))
    crop = gallery.crop_of(error, case)
    assert crop is not None
    assert (crop == 0).all(axis=2).any()
    gallery.write([error], {case.name: case}, tmp_path / "silent.html")
    html = (tmp_path / "silent.html").read_text(encoding="utf-8")
    assert "业务培洲" in html
    assert "data:image/png;base64," in html


def test_without_a_place_there_is_no_crop() -> None:
    field = read({"/project_name": "业务培洲"})[1]
    error = SilentError(field, 1, None, {}, (), "")
    assert gallery.crop_of(error, Case(Path("none"), "a", "fold", 200, 1, (), ())) is None


def test_risk_falls_to_the_share_of_errors_and_ties_enter_together() -> None:
    coverage, errors = risk.curve([0.9, 1.0, 1.0, 0.5], [False, True, False, True])
    assert coverage.tolist() == [0.5, 0.75, 1.0]
    assert errors.tolist() == [5000.0, pytest.approx(10_000 / 3), 5000.0]


def test_the_curve_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    risk.draw(read({"/project_name": "业务培洲"}), {"worn": ("fold",)}, tmp_path / "risk.png")
    with Image.open(tmp_path / "risk.png") as picture:
        assert picture.width > 600


def entry(seed: int, forms: int = 1) -> fresh_log.Entry:
    return fresh_log.now(seed, 112, 1.0, {"fold": Tally(forms=forms)})


def test_only_the_first_run_of_a_seed_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    fresh_log.append(entry(5), log)
    with pytest.raises(ValueError, match="only its first run counts"):
        fresh_log.append(entry(5), log)
    assert fresh_log.is_logged(5, log)
    assert not fresh_log.is_logged(6, log)
    assert fresh_log.new_seed(log) != 5


def test_figures_come_from_the_last_three_seeds(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert fresh.standing(log) == "no seed logged yet"
    for seed, forms in enumerate((1, 10, 100, 1000)):
        fresh_log.append(entry(seed, forms), log)
    entries, kinds = fresh_log.last(log)
    assert [e.seed for e in entries] == [1, 2, 3]
    assert kinds["fold"].forms == 1110
    assert fresh_log.read_log(log)[0].kinds["fold"] == Tally(forms=1)


def test_a_part_of_a_seed_is_refused_before_its_first_run(tmp_path: Path) -> None:
    request = fresh.Request(5, 112, ("fold",), 1, log=tmp_path / "log.jsonl")
    for part in (request, replace(request, kinds=(), reuse=tmp_path)):
        with pytest.raises(fresh.NotLoggedError, match="never run as a whole"):
            fresh.report(part, tmp_path)
