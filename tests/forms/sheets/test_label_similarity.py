"""Which declared label a printed text is."""

import pytest

from extract.forms.sheets.label_similarity import (
    best_similarity,
    is_exact,
    is_label,
    is_piece,
    printed,
    similarities,
    similarity,
    split_inline,
)


def test_the_same_label_but_for_spaces_and_notes() -> None:
    assert similarity("项 目 名 称", "项目名称") == 1
    assert is_exact("项目名称：", ["项目名称"])
    assert is_label("年度资金总额（万元）", ["年度资金总额"])


def test_one_wrong_character_in_four_passes_and_two_do_not() -> None:
    assert is_label("项日名称", ["项目名称"])
    assert not is_label("项日各称", ["项目名称"])
    assert not is_exact("项日名称", ["项目名称"])


def test_short_labels_must_be_exact() -> None:
    assert not is_label("分直", ["分值"])
    assert is_label("分值", ["分值"])


def test_the_nearest_of_several_spellings() -> None:
    assert best_similarity("主管部门", ["实施单位", "主管部门"]) == 1
    assert best_similarity("主管部问", ["实施单位", "主管部门"]) == pytest.approx(0.75)
    assert best_similarity("", ["主管部门"]) == 0
    assert similarities("分值", (("分值",), ("得分",))) == (1.0, similarity("分值", "得分"))


def test_a_piece_stands_letter_by_letter_in_a_label() -> None:
    assert is_piece("名 称", ["项目名称"])
    assert not is_piece("称名", ["项目名称"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("项目名称：窗口业务", "窗口业务"),
        ("项目名称:窗口:业务", "窗口:业务"),
        ("项目名称：", None),
        ("窗口：业务", None),
        ("窗口业务", None),
    ],
)
def test_a_value_behind_its_label_in_one_cell(text: str, value: str | None) -> None:
    assert split_inline(text, ["项目名称"]) == value


def test_a_label_without_the_note_behind_it() -> None:
    assert printed("产出 指标（50分）") == "产出指标"
