"""A number known only to lie between two bounds: what a figure printed with few decimals is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included; dividing by one that holds 0 raises."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError
        return self * Interval(1 / other.high, 1 / other.low)

    def __abs__(self) -> Interval:
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Interval(Fraction(0), max(-self.low, self.high))

    @property
    def middle(self) -> Fraction:
        """The number half way between the bounds: for an exact number, itself."""
        return (self.low + self.high) / 2


@lru_cache(maxsize=4096)
def exactly(number: int | Decimal | Fraction) -> Interval:
    """The number itself, nothing around it."""
    value = Fraction(number)
    return Interval(value, value)


@lru_cache(maxsize=4096)
def printed(number: int | Decimal, places: int) -> Interval:
    """All numbers that print as `number` when rounded to `places` decimals."""
    value, half = Fraction(number), Fraction(1, 2 * 10**places)
    return Interval(value - half, value + half)


def decimals(number: int | Decimal) -> int:
    """How many decimals the number is written with: 2 for Decimal("9.00"), 0 for 9."""
    if isinstance(number, int):
        return 0
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def round_half_up(number: Fraction, places: int) -> Fraction:
    """Rounding as taught in school and used on these forms (half goes up), not to even."""
    scale = 10**places
    sign = -1 if number < 0 else 1
    return sign * Fraction((abs(number) * scale + Fraction(1, 2)).__floor__(), scale)


def total(items: Sequence[Interval]) -> Interval:
    """The sum of some intervals."""
    return Interval(sum((i.low for i in items), Fraction(0)), sum((i.high for i in items), Fraction(0)))


def lowest(items: Sequence[Interval]) -> Interval:
    """The smallest of some intervals; raises ValueError for none."""
    return Interval(min(i.low for i in items), min(i.high for i in items))


def highest(items: Sequence[Interval]) -> Interval:
    """The largest of some intervals; raises ValueError for none."""
    return Interval(max(i.low for i in items), max(i.high for i in items))


def figure(value: Interval) -> str:
    """A number for people: at most four decimals, no zeros after the last one that counts."""
    number = round_half_up(value.middle, 4)
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
