"""Scores of text exports against a truth written by hand."""

from __future__ import annotations

import json
from pathlib import Path

from bench.texts import report, score_text
from extract.forms.declaration.loader import load_forms
from extract.pipeline import Pipeline
from extract.settings.defaults import Settings

HEADER = "采购意向公开\n序号\n采购项目名称\n采购需求概况\n预算金额(万元)\n预计采购时间\n备注\n"
TEXT = HEADER + "1\n绿化养护\n公园绿地\n36\n2026年4月\n无\n"
RIGHT = {
    "/title": "采购意向公开",
    "/currency_unit": "万元",
    "/items/0/number": 1,
    "/items/0/project_name": "绿化养护",
    "/items/0/overview": "公园绿地",
    "/items/0/budget": 36,
    "/items/0/expected_time": "2026年4月",
    "/items/0/remark": "无",
}


def truth(folder: Path, values: dict[str, object]) -> Path:
    (folder / "a.txt").write_text(TEXT, "utf-8")
    file = folder / "a.json"
    forms = [{"form": "procurement_intention", "values": values}]
    file.write_text(json.dumps({"text": str(folder / "a.txt"), "forms": forms}), "utf-8")
    return file


def test_a_text_read_right(tmp_path: Path) -> None:
    score = score_text(Pipeline(load_forms(), Settings()), truth(tmp_path, RIGHT))
    assert (score.values, score.right, score.rows, score.rows_right, score.wrong) == (8, 8, 1, 1, 0)


def test_a_wrong_value_without_an_issue_is_named(tmp_path: Path) -> None:
    file = truth(tmp_path, {**RIGHT, "/items/0/budget": 63})
    score = score_text(Pipeline(load_forms(), Settings()), file)
    assert (score.right, score.rows_right, score.wrong) == (7, 0, 1)
    assert score.silent == ("/items/0/budget",)
    assert "a /items/0/budget" in report(tmp_path)


def test_a_value_that_was_not_read_is_not_wrong(tmp_path: Path) -> None:
    file = truth(tmp_path, {**RIGHT, "/items/1/project_name": "道路养护"})
    score = score_text(Pipeline(load_forms(), Settings()), file)
    assert (score.values, score.right, score.wrong) == (9, 8, 0)
