from __future__ import annotations

import pytest

from extract.forms import load_forms
from extract.forms.sheets.classify import Candidate, candidates, rival_issues, title_score
from extract.model import Severity
from tests.forms.builders import boxed, page_of, sheet_of

TITLES = ("财政项目支出绩效自评表", "项目支出绩效自评表")


@pytest.mark.parametrize(
    "line",
    [
        "财政项目支出绩效自评表",
        "区级项目支出绩效自评表",
        "2023年度部门预算项目支出绩效自评表",
        "项目支出绩效自评表（2021年度）",
        "财政项目支出绩效白评表",
    ],
)
def test_titles(line: str) -> None:
    assert title_score(line, TITLES)


@pytest.mark.parametrize(
    "line", ["", "项目支出", "根据财政项目支出绩效自评表，本单位完成了工作", "部门整体支出绩效评价报告"]
)
def test_what_is_no_title(line: str) -> None:
    assert not title_score(line, TITLES)


def test_a_form_without_its_labels_is_none() -> None:
    sheet = sheet_of(page_of(boxed([["甲", "乙"]]), heading=["财政项目支出绩效自评表"]))
    assert candidates(sheet, load_forms()) == ()


def test_labels_alone_are_enough_when_many_stand_there() -> None:
    labels = ["项目名称", "主管部门", "实施单位", "一级指标", "二级指标", "三级指标"]
    sheet = sheet_of(page_of(boxed([labels]), heading=["看不清的标题"]))
    best = candidates(sheet, [f for f in load_forms() if f.id == "project_self_evaluation"])
    assert best[0].form.id == "project_self_evaluation"
    assert not best[0].titled


def test_two_forms_that_fit_nearly_alike_are_said_with_their_scores() -> None:
    first, second = load_forms()[:2]
    (issue,) = rival_issues([Candidate(first, 0.727, False), Candidate(second, 0.700, False)])
    assert (issue.code, issue.severity, issue.actual, issue.expected) == (
        "ambiguous-form", Severity.ERROR, first.id, second.id,
    )  # fmt: skip
    assert "0.727" in issue.message
    assert "0.700" in issue.message


def test_a_form_that_leads_clearly_has_no_rival() -> None:
    first, second = load_forms()[:2]
    assert not list(rival_issues([Candidate(first, 1.8, True), Candidate(second, 1.6, True)]))
    assert not list(rival_issues([Candidate(first, 0.7, False)]))
