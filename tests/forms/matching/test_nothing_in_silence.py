"""Whatever is printed is a value, a label, or an issue: the loser of two readings is never dropped without a word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extract.forms.spec import FormSpec
from extract.forms.values.parse import State, parse
from extract.geometry import Box
from tests.forms.builders import boxed, line, page_of
from tests.forms.declared import LEXICON, data, declared, issues, matched

TITLE = "登记自评表"

UNITS = """
[[field]]
key = "unit"
labels = ["单位"]
type = "text"

[[matrix]]
key = "money"
labels = ["资金"]
unit = { key = "currency", values = ["元", "万元"] }
  [[matrix.row]]
  key = "total"
  labels = ["总额"]
  [[matrix.column]]
  key = "budget"
  labels = ["预算数"]
  type = "amount"
  [[matrix.column]]
  key = "spent"
  labels = ["支出数"]
  type = "amount"
"""


def test_the_unit_of_money_above_the_table_is_not_the_unit_in_the_table(tmp_path: Path) -> None:
    rows = [
        [("单位", 1, 1), ("市水利局", 1, 2)],
        ["资金", "预算数", "支出数"],
        ["总额", "12", "11"],
    ]
    form, page = declared(tmp_path, UNITS), page_of(boxed(rows), heading=[TITLE, "单位：万元"])
    assert data(form, page) == {
        "unit": "市水利局",
        "money": {"currency": "万元", "total": {"budget": 12, "spent": 11}},
    }
    assert issues(form, page) == []


PERSON = """
ignore = ["备注"]
[identify]
titles = ["登记自评表"]
labels = ["姓名"]

[[field]]
key = "name"
labels = ["姓名"]
type = "text"

[[field]]
key = "phone"
labels = ["电话"]
type = "text"

[[field]]
key = "date"
labels = ["日期"]
type = "date"

[[field]]
key = "year"
place = "heading"
type = "year"
"""
PERSON_HEAD = 'id = "probe"\nversion = "1.0.0"\nname = "登记表"\n'


@pytest.fixture
def person(tmp_path: Path) -> FormSpec:
    return declared(tmp_path, PERSON, PERSON_HEAD)


def test_of_two_dates_the_second_is_said(person: FormSpec) -> None:
    page = page_of(boxed([["日期", "2024-03-01", "姓名", "冯军"], ["日期", "2024-05-09", "", ""]]), heading=[TITLE])
    assert data(person, page)["date"] == "2024-03-01"
    assert issues(person, page) == [("second-value", "/date", "2024-05-09")]


def test_the_same_date_twice_is_no_doubt(person: FormSpec) -> None:
    page = page_of(boxed([["日期", "2024-03-01", "姓名", "冯军"], ["日期", "2024-03-01", "", ""]]), heading=[TITLE])
    assert issues(person, page) == []


def test_two_years_on_one_form_are_said(person: FormSpec) -> None:
    page = page_of(boxed([["姓名", "冯军"]]), heading=[f"2023年{TITLE}", "（2024年度）"])
    assert data(person, page)["year"] == 2024
    assert issues(person, page) == [("second-value", "/year", "2023")]


def test_the_year_of_a_date_is_no_second_year(person: FormSpec) -> None:
    page = page_of(boxed([["姓名", "冯军"]]), heading=[TITLE, "（2024年度）", "2025年 月 日"])
    assert data(person, page)["year"] == 2024
    assert issues(person, page) == []


def test_a_declared_label_within_a_value_begins_another(person: FormSpec) -> None:
    page = page_of(boxed([["姓名", "冯军 电话：85521036"]]), heading=[TITLE])
    assert (data(person, page)["name"], data(person, page)["phone"]) == ("冯军", "85521036")
    assert issues(person, page) == []


def test_a_label_that_does_not_stand_apart_is_said(person: FormSpec) -> None:
    page = page_of(boxed([["姓名", "冯军电话：85521036"]]), heading=[TITLE])
    assert data(person, page)["name"] == "冯军电话：85521036"
    assert issues(person, page) == [("label-in-value", "/name", "冯军电话：85521036")]


def test_an_undeclared_label_within_a_value_is_said(person: FormSpec) -> None:
    page = page_of(boxed([["姓名", "冯军 身份证编码：330102"]]), heading=[TITLE])
    assert issues(person, page) == [("label-in-value", "/name", "冯军身份证编码：330102")]


def test_what_stands_behind_an_ignored_label_is_not_wanted(person: FormSpec) -> None:
    page = page_of(boxed([["姓名", "冯军 备注：无"]]), heading=[TITLE])
    assert data(person, page)["name"] == "冯军"
    assert issues(person, page) == []


AMOUNTS = """
[[field]]
key = "in_words"
labels = ["金额（大写）"]
type = "text"

