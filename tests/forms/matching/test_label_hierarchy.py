from __future__ import annotations

from extract.forms.matching.label_hierarchy import Hierarchy, resolve
from extract.forms.sheets.sheet import Slot
from extract.forms.spec import GroupSpec
from extract.model import Cell, Origin

HIERARCHY = Hierarchy(
    (
        GroupSpec("产出指标", ("产出指标",), (("数量指标",), ("质量指标",), ("成本指标",))),
        GroupSpec("效益指标", ("效益指标",), (("社会效益指标",), ("可持续影响指标",))),
        GroupSpec("满意度指标", ("满意度指标", "满意度"), (("服务对象满意度指标", "满意度指标"),)),
        GroupSpec("成本指标", ("成本指标",), (("经济成本指标",),)),
    )
)


def slot(text: str, row: int) -> Slot:
    return Slot(Cell(row, 0, row + 1, 1), text, 0, 1, True)


def rows(*pairs: tuple[str, str]) -> list[dict[int, Slot]]:
    return [{1: slot(a, i), 2: slot(b, i)} for i, (a, b) in enumerate(pairs)]


def words(found: tuple[dict[int, Slot], ...]) -> list[tuple[str | None, str | None]]:
    return [(f[1].text, f[2].text) for f in found]


def test_blank_labels_are_inherited_from_above() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("", ""), ("", "质量指标")), (), HIERARCHY, boxed=False)
    assert words(found) == [("产出指标", "数量指标"), ("产出指标", "数量指标"), ("产出指标", "质量指标")]
    assert found[1][2].origin is Origin.INHERITED


def test_the_group_of_a_label_is_known_where_its_own_cell_is_lost() -> None:
    found = resolve(
        rows(("", "数量指标"), ("", "社会效益指标"), ("效益指标", "可持续影响指标")), (), HIERARCHY, boxed=False
    )
    assert [w[0] for w in words(found)] == ["产出指标", "效益指标", "效益指标"]


def test_a_label_cut_by_a_page_end_is_joined() -> None:
    found = resolve(rows(("满意", "服务"), ("度指标", "对象满意度指标")), (1,), HIERARCHY, boxed=False)
    assert words(found) == [("满意度指标", "服务对象满意度指标")] * 2
    assert found[0][1].origin is Origin.REPAIRED
    assert found[0][1].issue == "restored-label"


def test_whole_labels_below_one_another_are_not_joined() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("效益指标", "社会效益指标")), (1,), HIERARCHY, boxed=True)
    assert words(found) == [("产出指标", "数量指标"), ("效益指标", "社会效益指标")]


def test_the_blank_half_of_a_merged_cell_takes_the_label_below_the_break() -> None:
    blank = slot("", 1)
    table = [{1: slot("产出指标", 0), 2: slot("数量指标", 0)}, {1: blank, 2: slot("社会效益指标", 1)}]
    table.append({1: slot("效益指标", 2), 2: slot("可持续影响指标", 2)})
    found = resolve(table, (2,), HIERARCHY, boxed=True)
    assert [w[0] for w in words(found)] == ["产出指标", "效益指标", "效益指标"]


def test_a_child_in_its_parents_column_goes_back() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("成本指标", "")), (), HIERARCHY, boxed=False)
    assert words(found)[1] == ("产出指标", "成本指标")


def test_a_group_of_the_same_name_stays_where_its_children_follow() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("成本指标", "经济成本指标")), (), HIERARCHY, boxed=False)
    assert words(found)[1] == ("成本指标", "经济成本指标")


def test_rows_of_a_merged_cell_point_at_it() -> None:
    merged = slot("产出指标", 0)
    table = [{1: merged, 2: slot("数量指标", 0)}, {1: merged, 2: slot("质量指标", 1)}]
    found = resolve(table, (), HIERARCHY, boxed=True)
    assert found[0][1].origin is None
    assert found[1][1].origin is Origin.INHERITED
    assert found[1][1].cells == (merged.cell,)


def test_an_unknown_word_is_kept_and_flagged() -> None:
    found = resolve(rows(("甲乙丙丁戊", "数量指标")), (), HIERARCHY, boxed=True)
    assert found[0][1].text == "甲乙丙丁戊"
    assert found[0][1].issue == "unknown-label"


def test_a_misread_label_becomes_the_declared_word() -> None:
    found = resolve(rows(("产出指杯", "数量指标")), (), HIERARCHY, boxed=True)
    assert found[0][1].text == "产出指标"
    assert found[0][1].origin is Origin.REPAIRED


def test_no_label_is_carried_into_another_group() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("效益指标", "")), (), HIERARCHY, boxed=True)
    assert found[1][2].text is None
    assert found[1][2].issue == "unknown-label"


def test_a_blank_cell_of_its_own_makes_the_inherited_label_a_doubt() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("", "质量指标"), ("", "质量指标")), (), HIERARCHY, boxed=True)
    assert found[1][1].text == "产出指标"
    assert found[1][1].issue == "doubtful-label"


def test_a_blank_cell_below_a_page_end_continues_the_one_above() -> None:
    found = resolve(rows(("产出指标", "数量指标"), ("", "质量指标")), (1,), HIERARCHY, boxed=True)
    assert found[1][1].text == "产出指标"
    assert found[1][1].issue is None


def test_notes_and_specks_are_no_part_of_a_label() -> None:
    found = resolve(rows(("产出指标(50分)", "数量指标-")), (), HIERARCHY, boxed=True)
    assert words(found) == [("产出指标", "数量指标")]
