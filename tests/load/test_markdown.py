from __future__ import annotations

import pytest

from extract.load.markdown import is_ruler, plain, split_pipes, strip_heading


@pytest.mark.parametrize(
    ("marked", "bare"),
    [
        ("**总分**", "总分"),
        ("共**29000**家", "共29000家"),
        ("*甲*", "甲"),
        ("5*3*2", "5*3*2"),
        ("a_b_c", "a_b_c"),
        ("__甲__", "甲"),
        ("~~旧~~新", "旧新"),
        ("`码`", "码"),
        ("甲<br/>乙", "甲\n乙"),
        (r"\*甲\*", "*甲*"),
        ("``a`b``c", "``a`b``c"),
        ("`" * 300_000, "`" * 300_000),
        ("** 甲", "** 甲"),
        (">=90%", ">=90%"),
    ],
)
def test_plain(marked: str, bare: str) -> None:
    assert plain(marked) == bare


def test_pipes_rulers_and_headings() -> None:
    assert split_pipes(r" | a | b\|c || ") == ["a", "b|c", ""]
    assert is_ruler("|---|:-:|")
    assert not is_ruler("| - | 1 |")
    assert strip_heading("### 题目 ###") == "题目"
    assert strip_heading("#1 号") == "#1 号"
    assert strip_heading("## 一 #2") == "一 #2"
    assert strip_heading("# ##") == ""


def test_a_heading_with_a_long_gap_is_read_at_once() -> None:
    """A pattern that tried every place of the gap would take hours."""
    line = "x" + " " * 300_000 + "y"
    assert strip_heading(f"# {line}") == line