[[field]]
key = "in_figures"
labels = ["金额（小写）"]
type = "amount"
"""


def test_labels_that_differ_in_their_notes_are_two(tmp_path: Path) -> None:
    form = declared(tmp_path, AMOUNTS)
    page = page_of(boxed([["金额(大写)", "叁佰元整", "金额（小写）", "300.00"]]), heading=[TITLE])
    assert data(form, page) == {"in_words": "叁佰元整", "in_figures": 300}
    assert issues(form, page) == []


def test_a_note_that_is_not_the_declared_one_makes_another_label(tmp_path: Path) -> None:
    form = declared(tmp_path, AMOUNTS.split('[[field]]\nkey = "in_figures"')[0])
    page = page_of(boxed([["金额（大写）", "叁佰元整"], ["金额（小写）", "300.00"]]), heading=[TITLE])
    assert data(form, page) == {"in_words": "叁佰元整"}
    assert [code for code, _, _ in issues(form, page)] == ["unplaced-text", "unplaced-text"]


LIST = """
[[table]]
key = "{key}"
  [[table.column]]
  key = "name"
  labels = ["品名"]
  type = "text"
  [[table.column]]
  key = "note"
  labels = ["规格"]
  type = "text"
  [[table.column]]
  key = "sum"
  labels = ["金额"]
  type = "amount"
"""
FOOTER = """
  [table.footer]
  key = "total"
  labels = ["累计"]
  columns = ["sum"]
