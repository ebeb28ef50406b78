"""Values in brackets behind labels are said where they are not taken."""

from dataclasses import replace

from extract.forms.declaration.loader import load_forms
from extract.forms.matching.bracket_notes import unread_notes
from extract.forms.sheets.sheet import Sheet
from extract.forms.spec import FormSpec
from extract.model import Cell, Grid, TextLine

FORMS = {form.id: form for form in load_forms()}


def sheet(*words: str) -> Sheet:
    cells = tuple(Cell(0, i, 1, i + 1, None, (TextLine(word),)) for i, word in enumerate(words))
    return Sheet((), Grid(1, len(cells), cells), None, (), (), (1,))


def said(form: FormSpec, found: set[str], *words: str) -> list[tuple[str, str | None]]:
    return [(issue.pointer, issue.actual) for issue in unread_notes(sheet(*words), form, found)]


def test_a_weight_inside_of_a_level_is_said() -> None:
    beijing = FORMS["project_self_evaluation_beijing"]
    assert said(beijing, set(), "产出指标(50分)", "数量指标") == [("/indicators", "产出指标(50分)")]
    assert said(beijing, {"/indicators/0/level1_weight"}, "产出指标(50分)") == []
    assert said(beijing, set(), "产出指标", "≥2021(年)", "完成10(次)") == []


def test_a_note_behind_its_label_is_said() -> None:
    sichuan = FORMS["project_self_evaluation_sichuan"]
    assert ("/funding_weight", "预算执行情况(10分)") in said(sichuan, set(), "预算执行情况(10分)")
    assert said(sichuan, {"/funding_weight"}, "预算执行情况(10分)") == []
    assert said(sichuan, set(), "预算执行情况") == []


def test_a_form_without_such_values_says_nothing() -> None:
    base = FORMS["project_self_evaluation"]
    plain = replace(base, fields=tuple(f for f in base.fields if f.place.value != "note"))
    assert said(plain, set(), "产出指标(50分)", "项目名称(全称)") == []
