from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import InputError, TooLarge
from extract.load import open_document
from extract.load.html import parse
from extract.model import TextPage, TextTable

Shown = str | list[list[tuple[str, int, int]]]


def shown(text: str) -> list[Shown]:
    return [
        [[(c.text, c.row_span, c.col_span) for c in row] for row in block.rows]
        if isinstance(block, TextTable)
        else block
        for block in parse(text)
    ]


def test_paragraphs_and_white_space() -> None:
    text = "<title>t</title><h1>标题 <b>粗</b></h1>\n a\n b<br>c<!-- x -->d<script>e</script><p>f</p>"
    assert shown(text) == ["标题 粗", "a b\ncd", "f"]


def test_spans_and_cells_with_paragraphs() -> None:
    text = "<table><tr><th rowspan=2>甲<p>乙</p></th><td colspan='2'>丙</td></tr><tr><td>&nbsp;<td>丁</table>后"
    assert shown(text) == [[[("甲\n乙", 2, 1), ("丙", 1, 2)], [("", 1, 1), ("丁", 1, 1)]], "后"]


def test_a_layout_table_is_seen_through_and_a_small_inner_one_is_text() -> None:
    inner = "<table><tr><td>1<td>2<tr><td>3<td>4</table>"
    assert shown(f"<table><tr><td>前{inner}</td></tr></table>") == [
        "前",
        [[("1", 1, 1), ("2", 1, 1)], [("3", 1, 1), ("4", 1, 1)]],
    ]
    outer = "<table><tr><td>a<td>b<tr><td>c<td>d<tr><td>e<td><table><tr><td>x<td>y</table></table>"
    assert shown(outer)[0][2] == [("e", 1, 1), ("x y", 1, 1)]


def test_hidden_content_and_choices() -> None:
    text = "<p style='display: none'>a</p><p hidden>b</p><select><option>c<option selected>d</select><input value='e'>"
    assert shown(text) == ["de"]


def test_absurd_spans_are_bounded() -> None:
    assert shown("<table><tr><td colspan=99999999 rowspan=-2>a<td colspan=x>b</table>") == [
        [[("a", 1, 1000), ("b", 1, 1)]]
    ]


def test_declared_charset(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<html><meta charset=gb2312><p>" + "镕绩效".encode("gbk") + b"</p></html>")
    (page,) = open_document(path)
    assert isinstance(page, TextPage)
    assert page.blocks == ("镕绩效",)


def test_entities_do_not_expand() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>x&b;</p>'
    assert sum(len(block) for block in parse(bomb) if isinstance(block, str)) < 80


@given(
    st.lists(
        st.sampled_from(["<table>", "<tr>", "<td>", "</table>", "</td>", "甲", "<p>", "<br>", "<!--", "-->", "&", "<"])
    )
)
def test_any_soup_is_parsed_or_refused(parts: list[str]) -> None:
    with contextlib.suppress(InputError):
        parse("".join(parts))


def test_deep_nesting_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<table><tr><td>" * 5000 + "x")
    with contextlib.suppress(InputError):
        list(open_document(path))


@pytest.mark.parametrize(
    "large",
    ["<!--{}-->", "<img src='data:image/png;base64,{}'>", "<p hidden>{}</p>", "<script>{}</script>"],
    ids=["comment", "picture", "text", "script"],
)
def test_nothing_is_lost_behind_ten_megabytes_in_one_piece(large: str) -> None:
    assert shown("<p>前</p>" + large.format("A" * 10_500_000) + "<p>后</p>") == ["前", "后"]


def test_nothing_is_lost_behind_three_hundred_nested_elements() -> None:
    assert shown("<p>前</p>" + "<div>" * 300 + "深" + "</div>" * 300 + "<p>后</p>") == ["前", "深", "后"]


@pytest.mark.parametrize("mark", ["<div>", "<span>", "<table><tr><td>"])
def test_what_is_nested_too_deep_to_follow_is_refused(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>前</p>" + mark * 3000 + "<p>后</p>", encoding="utf-8")
    with pytest.raises(TooLarge, match="deeper than"):
        list(open_document(path))


def test_six_hundred_nested_tables_are_read_in_a_moment() -> None:
    assert str(shown("<table><tr><td>甲" * 600 + "</td></tr></table>" * 600)).count("甲") == 600


def test_a_nul_is_a_replacement_character() -> None:
    assert shown("<p>1\x002</p>") == ["1\ufffd2"]
