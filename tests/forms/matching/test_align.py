from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from extract.forms import load_forms
from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.matching.align import align
from extract.forms.spec import FormSpec
from extract.forms.values.data import data_of
from extract.forms.values.parse import parse
from extract.model import PageContent
from tests.forms.builders import boxed, export, page_of, sheet_of

LEXICON = load_lexicon()
TITLE = "财政项目支出绩效自评表"
HEADER = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]


@pytest.fixture(scope="module")
def form() -> FormSpec:
    return next(f for f in load_forms() if f.id == "project_self_evaluation")


def data(form: FormSpec, *pages: PageContent) -> Any:
    found = align(sheet_of(*pages), form, LEXICON)
    return data_of(form, {m.pointer: parse(m, LEXICON) for m in found.matches}, found.lists)


def issues(form: FormSpec, *pages: PageContent) -> list[str]:
    return [i.code for i in align(sheet_of(*pages), form, LEXICON).issues]


def levels(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(r["level1"], r["level2"], r["level3"]) for r in rows]


def test_single_values_stand_right_of_their_labels(form: FormSpec) -> None:
    found = data(
        form, export(f"{TITLE}\t\t\t\n(2021 年度)\t\t\t\n项目名称\t甲项目\t\t\n主管单位\t乙局\t项目单位\t丙中心")
    )
    assert found["title"] == TITLE
    assert found["fiscal_year"] == 2021
    assert found["project_name"] == "甲项目"
    assert (found["supervising_department"], found["implementing_unit"]) == ("乙局", "丙中心")


def test_label_and_value_in_one_cell(form: FormSpec) -> None:
    found = data(form, page_of(boxed([["项目名称：甲项目"], ["主管部门: 乙局"]]), heading=[TITLE]))
    assert (found["project_name"], found["supervising_department"]) == ("甲项目", "乙局")


def test_a_blank_value_is_null(form: FormSpec) -> None:
    found = data(form, page_of(boxed([["项目名称", "", "主管部门", "乙局"]]), heading=[TITLE]))
    assert found["project_name"] is None
    assert found["supervising_department"] == "乙局"


FUNDING = [
    [
        ("项目资金（万元）", 3, 1),
        "",
        "年初预算数",
        "全年预算数（A）",
        "全年执行数（B）",
        "分值",
        "执行率（B/A）",
        "得分",
    ],
    ["年度资金总额", "6.80", "6.80", "6.70", "10", "98.52%", "9.85"],
    ["其中：当年财政拨款", "6.80", "6.80", "6.70", "—", "", "—"],
]


def test_a_matrix_is_rows_by_columns(form: FormSpec) -> None:
    funding = data(form, page_of(boxed(FUNDING), heading=[TITLE]))["funding"]
    assert funding["currency_unit"] == "万元"
    assert funding["total"]["execution_rate"] == Decimal("98.52")
    assert funding["current_year_appropriation"] == {
        "initial_budget": Decimal("6.8"), "annual_budget": Decimal("6.8"), "executed": Decimal("6.7"),
        "weight": None, "execution_rate": None, "score": None,
    }  # fmt: skip
    assert funding["other"]["executed"] is None


def test_text_below_headings_runs_on_over_a_page(form: FormSpec) -> None:
    first = page_of(boxed([[("年度总体目标", 2, 1), "年初设定目标", "完成情况"], ["甲乙", "丙"]]), heading=[TITLE])
    second = page_of(boxed([["", "丁戊", "己"]], page=2), number=2)
    found = data(form, first, second)["goals"]
    assert found == {"expected": "甲乙丁戊", "actual": "丙己"}


STRAY = f"{TITLE}\t\t\n\t预算目标\t实际完成情况\n年度目标\t设施可靠运行总体，排除隐患。总体良好\t完成"


def test_text_that_may_be_a_piece_of_a_side_label_stays_and_is_said(form: FormSpec) -> None:
    content = export(STRAY)
    assert data(form, content)["goals"]["expected"] == "设施可靠运行总体，排除隐患。总体良好"
    assert issues(form, content) == ["label-in-value"]


