"""Segments -> rules: pieces that continue one another over a gap become one.

Longer gaps are bridged once it is known what belongs to one table, see `lines`.
"""

from __future__ import annotations

import numpy as np

from extract.grid.ruling_line import Floats, Track, join
from extract.settings.defaults import GridSettings


def common_slope(segments: tuple[Track, ...], unit: float, settings: GridSettings) -> float:
    """The slope most of the ruled length agrees on (median weighted by length); 0 without long segments."""
    long = [s for s in segments if s.length >= settings.long_segment_chars * unit]
    if not long:
        return 0.0
    slopes = np.array([_fitted_slope(s.across) for s in long])
    order = np.argsort(slopes)
    weight = np.cumsum(np.array([s.length for s in long])[order])
    return float(slopes[order][np.searchsorted(weight, weight[-1] / 2)])


def link(segments: tuple[Track, ...], slope: float, unit: float, settings: GridSettings) -> tuple[Track, ...]:
    """Chain collinear segments, left to right, each to the chain that points at it best."""
    chains: list[list[Track]] = []
    ends = np.zeros((len(segments), 3))  # per chain: end, place there, slope there
    for segment in segments:
        best = _best_chain(ends[: len(chains)], segment, slope, unit, settings)
        if best is None:
            best = len(chains)
            chains.append([])
        chains[best].append(segment)
        if len(chains[best]) == 1 or segment.end > ends[best, 0]:
            ends[best] = (segment.end, segment.across[-1], _local_slope(segment, slope, unit, False))
    return tuple(join(chain) for chain in chains)


def _best_chain(
    ends: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    segment: Track,
    slope: float,
    unit: float,
    settings: GridSettings,
) -> int | None:
    """The chain whose end and the segment's start extrapolate to one another within tolerance."""
    if not len(ends):
        return None
    gap = segment.start - ends[:, 0]
    rise = (ends[:, 2] + _local_slope(segment, slope, unit, True)) / 2
    off = np.abs(segment.across[0] - ends[:, 1] - rise * gap)
    allowed = np.minimum(settings.link_chars * unit + settings.link_drift * np.maximum(gap, 0), 0.45 * unit)
    off[(gap < -unit) | (gap > settings.link_gap_chars * unit) | (off > allowed)] = np.inf
    off += np.maximum(gap, 0) * 0.01  # of two that fit alike the nearer one
    best = int(np.argmin(off))
    return best if np.isfinite(off[best]) else None


def _local_slope(segment: Track, slope: float, unit: float, at_start: bool) -> float:
    """Slope at one end over a few characters; a short segment says little, so the page's slope is mixed in."""
    reach = min(segment.length, round(8 * unit))
    part = segment.across[:reach] if at_start else segment.across[-reach:]
    trust = min(1.0, reach / (8 * unit)) ** 2
    own = _fitted_slope(part) if reach >= 2 else slope
    return trust * own + (1 - trust) * slope


def _fitted_slope(across: Floats) -> float:
    """The slope of the least-squares line through values one apart; at least two."""
    along = np.arange(len(across)) - (len(across) - 1) / 2
    return float(along @ across / (along @ along))
