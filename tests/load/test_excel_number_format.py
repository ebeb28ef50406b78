from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.load.excel_number_format import is_date_format, printed


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (6261700, "General", "6261700"),
        (0.1 + 0.2, "General", "0.3"),
        (1e16, "General", "10000000000000000"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0.9852, "0.00%", "98.52%"),
        (0.005, "0%", "1%"),
        (12.5, "0", "13"),
        (-0.001, "0.00", "0.00"),
        (-3.14159, "0.00", "-3.14"),
        (-5, "0.00;(0.00)", "(5.00)"),
        (0, '0;-0;"—"', "—"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (5, '0"家"', "5家"),
        (5, "0\\家", "5家"),
        (0.9, '"≥"0%', "≥90%"),
        (3.5, "[$¥-804]#,##0.00", "¥3.50"),
        (2, "[Red]0.0", "2.0"),
        (7, "000", "007"),
        (2.5, "0.0#", "2.5"),
        (1234567, "#,##0,", "1,235"),
        (123456, "0.00E+00", "1.23E+05"),
        (0.5, "# ?/?", "0.5"),
        (True, "0", "TRUE"),
        (None, "0", ""),
        ("文字", "0.00", "文字"),
    ],
)
def test_numbers(value: object, code: str, text: str) -> None:
    assert printed(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (datetime(2021, 3, 5), 'yyyy"年"m"月"d"日"', "2021年3月5日"),
        (datetime(2021, 3, 5, 14, 7, 9), "yyyy-mm-dd hh:mm:ss", "2021-03-05 14:07:09"),
        (datetime(2021, 3, 5, 14, 7), "h:mm AM/PM", "2:07 PM"),
        (datetime(2021, 3, 5), "mm-dd-yy", "2021/3/5"),
        (datetime(2021, 3, 5), "General", "2021-03-05"),
        (date(2021, 3, 5), "mmm-yy", "Mar-21"),
        (time(3, 4), "h:mm", "3:04"),
        (timedelta(hours=30), "[h]:mm:ss", "30:00:00"),
    ],
)
def test_dates(value: object, code: str, text: str) -> None:
    assert printed(value, code) == text


def test_date_formats() -> None:
    assert is_date_format("yyyy/m/d")
    assert is_date_format("[h]:mm")
    assert not is_date_format("General")
    assert not is_date_format('0.00"days"')
    assert not is_date_format("[Red]#,##0")


@given(st.decimals(-(10**12), 10**12, places=2))
def test_two_places_read_back(value: Decimal) -> None:
    assert Decimal(printed(value, "#,##0.00").replace(",", "")) == value


@given(st.floats() | st.integers() | st.datetimes() | st.times(), st.text('0#?.,;%E+-"\\[]ymdhs_*@/AP甲 ', max_size=12))
def test_any_format_prints_something(value: object, code: str) -> None:
    assert isinstance(printed(value, code), str)
