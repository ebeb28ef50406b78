"""Whole texts in every broken shape, invented: what is read, and what is left in doubt."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.declaration.loader import load_forms
from extract.forms.text_stream.read import TextForm, read_text
from extract.model import Severity

FORMS = load_forms()

CELLS = [
    ["项目支出绩效自评表"],
    ["(2020年度)"],
    ["项目名称", "桥梁检测"],
    ["主管部门", "青山县交通局", "实施单位", "青山县公路站"],
    ["项目资金(万元)", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "年度资金总额", "20", "20", "18", "10", "90%", "9"],
    ["", "其中:当年财政拨款", "20", "20", "18", "", "", ""],
    ["", "上年结转资金", "", "", "", "", "", ""],
    ["", "其他资金", "", "", "", "", "", ""],
    ["年度总体目标", "预期目标", "实际完成情况"],
    ["", "检测桥梁,保障安全。", "检测任务完成。"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["产出指标", "数量指标", "检测桥梁数", "≥12座", "12座", "30", "30", ""],
    ["", "质量指标", "检测报告合格率", "100%", "100%", "20", "20", ""],
    ["效益指标", "社会效益指标", "隐患处置及时率", "100%", "95%", "30", "28", "汛期延误。"],
    ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "96%", "10", "10", ""],
    ["总分", "", "", "", "", "100", "97", ""],
]


def shaped(shape: str) -> str:
    """The form above as one of the shapes in which exports come."""
    filled = [[c for c in row if c] for row in CELLS]
    if shape == "run":
        return "".join("".join(row) for row in filled)
    if shape == "spaced run":
        return " ".join(" ".join(row) for row in filled)
    if shape == "lines":
        return "\n".join("\n".join(row) for row in filled)
    if shape == "broken lines":
        cut = {"服务对象满意度指标": "服务对象满\n意度指标", "社会效益指标": "社会效益\n指标", "桥梁检测": "桥梁\n检测"}
        return "\n".join("\n".join(cut.get(c, c) for c in row) for row in filled)
    if shape == "lines and pipes":
        return "\n".join("\n".join(f"{c} |" if c else "|" for c in row) for row in CELLS)
    if shape == "pipe rows":
        return "\n".join(" | ".join(row) + " |" for row in CELLS)
    return "\n".join("\t".join(row) for row in CELLS)


def values(found: TextForm) -> Mapping[str, str]:
    return {m.pointer: m.text for m in found.alignment.matches if m.text}


def errors(found: TextForm) -> list[tuple[str, str]]:
    return [(i.code, i.pointer) for i in found.alignment.issues if i.severity is Severity.ERROR]


def read(text: str) -> TextForm:
    (found,) = read_text(text, FORMS, load_lexicon())
    return found


EXPECTED = {
    "/title": "项目支出绩效自评表",
    "/fiscal_year": "2020",
    "/project_name": "桥梁检测",
    "/supervising_department": "青山县交通局",
    "/implementing_unit": "青山县公路站",
    "/goals/expected": "检测桥梁,保障安全。",
    "/goals/actual": "检测任务完成。",
    "/funding/currency_unit": "万元",
    "/funding/total/initial_budget": "20",
    "/funding/total/annual_budget": "20",
    "/funding/total/executed": "18",
    "/funding/total/weight": "10",
    "/funding/total/execution_rate": "90%",
    "/funding/total/score": "9",
    "/funding/current_year_appropriation/executed": "18",
    "/indicators/0/level1": "产出指标",
    "/indicators/0/level2": "数量指标",
    "/indicators/0/level3": "检测桥梁数",
    "/indicators/0/target": "≥12座",
    "/indicators/0/actual": "12座",
    "/indicators/0/weight": "30",
    "/indicators/0/score": "30",
    "/indicators/1/level1": "产出指标",
    "/indicators/1/level2": "质量指标",
    "/indicators/2/level2": "社会效益指标",
    "/indicators/2/actual": "95%",
    "/indicators/2/score": "28",
    "/indicators/2/deviation_reason": "汛期延误。",
    "/indicators/3/level2": "服务对象满意度指标",
    "/indicators/3/score": "10",
    "/total/weight": "100",
    "/total/score": "97",
}


@pytest.mark.parametrize(
    "shape", ["run", "spaced run", "lines", "broken lines", "lines and pipes", "pipe rows", "tab rows"]
)
def test_the_same_form_in_every_shape(shape: str) -> None:
    found = read(shaped(shape))
    got = values(found)
    assert found.form.id == "project_self_evaluation"
    assert {p: got.get(p) for p in EXPECTED} == EXPECTED
    assert found.alignment.lists == {"indicators": 4}
    assert errors(found) == []


def test_misread_labels() -> None:
    text = shaped("run")
    for right, wrong in (("实施单位", "实施第位"), ("年初预算数", "年初预匏数"), ("项目资金(万元)", "项Fl资金(万兀)")):
        text = text.replace(right, wrong)
    got = values(read(text))
    assert got["/implementing_unit"] == "青山县公路站"
    assert got["/funding/total/initial_budget"] == "20"


def test_two_forms_in_one_run() -> None:
    second = shaped("run").replace("桥梁检测", "道路养护")
    found = read_text(shaped("run") + second, FORMS, load_lexicon())
    assert [values(f)["/project_name"] for f in found] == ["桥梁检测", "道路养护"]
    assert [f.alignment.lists["indicators"] for f in found] == [4, 4]


def test_a_text_cut_off_says_where_it_ends() -> None:
    text = shaped("lines")
    found = read(text[: text.index("隐患处置及时率")] + "隐患处")
    assert values(found)["/indicators/1/score"] == "20"
    (issue,) = [i for i in found.alignment.issues if i.code == "cut-text"]
    assert issue.severity is Severity.ERROR
    assert "隐患处" in issue.message


def test_figures_glued_together_are_cut_by_the_checks() -> None:
    text = shaped("run").replace("年度资金总额20201810" + "90%9", "年度资金总额210.5210.5110.2510" + "52.38%5.24")
    text = text.replace("总分10097", "总分10093.24").replace(
        "其中:当年财政拨款202018", "其中:当年财政拨款210.5210.5110.25"
    )
    got = values(read(text))
    assert [got[f"/funding/total/{k}"] for k in ("annual_budget", "executed", "weight", "execution_rate", "score")] == [
        "210.5", "110.25", "10", "52.38%", "5.24",
    ]  # fmt: skip


def test_what_no_check_decides_is_in_doubt_with_the_alternative_named() -> None:
    text = shaped("run").replace("实际完成情况检测", "检测").replace("预期目标检测", "预期目标实际完成情况检测")
    text = text.replace("保障安全。检测任务完成。", "保障安全检测任务完成")
    found = read(text)
    assert ("ambiguous-cut", "/goals/expected") in errors(found)


def test_a_check_that_fails_on_paper_moves_no_value() -> None:
    found = read(shaped("run").replace("总分10097", "总分10095"))
    got = values(found)
    assert got["/total/score"] == "95"
    assert [got[f"/indicators/{i}/score"] for i in range(4)] == ["30", "20", "28", "10"]


def test_text_without_a_form_gives_none() -> None:
    assert read_text("关于做好预算执行工作的通知。各单位:\n请按时完成。", FORMS, load_lexicon()) == ()