def test_a_piece_of_a_side_label_that_the_files_other_forms_print_is_taken_out_and_said(form: FormSpec) -> None:
    sheet = replace(sheet_of(export(STRAY)), siblings=frozenset({"年度总体目标"}))
    found = align(sheet, form, LEXICON)
    assert next(m.text for m in found.matches if m.pointer == "/goals/expected") == "设施可靠运行，排除隐患。总体良好"
    assert [(i.code, i.severity, i.actual) for i in found.issues] == [
        ("label-in-value", "error", "设施可靠运行总体，排除隐患。总体良好")
    ]


def test_an_ending_that_other_labels_hold_is_never_taken_out(form: FormSpec) -> None:
    content = export(f"{TITLE}\t\t\n\t预算目标\t实际完成情况\n年度目标\t提高财政资金使用绩效。\t完成")
    sheet = replace(sheet_of(content), siblings=frozenset({"年度总体目标"}))
    found = align(sheet, form, LEXICON)
    assert next(m.text for m in found.matches if m.pointer == "/goals/expected") == "提高财政资金使用绩效。"


ROWS = [
    [("产出指标", 2, 1), ("数量指标", 2, 1), "甲", ">=3次", "3次", "8", "8", ""],
    ["乙", "=100%", "100%", "8", "6", "未做完"],
    ["效益指标", "社会效益指标", "丙", "提升", "提升", "9", "9", ""],
]


def test_merged_labels_hold_for_their_rows(form: FormSpec) -> None:
    found = data(form, page_of(boxed([HEADER, *ROWS]), heading=[TITLE]))["indicators"]
    assert levels(found) == [
        ("产出指标", "数量指标", "甲"),
        ("产出指标", "数量指标", "乙"),
        ("效益指标", "社会效益指标", "丙"),
    ]
    assert found[1]["deviation_reason"] == "未做完"
    assert found[0]["target_value"] == {"comparator": ">=", "number": Decimal(3), "unit": "次"}


def test_the_total_ends_the_table(form: FormSpec) -> None:
    rows = [HEADER, *ROWS, [("总分", 1, 5), "100", "98", ""], [("评分等级", 1, 2), ("优", 1, 6)]]
    found = data(form, page_of(boxed(rows), heading=[TITLE]))
    assert len(found["indicators"]) == 3
    assert found["total"] == {"weight": 100, "score": 98}
    assert found["rating"] == "优"


def test_header_wordings_and_notes(form: FormSpec) -> None:
    header = ["一级指标", "二级指标", "三级指标", "目标值(A)", "全年实际值（B）", "权重(100)", "得分", "未完成原因分析"]
    found = data(form, page_of(boxed([header, *ROWS]), heading=[TITLE]))["indicators"]
    assert [r["weight"] for r in found] == [8, 8, 9]
    assert [r["actual"] for r in found] == ["3次", "100%", "提升"]


