"""The driver of the forms stage keeps what each of its steps gave."""

from __future__ import annotations

from extract.forms import FormReader, Scan, load_forms
from extract.forms.declaration.lexicon import load_lexicon
from extract.geometry import Box
from extract.model import Source
from extract.settings.defaults import Settings
from tests.forms.builders import boxed, page_of

SCAN = Scan(Source("a.png", "0" * 64), {"ocr": "none", "extract": "0"}, {})
HEADER = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
ROWS = [
    [("项目名称", 1, 2), ("甲项目", 1, 2), ("主管部门", 1, 2), ("乙局", 1, 2)],
    HEADER,
    ["产出指标", "数量指标", "甲", "3次", "3次", "8", "8", ""],
]


def test_a_trace_names_form_labels_columns_matches_and_values() -> None:
    reader = FormReader(load_forms(), Settings(), load_lexicon())
    page = page_of(boxed(ROWS), heading=["财政项目支出绩效自评表"])
    (sheet,) = reader.trace([page], SCAN)
    assert sheet.scores[0].form.id == "project_self_evaluation"
    assert sheet.reading is not None
    found = sheet.reading.alignment
    assert [(x.pointer, x.text, x.box) for x in found.labels] == [
        ("/project_name", "项目名称", Box(0, 200, 200, 240)),
        ("/supervising_department", "主管部门", Box(400, 200, 600, 240)),
    ]
    assert [x.pointer for x in found.columns] == [
        f"/indicators/{key}"
        for key in ("level1", "level2", "level3", "target", "actual", "weight", "score", "deviation_reason")
    ]
    assert found.columns[5].box == Box(500, 240, 600, 280)
    assert sheet.reading.values["/indicators/0/weight"].data == 8
    assert sheet.reading.record.data["project_name"] == "甲项目"
    assert {check.id for check in sheet.reading.checks} == {c.id for c in sheet.reading.form.checks}


def test_a_sheet_that_is_no_form_is_in_the_trace_without_a_reading() -> None:
    reader = FormReader(load_forms(), Settings(), load_lexicon())
    (sheet,) = reader.trace([page_of(boxed([["甲", "乙"]]))], SCAN)
    assert (sheet.scores, sheet.reading) == ((), None)