"""
HEADER = ["品名", "规格", "金额"]


def test_a_total_on_every_page_leaves_a_doubt_and_the_last_one(tmp_path: Path) -> None:
    form = declared(tmp_path, LIST.format(key="goods") + FOOTER)
    first = page_of(boxed([HEADER, ["纸", "A4", "10"], [("累计", 1, 2), "10"]]), heading=[TITLE])
    second = page_of(boxed([HEADER, ["笔", "黑", "5"], [("累计", 1, 2), "15"]], page=2), number=2)
    found = data(form, first, second)
    assert [row["name"] for row in found["goods"]] == ["纸", "笔"]
    assert found["total"] == {"sum": 15}
    assert issues(form, first, second) == [("second-value", "/total/sum", "10")]


def test_two_lists_with_one_header_take_their_own_rows(tmp_path: Path) -> None:
    form = declared(tmp_path, LIST.format(key="bought") + LIST.format(key="sold"))
    rows = [HEADER, ["纸", "A4", "10"], HEADER, ["笔", "黑", "5"]]
    found = data(form, page_of(boxed(rows), heading=[TITLE]))
    assert [row["name"] for row in found["bought"]] == ["纸"]
    assert [row["name"] for row in found["sold"]] == ["笔"]


def test_a_header_that_a_page_end_repeats_goes_on_with_its_list(tmp_path: Path) -> None:
    form = declared(tmp_path, LIST.format(key="bought") + LIST.format(key="sold"))
    first = page_of(boxed([HEADER, ["纸", "A4", "10"]]), heading=[TITLE])
    second = page_of(boxed([HEADER, ["笔", "黑", "5"]], page=2), number=2)
    assert [row["name"] for row in data(form, first, second)["bought"]] == ["纸", "笔"]


def test_a_paragraph_below_a_misread_closing_label_is_no_row(tmp_path: Path) -> None:
    form = declared(tmp_path, '[[side]]\nlabels = ["填写须知"]\n' + LIST.format(key="goods"))
    rows = [HEADER, ["纸", "A4", "10"], [("填与须如", 1, 3)], [("本表一式两份，由经办人保存。", 1, 3)]]
    page = page_of(boxed(rows), heading=[TITLE])
    assert [(code, text) for code, _, text in issues(form, page)] == [
        ("spanning-cell", "填与须如"),
        ("spanning-cell", "本表一式两份，由经办人保存。"),
    ]


def test_a_last_row_whose_label_is_nearly_the_totals_is_doubted(tmp_path: Path) -> None:
    form = declared(tmp_path, LIST.format(key="goods") + FOOTER)
    page = page_of(boxed([HEADER, ["纸", "A4", "10"], ["累汁", "", "10"]]), heading=[TITLE])
    assert issues(form, page) == [("low-confidence", "/goods/1", "累汁")]


def test_a_row_below_the_last_rule_is_said(tmp_path: Path) -> None:
    form = declared(tmp_path, LIST.format(key="goods"))
    page = page_of(boxed([HEADER, ["纸", "A4", "10"]]), heading=[TITLE])
    lost = [line(t, Box(x, 290, x + 60, 310)) for t, x in (("笔", 20.0), ("黑", 120.0), ("5", 220.0))]
    number = line("第 1 页 共 2 页", Box(120, 900, 220, 920))
    assert issues(form, replace(page, free=(*page.free, *lost, number))) == [("unplaced-text", "", "5")]


def test_a_row_whose_ink_could_not_be_read_is_a_row(tmp_path: Path) -> None:
    form = declared(tmp_path, LIST.format(key="goods"))
    grid = boxed([HEADER, ["纸", "A4", "10"], ["甲", "乙", "丙"]])
    unread = tuple(replace(c, lines=tuple(replace(x, text="", chars=()) for x in c.lines)) if c.row == 2 else c
                   for c in grid.cells)  # fmt: skip
    page = page_of(replace(grid, cells=unread), heading=[TITLE])
    found = matched(form, page)
    assert found.lists == {"goods": 2}
    values = {m.pointer: parse(m, LEXICON) for m in found.matches}
    assert values["/goods/1/sum"].state is State.UNREADABLE


TWO_HALVES = """
[[matrix]]
key = "{key}"
labels = ["{label}"]
  [[matrix.row]]
  key = "a"
  labels = ["{a}"]
  [[matrix.row]]
  key = "b"
  labels = ["其他"]
  [[matrix.column]]
  key = "amount"
  labels = ["预算数"]
  type = "amount"
"""


def test_a_table_of_two_halves_is_two_matrices(tmp_path: Path) -> None:
    income = TWO_HALVES.format(key="income", label="收入", a="财政拨款")
    outlay = TWO_HALVES.format(key="outlay", label="支出", a="人员经费")
    rows = [
        ["收入", "预算数", "支出", "预算数"],
        ["财政拨款", "100", "人员经费", "60"],
        ["", "", "其他", "40"],
    ]
    page = page_of(boxed(rows), heading=[TITLE])
    for form in (declared(tmp_path, income + outlay), declared(tmp_path, outlay + income)):
        assert data(form, page) == {
            "income": {"a": {"amount": 100}, "b": {"amount": None}},
            "outlay": {"a": {"amount": 60}, "b": {"amount": 40}},
        }
        assert issues(form, page) == []


def test_the_right_half_that_is_not_declared_is_said(tmp_path: Path) -> None:
    form = declared(tmp_path, TWO_HALVES.format(key="income", label="收入", a="财政拨款"))
    rows = [["收入", "预算数", "支出", "预算数"], ["财政拨款", "100", "人员经费", "60"], ["", "", "其他", "40"]]
    page = page_of(boxed(rows), heading=[TITLE])
    assert data(form, page) == {"income": {"a": {"amount": 100}, "b": {"amount": None}}}
    said = [text for code, _, text in issues(form, page) if code == "unplaced-text"]
    assert {"人员经费", "60", "40"} <= set(said)
