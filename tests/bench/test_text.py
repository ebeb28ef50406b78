from __future__ import annotations

from bench.text import markdown, percent


def test_a_percentage_is_never_rounded_up_to_all() -> None:
    assert [percent(x) for x in (100.0, 99.999, 99.8, None)] == ["100", "99.99", "99.80", ""]


def test_columns_line_up() -> None:
    assert markdown(("kind", "n"), [("印章", 1), ("fax", 10)]).splitlines() == [
        "| kind |  n |",
        "| ---- | -: |",
        "| 印章 |  1 |",
        "| fax  | 10 |",
    ]
