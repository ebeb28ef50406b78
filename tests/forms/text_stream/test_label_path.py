"""Labels in a text: which places of them make a form."""

from __future__ import annotations

from extract.forms.declaration.loader import load_forms
from extract.forms.text_stream.grammar import Grammar
from extract.forms.text_stream.hits import find_hits
from extract.forms.text_stream.label_path import best_path
from extract.forms.text_stream.stream import stream_of

GRAMMAR = Grammar(next(f for f in load_forms() if f.id == "project_self_evaluation"))


def labels(text: str) -> list[tuple[str, str]]:
    """Kind and printed text of each label on the best path."""
    stream = stream_of(text)
    path = best_path(stream, find_hits(stream, GRAMMAR, fuzzy=True), GRAMMAR)
    return [(s.hit.word.symbol.kind.value, stream.piece(s.hit.start, s.hit.core)) for s in path.steps]


def test_a_header_is_one_chain_and_a_word_in_a_sentence_is_no_label() -> None:
    text = "项目名称桥梁检测一级指标二级指标三级指标年度指标值实际完成值分值得分产出指标数量指标得分率达标100%100%5"
    assert labels(text) == [
        ("field", "项目名称"),
        ("column", "一级指标"),
        ("column", "二级指标"),
        ("column", "三级指标"),
        ("column", "年度指标值"),
        ("column", "实际完成值"),
        ("column", "分值"),
        ("column", "得分"),
        ("level1", "产出指标"),
        ("level2", "数量指标"),
    ]


def test_the_longer_label_is_meant() -> None:
    assert labels("一级指标二级指标三级指标年度指标值满意度指标服务对象满意度指标群众满意度≥90%")[-2:] == [
        ("level1", "满意度指标"),
        ("level2", "服务对象满意度指标"),
    ]


def test_a_label_before_a_comma_is_part_of_a_sentence() -> None:
    assert labels("项目名称甲主管部门乙实施单位丙,按照年初设定目标,全部完成")[-1] == ("field", "实施单位")


def test_a_label_may_be_numbered_noted_and_broken() -> None:
    stream = stream_of("2. 项目 名称(盖章):甲")
    (hit,) = [h for h in find_hits(stream, GRAMMAR, fuzzy=False) if h.word.label == "项目名称"]
    assert (hit.start, hit.note, stream.text[hit.end :]) == (0, "盖章", "甲")


def test_letters_stand_for_a_misread_character() -> None:
    stream = stream_of("项Fl资金(万元)年初预算数全年预算数")
    hits = [h for h in find_hits(stream, GRAMMAR, fuzzy=True) if h.word.label == "项目资金"]
    assert [(h.start, h.errors, h.note) for h in hits] == [(0, 1, "万元")]
