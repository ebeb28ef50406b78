from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.forms.rules.interval import (
    Interval,
    decimals,
    exactly,
    figure,
    highest,
    lowest,
    printed,
    round_half_up,
    total,
)

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
intervals = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))


@given(intervals, intervals, st.fractions(0, 1), st.fractions(0, 1))
def test_results_hold_every_result_of_their_members(a: Interval, b: Interval, s: Fraction, t: Fraction) -> None:
    x, y = a.low + s * (a.high - a.low), b.low + t * (b.high - b.low)
    pairs = [(a + b, x + y), (a - b, x - y), (a * b, x * y), (-a, -x), (abs(a), abs(x)), (total([a, b]), x + y)]
    pairs += [(lowest([a, b]), min(x, y)), (highest([a, b]), max(x, y))]
    if not b.low <= 0 <= b.high:
        pairs.append((a / b, x / y))
    assert all(interval.low <= result <= interval.high for interval, result in pairs)


def test_division_by_what_may_be_zero_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        exactly(1) / printed(0, 2)


def test_printed_figure_is_half_a_unit_of_its_last_decimal_wide() -> None:
    assert printed(Decimal("9.85"), 2) == Interval(Fraction("9.845"), Fraction("9.855"))
    assert printed(7, 0) == Interval(Fraction("6.5"), Fraction("7.5"))


@pytest.mark.parametrize(("text", "places"), [("9.00", 2), ("9", 0), ("1E+3", 0), ("0.5", 1)])
def test_decimals_as_written(text: str, places: int) -> None:
    assert decimals(Decimal(text)) == places


@pytest.mark.parametrize(
    ("text", "places", "rounded"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("9.965", 2, "9.97"), ("0.004", 2, "0"), ("-0.004", 2, "0")],
)
def test_half_goes_up(text: str, places: int, rounded: str) -> None:
    assert round_half_up(Fraction(text), places) == Fraction(rounded)


@pytest.mark.parametrize(
    ("text", "shown"), [("100", "100"), ("98.50", "98.5"), ("33.333333", "33.3333"), ("6261700", "6261700"), ("0", "0")]
)
def test_figures_for_people(text: str, shown: str) -> None:
    assert figure(exactly(Decimal(text))) == shown
