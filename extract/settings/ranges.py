"""What a setting may be: the last word of its name says what it measures, and that has a range."""

from __future__ import annotations

import math
from dataclasses import dataclass

from extract.errors import UsageError


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included, unless `low` is only what a value must exceed."""

    low: float
    high: float
    above: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value lies in it; what is no number lies in none."""
        return (self.low < value if self.above else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        return f"{f'more than {self.low:.0f}, up' if self.above else f'{self.low:.0f}'} to {self.high:.0f}"


_FINITE = Range(-1e9, 1e9)
_AMOUNT = Range(0, 1e9, above=True)
_PART = Range(0, 1)

RANGES = {
    **dict.fromkeys(("seconds", "megabytes", "megapixels", "files", "pages", "rows", "cells"), _AMOUNT),
    **dict.fromkeys(("px", "dpi", "chars", "gain", "upscale", "scale", "strictness"), _AMOUNT),
    **dict.fromkeys(("share", "response", "rule", "confidence", "sure", "below", "factor", "slope", "drift"), _PART),
    "threads": Range(1, 1024),
    "deg": Range(0, 45),
    "grey": Range(0, 255),
}
"""By the last word of a setting's name; a skew of more than 45 degrees is one of another edge."""


def check(name: str, value: object) -> None:
    """Raise UsageError where a setting, `stage.key`, is a number that makes no sense for what it measures."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    allowed = RANGES.get(unit(name), _FINITE)
    if math.isnan(value) or not allowed.holds(value):
        raise UsageError(f"{name} must be {allowed}, not {value}")


def unit(name: str) -> str:
    """The last word of a setting's name, which says what it measures."""
    return name.rpartition(".")[2].rpartition("_")[2]
