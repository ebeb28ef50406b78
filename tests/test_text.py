from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.text import fold, is_sane, join, label_key, strip_notes


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("（２０２１ 年度）", "(2021 年度)"),
        ("信息化 经费", "信息化经费"),
        ("1 份年度运 维总结报告", "1 份年度运维总结报告"),
        ("=0　次", "=0 次"),
        ("≥90%", "≥90%"),
        ("通过购买服务, 出具", "通过购买服务, 出具"),
        ("ＯＡ平台：甲，乙", "OA平台：甲，乙"),
    ],
)
def test_fold(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_lines_join_without_a_space_but_between_latin_words() -> None:
    assert join(["可持续影", "响指标"]) == "可持续影响指标"
    assert join(["802257.", "18"]) == "802257.18"
    assert join(["cloud", "office"]) == "cloud office"


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("全年执行数（B）", "全年执行数"),
        ("执行率（B/A）", "执行率"),
        ("执行率(%)", "执行率"),
        ("年度资金总额：", "年度资金总额"),
        ("年度 总体 目标", "年度总体目标"),
        ("产出指标(50分)", "产出指标"),
        ("其中：当年财政拨款", "其中当年财政拨款"),
        ("指标值A", "指标值"),
    ],
)
def test_label_keys(printed: str, key: str) -> None:
    assert label_key(printed) == key


def test_notes_are_stripped_and_a_text_that_is_all_note_stays() -> None:
    assert strip_notes("分值(100)") == "分值"
    assert strip_notes("(2021年度)") == "(2021年度)"


def test_sane_characters() -> None:
    assert all(is_sane(char) for char in "好9%≥ \t\n\u3000\u200b\ufeff\U00020bb7")
    assert not any(is_sane(char) for char in "\0\x02\x9b\ufffd\ue000\ud800\uffff\u202e\u2066\u00ad")
