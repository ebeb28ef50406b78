from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.forms import load_forms
from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.matching.match import Match
from extract.forms.read_form import status_of
from extract.forms.spec import CheckSpec, FormSpec, TableSpec, ValueType
from extract.forms.values.issues import (
    character_issues,
    check_issues,
    missing_issues,
    proven_pointers,
    run_checks,
    shape_issues,
    value_issues,
)
from extract.forms.values.parse import Value, parse
from extract.model import Check, CheckStatus, Doubt, Issue, Origin, Severity, TextLine
from extract.settings.defaults import CheckSettings

LEXICON = load_lexicon()
SETTINGS = CheckSettings(sure_confidence=0.97, min_confidence=0.85)


@pytest.fixture(scope="module")
def form() -> FormSpec:
    return next(f for f in load_forms() if f.id == "project_self_evaluation")


def value(pointer: str, kind: ValueType, text: str, confidence: float | None = 0.999, **more: object) -> Value:
    lines = (TextLine(text, None, confidence, Origin.OCR),) if text else ()
    return parse(Match(pointer, kind, text, lines, **more), LEXICON)


def found(one: Value, proven: frozenset[str] = frozenset()) -> list[tuple[str, Severity]]:
    return [(i.code, i.severity) for i in value_issues({one.match.pointer: one}, proven, SETTINGS)]


def test_hard_to_read_values_are_doubted_by_degree() -> None:
    assert found(value("/a", ValueType.TEXT, "甲", 0.99)) == []
    assert found(value("/a", ValueType.TEXT, "甲", 0.9)) == [("low-confidence", Severity.WARNING)]
    assert found(value("/a", ValueType.TEXT, "甲", 0.5)) == [("low-confidence", Severity.ERROR)]


@pytest.mark.parametrize(
    ("doubts", "severity"),
    [
        ({Doubt.LOST_INK}, Severity.ERROR),
        ({Doubt.UNDER_SEAL}, Severity.WARNING),
        ({Doubt.UNDER_SEAL, Doubt.READERS_DIFFER}, Severity.ERROR),
    ],
)
def test_a_doubt_blocks_however_sure_the_reader_was_and_says_why(doubts: set[Doubt], severity: Severity) -> None:
    sure = value("/a", ValueType.SCORE, "7")
    line = replace(sure.match.lines[0], doubts=frozenset(doubts))
    doubted = replace(sure, match=replace(sure.match, lines=(line,)))
    (issue,) = value_issues({"/a": doubted}, frozenset(), SETTINGS)
    assert (issue.code, issue.severity) == ("low-confidence", severity)
    assert all(doubt.reason in issue.message for doubt in doubts)
    (proven,) = value_issues({"/a": doubted}, frozenset({"/a"}), SETTINGS)
    assert proven.severity is Severity.WARNING


def test_exported_text_has_no_confidence_and_no_doubt() -> None:
    assert found(value("/a", ValueType.TEXT, "甲", None)) == []


def test_a_figure_that_a_sum_confirms_needs_no_person() -> None:
    assert found(value("/a", ValueType.SCORE, "7", 0.5), frozenset({"/a"})) == [("low-confidence", Severity.WARNING)]


def test_a_word_of_the_form_needs_no_person() -> None:
    assert found(value("/a", ValueType.LABEL, "产出指标", 0.6)) == [("low-confidence", Severity.WARNING)]


@pytest.mark.parametrize(
    ("text", "bare"),
    [(".≥85.00(%)", "≥85.00(%)"), ("94.06%·", "94.06%"), ("≤·5分钟", "≤5分钟"), ("、7个", "7个"), ("5.00:", "5.00")],
)
def test_a_mark_beside_a_figure_is_doubted(text: str, bare: str) -> None:
    (issue,) = shape_issues({"/a": value("/a", ValueType.QUANTITY, text)}, LEXICON)
    assert (issue.code, issue.severity, issue.expected, issue.actual) == ("low-confidence", Severity.ERROR, bare, text)


@pytest.mark.parametrize(
    "text", ["≥85.00(%)", "及时", "2022.12.31", "完成100%。", "第1、2期", "-7个", "1.2.3", "5天以内"]
)
def test_figures_without_marks_and_other_texts_are_not(text: str) -> None:
    assert not list(shape_issues({"/a": value("/a", ValueType.QUANTITY, text)}, LEXICON))


@pytest.mark.parametrize(
    ("text", "doubted"), [("科学技术委员会(汇总", True), ("(汇总)", False), ("1)完成验收", False), ("（一）", False)]
)
def test_a_bracket_that_is_not_closed_is_doubted(text: str, doubted: bool) -> None:
    assert bool(list(shape_issues({"/a": value("/a", ValueType.TEXT, text)}, LEXICON))) is doubted


def test_marks_in_exported_text_are_the_authors_own() -> None:
    assert not list(shape_issues({"/a": value("/a", ValueType.QUANTITY, ".7个", None)}, LEXICON))


