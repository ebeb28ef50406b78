from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.matching.match import Match
from extract.forms.spec import ValueType
from extract.forms.values.parse import State, choice, number, parse, plain, quantity
from extract.model import TextLine

LEXICON = load_lexicon()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6,261,700", "6261700"),
        ("802257.18", "802257.18"),
        ("10.00", "10"),
        ("６．８", "6.8"),
        ("６.８0", "6.8"),
        ("0", "0"),
        ("-3.5", "-3.5"),
        ("27.9万元", "27.9"),
        ("10分", "10"),
        ("1 234 567", "1234567"),
        ("10 10", None),
        ("1O", None),
        ("1,23", None),
        ("3.", None),
        ("", None),
    ],
)
def test_numbers(text: str, value: str | None) -> None:
    found = number(text, LEXICON)
    assert (str(plain(found)) if found is not None else None) == value


def test_a_percentage_is_kept_as_printed() -> None:
    assert number("98.52%", LEXICON, percent=True) == Decimal("98.52")
    assert number("98.52%", LEXICON) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (">=29000家", (">=", "29000", "家")),
        ("≥90.00(%)", (">=", "90", "%")),
        ("=100%", ("=", "100", "%")),
        ("3146", (None, "3146", None)),
        ("<2小时", ("<", "2", "小时")),
        ("=0 次", ("=", "0", "次")),
        ("80百分比", (None, "80", "百分比")),
        ("及时", None),
        ("2 小时内", None),
        ("1 份年度运维总结报告", None),
        ("2022年12月31日时间", None),
        ("80%-90%", None),
    ],
)
def test_quantities(text: str, parts: tuple[str | None, str, str | None] | None) -> None:
    found = quantity(text, LEXICON)
    if parts is None:
        assert found is None
    else:
        assert found == {"comparator": parts[0], "number": Decimal(parts[1]), "unit": parts[2]}


@given(st.text(max_size=12))
def test_any_text_is_a_value_or_none(text: str) -> None:
    for kind in ValueType:
        value = parse(Match("/x", kind, text, (TextLine(text),)), LEXICON)
        assert (value.state is State.READ) == (value.data is not None)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=3))
def test_printed_numbers_come_back(value: Decimal) -> None:
    assert number(f"{value:,}", LEXICON) == value
    assert number(format(value, "f"), LEXICON) == value
    assert "E" not in str(plain(value))


def test_dashes_are_blank_and_ink_without_text_is_unreadable() -> None:
    assert parse(Match("/x", ValueType.SCORE, "—"), LEXICON).state is State.BLANK
    assert parse(Match("/x", ValueType.SCORE, ""), LEXICON).state is State.BLANK
    inked = Match("/x", ValueType.SCORE, "", (TextLine("", confidence=0.0),))
    assert parse(inked, LEXICON).state is State.UNREADABLE


def test_a_choice_is_one_of_its_words() -> None:
    match = Match("/x", ValueType.CHOICE, " 优 ", values=("优", "良"))
    assert parse(match, LEXICON).data == "优"
    assert parse(Match("/x", ValueType.CHOICE, "忧", values=("优", "良")), LEXICON).state is State.UNREADABLE


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("□新增 ☑延续", "延续"),
        ("新增□ 延续√", "延续"),
        ("1、新增☑ 2、延续□", "新增"),
        ("□新增 □延续", ""),
        ("新增□延续□", ""),
        ("☑新增 ☑延续", None),
        ("新增", "新增"),
        ("√延续", "延续"),
    ],
)
def test_a_choice_is_the_ticked_word(text: str, chosen: str | None) -> None:
    assert choice(text, ("新增", "延续")) == chosen


def test_a_cell_that_holds_the_forms_own_instruction_is_blank() -> None:
    match = Match("/conclusion", ValueType.TEXT, "说明项目取得的成效。（200字以内）")
    assert parse(match, load_lexicon()).state is State.BLANK


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021年3月1日", "2021-03-01"),
        ("2024-02-29", "2024-02-29"),
        ("2021-13-45", None),
        ("2021-02-31", None),
        ("2023.2.29", None),
        ("2021-00-10", None),
    ],
)
def test_a_date_is_one_that_the_calendar_has(text: str, date: str | None) -> None:
    value = parse(Match("/x", ValueType.DATE, text, (TextLine(text),)), LEXICON)
    assert (value.state, value.data) == (State.READ if date else State.UNREADABLE, date)