def test_a_misread_header_keeps_its_column(form: FormSpec) -> None:
    header = ["一级指标", "二级指标", "三级指标", "年度指杯", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    found = data(form, page_of(boxed([header, *ROWS]), heading=[TITLE]))["indicators"]
    assert found[0]["target"] == ">=3次"


def test_a_header_of_two_rows(form: FormSpec) -> None:
    top = [(t, 2, 1) for t in HEADER[:3]] + [
        ("年度指标值", 2, 1),
        ("实际完成值", 2, 1),
        ("自评", 1, 2),
        (HEADER[7], 2, 1),
    ]
    found = data(form, page_of(boxed([top, ["分值", "得分"], *ROWS]), heading=[TITLE]))["indicators"]
    assert [(r["weight"], r["score"]) for r in found] == [(8, 8), (8, 6), (9, 9)]


def test_a_row_cut_by_the_page_end_is_one_row(form: FormSpec) -> None:
    first = page_of(
        boxed([HEADER, *ROWS[:2], ["效益指标", "社会效益指标", "很长的", "提", "提", "9", "9", ""]]), heading=[TITLE]
    )
    second = page_of(
        boxed([["", "", "指标名", "升", "升", "", "", ""], ["", "", "丁", "好", "好", "1", "1", ""]], page=2), number=2
    )
    found = data(form, first, second)["indicators"]
    assert [r["level3"] for r in found] == ["甲", "乙", "很长的指标名", "丁"]
    assert found[2]["target"] == "提升"
    assert found[3]["level2"] == "社会效益指标"


def test_the_header_repeated_on_the_next_page_is_no_row(form: FormSpec) -> None:
    first = page_of(boxed([HEADER, *ROWS]), heading=[TITLE])
    second = page_of(
        boxed([HEADER, ["满意度指标", "服务对象满意度指标", "丁", "≥90%", "95%", "10", "10", ""]], page=2), number=2
    )
    found = data(form, first, second)["indicators"]
    assert [r["level3"] for r in found] == ["甲", "乙", "丙", "丁"]


def test_fillers_of_the_empty_form_are_dropped(form: FormSpec) -> None:
    rows = [HEADER, *ROWS, ["", "经济效益指标", "指标1", "", "", "", "", ""], ["", "", "……", "", "", "", "", ""]]
    assert len(data(form, page_of(boxed(rows), heading=[TITLE]))["indicators"]) == 3


EXPORT = f"{TITLE}\t\t\t\t\t\t\t\n绩效指标\t" + "\t".join(HEADER) + "\n"


@pytest.mark.parametrize(
    "row",
    [
        "\t产出指标\t数量指标\t甲\t=1\t1\t6\t6\t",
        "产出指标\t数量指标\t甲\t=1\t1\t6\t6\t\t",
        "\t\t\t产出指标\t数量指标\t甲\t=1\t1\t6\t6",
        "\t\t数量指标\t甲\t=1\t1\t6\t6\t",
        "\t数量指标\t甲\t=1\t1\t6\t6\t\t",
        "\t数量指标\t\t甲\t=1\t1\t6\t6\t",
    ],
)
def test_shifted_rows_of_an_export_find_their_columns(form: FormSpec, row: str) -> None:
    (found,) = data(form, export(EXPORT + row))["indicators"]
    assert (found["level1"], found["level2"], found["level3"]) == ("产出指标", "数量指标", "甲")
    assert (found["target"], found["actual"], found["weight"], found["score"]) == ("=1", "1", 6, 6)


def test_text_that_fits_nowhere_is_said(form: FormSpec) -> None:
    rows = [HEADER, *ROWS, ["", "", "丁", "好", "好", "不是数字", "1", ""]]
    found = align(sheet_of(page_of(boxed(rows), heading=[TITLE])), form, LEXICON)
    score = next(m for m in found.matches if m.pointer == "/indicators/3/weight")
    assert score.text == "不是数字"  # parsing will call it unreadable: it is not dropped


def test_a_missing_wall_between_two_figures(form: FormSpec) -> None:
    from extract.geometry import Box
    from extract.model import Cell, Grid
    from tests.forms.builders import UNIT, line

    grid = boxed([HEADER, *ROWS])
    wide = next(c for c in grid.cells if c.row == 1 and c.col == 5)
    assert wide.box is not None
    box = Box(wide.box.x0, wide.box.y0, wide.box.x1 + UNIT, wide.box.y1)
    lines = (line("8", Box(540, 250, 560, 270)), line("7", Box(640, 250, 660, 270)))
    glued: Cell = replace(wide, col_end=7, box=box, lines=lines)
    cells = [c for c in grid.cells if not (c.row == 1 and c.col in (5, 6))] + [glued]
    page = page_of(Grid(grid.rows, grid.cols, tuple(cells)), heading=[TITLE])
    first = data(form, page)["indicators"][0]
    assert (first["weight"], first["score"]) == (8, 7)


def test_rows_above_a_cut_row_belong_to_the_label_below_the_break(form: FormSpec) -> None:
    top = [
        HEADER,
        *ROWS[:2],
        [("", 2, 1), ("", 2, 1), "丙", "升", "升", "9", "9", ""],
        ["很长的", "提", "提", "", "", ""],
    ]
    below = [
        [("效益指标", 2, 1), ("社会效益指标", 2, 1), "名", "升", "升", "9", "9", ""],
        ["丁", "好", "好", "1", "1", ""],
    ]
    pages = (page_of(boxed(top), heading=[TITLE]), page_of(boxed(below, page=2), number=2))
    found = data(form, *pages)["indicators"]
    assert levels(found) == [
        ("产出指标", "数量指标", "甲"),
        ("产出指标", "数量指标", "乙"),
        ("效益指标", "社会效益指标", "丙"),
        ("效益指标", "社会效益指标", "很长的名"),
        ("效益指标", "社会效益指标", "丁"),
    ]


def test_a_value_cut_by_a_false_wall_is_joined_and_doubted(form: FormSpec) -> None:
    page = page_of(boxed([["项目名称", "甲项", "目"]]), heading=[TITLE])
    assert data(form, page)["project_name"] == "甲项目"
    found = align(sheet_of(page), form, LEXICON).issues
    assert [(i.code, i.pointer) for i in found] == [("unplaced-text", "/project_name")]


def test_a_filler_below_a_page_end_is_not_joined_to_the_row_above(form: FormSpec) -> None:
    first = page_of(boxed([HEADER, *ROWS]), heading=[TITLE])
    second = page_of(boxed([["", "", "……", "", "", "", "", ""]], page=2), number=2)
    assert [r["level3"] for r in data(form, first, second)["indicators"]] == ["甲", "乙", "丙"]


def test_a_value_outside_of_the_table(form: FormSpec) -> None:
    from extract.geometry import Box
    from tests.forms.builders import line

    page = page_of(boxed([["项目名称", "甲"]]), heading=[TITLE])
    below = (line("评分等级", Box(0, 500, 80, 520)), line("优", Box(200, 501, 220, 521)))
    assert data(form, replace(page, free=(*page.free, *below)))["rating"] == "优"


def test_values_behind_ignored_labels_are_left_out_and_others_are_said(form: FormSpec) -> None:
    page = page_of(boxed([["项目名称", "甲", "联系电话", "021-55550000"], ["经办处室", "丙", "", ""]]), heading=[TITLE])
    assert data(form, page)["project_name"] == "甲"
    texts = [i.actual for i in align(sheet_of(page), form, LEXICON).issues if i.code == "unplaced-text"]
    assert texts == ["经办处室", "丙"]


def test_a_worn_bracket_leaves_the_unit_in_doubt(form: FormSpec) -> None:
    rows = [[("项目资金1万元)", 3, 1), *FUNDING[0][1:]], *FUNDING[1:]]
    page = page_of(boxed(rows), heading=[TITLE])
    assert data(form, page)["funding"]["currency_unit"] == "万元"
    assert ("low-confidence", "/funding/currency_unit") in [
        (i.code, i.pointer) for i in align(sheet_of(page), form, LEXICON).issues
    ]


def test_a_wall_lost_in_the_header_and_below_it(form: FormSpec) -> None:
    from extract.geometry import Box
    from extract.model import Grid
    from tests.forms.builders import UNIT, line

    grid = boxed([HEADER, *ROWS])
    texts = {0: ("实际完成值", "分值"), 1: ("3次", "8"), 2: ("100%", "8"), 3: ("提升", "9")}
    cells = [c for c in grid.cells if c.col not in (4, 5)]
    for row, (left, right) in texts.items():
        box = next(c.box for c in grid.cells if c.row == row and c.col == 4)
        assert box is not None
        pieces = (
            line(left, Box(box.x0 + 10, box.y0 + 10, box.x0 + 90, box.y0 + 30)),
            line(right, Box(box.x1 + 30, box.y0 + 10, box.x1 + 70, box.y0 + 30)),
        )
        wide = Box(box.x0, box.y0, box.x1 + UNIT, box.y1)
        cells.append(replace(grid.cells[0], row=row, row_end=row + 1, col=4, col_end=6, box=wide, lines=pieces))
    found = data(form, page_of(Grid(grid.rows, grid.cols, tuple(cells)), heading=[TITLE]))["indicators"]
    assert [(r["actual"], r["weight"], r["score"]) for r in found] == [("3次", 8, 8), ("100%", 8, 6), ("提升", 9, 9)]


def test_walls_lost_between_rows_of_one_column(form: FormSpec) -> None:
    from extract.geometry import Box
    from extract.model import Grid

    grid = boxed([HEADER, *ROWS])
    lost = [c for c in grid.cells if c.col == 2 and c.row in (1, 2, 3)]
    boxes = [c.box for c in lost if c.box]
    glued = replace(lost[0], row_end=4, box=Box.around(boxes), lines=tuple(x for c in lost for x in c.lines))
    page = page_of(Grid(grid.rows, grid.cols, (*(c for c in grid.cells if c not in lost), glued)), heading=[TITLE])
    assert [r["level3"] for r in data(form, page)["indicators"]] == ["甲", "乙", "丙"]
    assert {i.pointer for i in align(sheet_of(page), form, LEXICON).issues} == {
        f"/indicators/{k}/level3" for k in range(3)
    }
