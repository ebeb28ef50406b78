"""A rule as it runs over the page: one position for every pixel of its length.

Horizontal and vertical rules are the same thing here. `along` is the coordinate a rule runs in (x for a
horizontal one), `across` the other; a vertical rule is found on the transposed map.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Track:
    """A rule from `start` on: `across[i]` is its place at start + i, `inked[i]` whether ink was seen there."""

    start: int
    across: Floats
    inked: Bools

    @property
    def end(self) -> int:
        """The first coordinate past the rule."""
        return self.start + len(self.across)

    @property
    def length(self) -> int:
        """Length in working pixels, gaps counted."""
        return len(self.across)

    def at(self, along: Floats, slope: float = 0.0) -> Floats:
        """Where the rule runs at any coordinate; beyond its ends it goes on with `slope`."""
        inside: Floats = np.interp(along, self._places, self.across)
        if not slope:
            return inside
        beyond = along - np.minimum(np.maximum(along, self.start), self.end - 1)
        result: Floats = inside + beyond * slope
        return result

    @cached_property
    def _places(self) -> Floats:
        return np.arange(self.start, self.end, dtype=np.float64)

    def distance_to_ink(self, along: Floats) -> Floats:
        """How far each coordinate is from the nearest inked one of this rule."""
        places = np.flatnonzero(self.inked) + self.start
        right = np.clip(np.searchsorted(places, along), 0, len(places) - 1)
        left = np.maximum(right - 1, 0)
        result: Floats = np.minimum(np.abs(places[right] - along), np.abs(places[left] - along))
        return result


def join(parts: list[Track]) -> Track:
    """One track of several that follow or overlap one another; gaps are bridged by straight lines."""
    start, end = min(p.start for p in parts), max(p.end for p in parts)
    total, weight = np.zeros(end - start), np.zeros(end - start)
    inked = np.zeros(end - start, dtype=np.bool_)
    for part in parts:
        span = slice(part.start - start, part.end - start)
        share = np.where(part.inked, 1.0, 1e-6)
        total[span] += part.across * share
        weight[span] += share
        inked[span] |= part.inked
    known = np.flatnonzero(weight > 0)
    across = np.interp(np.arange(end - start), known, total[known] / weight[known])
    return Track(start, across, inked)