def test_blank_and_unreadable() -> None:
    assert found(value("/a", ValueType.SCORE, "")) == []
    assert found(value("/a", ValueType.SCORE, "", required=True)) == [("missing-value", Severity.ERROR)]
    assert found(value("/a", ValueType.SCORE, "甲")) == [("unreadable-value", Severity.ERROR)]


def test_what_was_not_found_at_all_is_missing(form: FormSpec) -> None:
    pointers = {i.pointer for i in missing_issues(form, {}, {"indicators": 1})}
    assert {"/project_name", "/total/score", "/indicators/0/level3", "/funding/currency_unit"} <= pointers
    assert "/indicators" in {i.pointer for i in missing_issues(form, {}, {})}
    assert "/rating" not in pointers


def test_a_matrix_without_any_value_is_said(form: FormSpec) -> None:
    row = {f"/funding/total/{key}": value(f"/funding/total/{key}", ValueType.AMOUNT, "—") for key in ("executed", "x")}
    said = [(i.code, i.severity) for i in missing_issues(form, row, {"indicators": 1}) if i.pointer == "/funding"]
    assert said == [("empty-section", Severity.ERROR)]
    row["/funding/other/executed"] = value("/funding/other/executed", ValueType.AMOUNT, "0")
    assert not [i for i in missing_issues(form, row, {"indicators": 1}) if i.pointer == "/funding"]


def test_a_list_without_rows_is_said_unless_the_form_allows_it(form: FormSpec) -> None:
    table = replace(form.tables[0], min_rows=TableSpec("x", ()).min_rows)
    for least, said in ((table.min_rows, True), (0, False)):
        own = replace(form, tables=(replace(table, min_rows=least),))
        assert said is any(i.pointer == "/indicators" for i in missing_issues(own, {}, {}))


def sum_form(form: FormSpec) -> FormSpec:
    return replace(form, checks=(CheckSpec("sum", "sum(rows.score) == total.score", "sum"),))


def test_an_exact_sum_vouches_for_its_figures(form: FormSpec) -> None:
    data = {"rows": [{"score": Decimal(1)}, {"score": Decimal(2)}], "total": {"score": Decimal(3)}}
    own = sum_form(form)
    assert proven_pointers(own, run_checks(own, data), data) == {"/rows/0/score", "/rows/1/score", "/total/score"}
    data["total"] = {"score": Decimal(4)}
    assert proven_pointers(own, run_checks(own, data), data) == frozenset()


def test_a_sum_that_holds_for_a_repaired_value_proves_nothing(form: FormSpec) -> None:
    data = {"funding": {"total": {"initial_budget": Decimal(12)}, "other": {"initial_budget": Decimal(3)}}}
    spec = CheckSpec("s", "funding.total.initial_budget == 9 + funding.other.initial_budget + total.weight", "sum")
    whole = {**data, "total": {"weight": Decimal(0)}}
    checks = run_checks(replace(form, checks=(spec,)), whole)
    assert "/funding/other/initial_budget" in proven_pointers(replace(form, checks=(spec,)), checks, whole)
    repaired = {"/total/weight"}
    assert proven_pointers(replace(form, checks=(spec,)), checks, whole, repaired) == frozenset()


def test_a_failed_check_points_at_what_was_hard_to_read(form: FormSpec) -> None:
    check = Check("sum", CheckStatus.FAILED, "sum", ("/rows/0/score", "/rows/1/score", "/total/score"))
    sure = {p: value(p, ValueType.SCORE, "1") for p in check.pointers}
    issues = list(check_issues(form, [check], sure, SETTINGS))
    assert [(i.code, i.pointer) for i in issues] == [
        ("source-contradiction", "/rows"),
        ("source-contradiction", "/total/score"),
    ]
    doubtful = {**sure, "/rows/1/score": value("/rows/1/score", ValueType.SCORE, "1", 0.6)}
    issues = list(check_issues(form, [check], doubtful, SETTINGS))
    assert [(i.code, i.pointer) for i in issues] == [("failed-check", "/rows/1/score")]


def test_status_is_derived() -> None:
    failed = Check("c", CheckStatus.FAILED, "")
    unknown = Check("c", CheckStatus.NOT_CHECKED, "")
    assert status_of((unknown,), (Issue("repaired", Severity.WARNING, "/a", ""),)) == "accepted"
    assert status_of((failed,), ()) == "review"
    assert status_of((), (Issue("low-confidence", Severity.ERROR, "/a", ""),)) == "review"


@pytest.mark.parametrize("char", ["\ufffd", "\ue5e5", "\x7f", "\u202e"])
@pytest.mark.parametrize("kind", [ValueType.TEXT, ValueType.NUMBER, ValueType.QUANTITY])
def test_a_character_that_stands_for_none_is_a_grave_doubt(kind: ValueType, char: str) -> None:
    one = value("/a", kind, f"1{char}2", confidence=None)
    assert [(i.code, i.severity, i.pointer) for i in character_issues({"/a": one})] == [
        ("unknown-character", Severity.ERROR, "/a")
    ]


def test_plain_text_raises_no_doubt_about_its_characters() -> None:
    assert not list(character_issues({"/a": value("/a", ValueType.TEXT, "窗口 业务管理≥90%", confidence=None)}))
