"""Which walls between neighbouring places of the lattice are drawn: the share of each that shows a rule."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from extract.grid.track import Bools, Floats, Ints, Track
from extract.model import Image
from extract.settings import GridSettings


def rule_strength(line: Track, response: Image, dark: Image, unit: float, settings: GridSettings) -> Floats:
    """For every pixel of the line, the strongest response across it, 0..1, NaN where something thick hides the line."""
    slack = max(1, round(settings.slack_chars * unit))
    along = np.clip(np.arange(line.start, line.end), 0, response.shape[1] - 1)
    across = np.rint(line.across).astype(int)
    best, ink = np.zeros(line.length), np.zeros(line.length)
    for shift in range(-slack, slack + 1):
        rows = np.clip(across + shift, 0, response.shape[0] - 1)
        best, ink = np.maximum(best, response[rows, along]), np.maximum(ink, dark[rows, along])
    hidden = (best < settings.min_near_response * 255) & (ink >= 128)
    return np.where(hidden, np.nan, best / 255)


def shares(line: Track, strength: Floats, corners: Floats, unit: float, settings: GridSettings) -> Floats:
    """(n,) share of the line that is drawn between each two of the n + 1 corners, the corners left out.

    Strokes of characters that happen to stand on the line seldom reach the corners, a wall does unless it is worn
    just there: an open end costs some of the share, and what is no longer than a character and reaches neither
    corner counts for nothing. A wall too faint to count so is taken for drawn if it is seen nearly everywhere.
    """
    drawn, faint = strength >= _plain_level(line, strength, settings), strength >= settings.min_faint_response
    result = np.zeros(len(corners) - 1)
    for k, (begin, end) in enumerate(pairwise(corners)):
        rim = min(settings.corner_chars * unit, max(end - begin, 0.0) / 4)
        piece = slice(max(0, round(begin + rim) - line.start), max(0, round(end - rim) - line.start))
        result[k] = _share(drawn[piece], unit, settings)
        # what is plain in places and faint around them is a stroke with its blur
        if drawn[piece].sum() < settings.max_plain_share * len(drawn[piece]):
            weak = _share(faint[piece], unit, settings)
            result[k] = weak if weak >= settings.min_faint_share else result[k]
    return result


def worn(line: Track, strength: Floats, corners: Floats, unit: float, settings: GridSettings) -> Bools:
    """(n,) whether a wall may be drawn though little of it is seen.

    Either it is blank and the blank runs on past one of its corners: a rule left out on purpose ends at a rule, one
    that ends elsewhere is worn. Or something thick, a stroke of a pen, hides what is not seen.
    """
    seen = strength >= _plain_level(line, strength, settings)
    ends = np.clip(np.rint(corners).astype(int) - line.start, 0, line.length)
    length = np.maximum(np.diff(ends), 1)
    hidden = np.diff(np.concatenate(([0], np.cumsum(np.isnan(strength))))[ends]) / length
    drawn = np.diff(np.concatenate(([0], np.cumsum(seen)))[ends]) / length
    eclipsed = (hidden > 0.5) | ((hidden + drawn > 0.9) & (drawn > 0.3) & (hidden > 0.1))
    result: Bools = eclipsed | _overruns(np.flatnonzero(seen) + line.start, corners, unit, settings)
    return result


def _overruns(places: Ints, corners: Floats, unit: float, settings: GridSettings) -> Bools:
    if not len(places):
        return np.zeros(len(corners) - 1, dtype=np.bool_)
    rim = settings.corner_chars * unit
    before = np.searchsorted(places, corners[:-1] + rim) - 1
    after = np.searchsorted(places, corners[1:] - rim)
    left = corners[:-1] - places[np.maximum(before, 0)]
    right = places[np.minimum(after, len(places) - 1)] - corners[1:]
    blank = (after - before <= 1) & (before >= 0) & (after < len(places))
    result: Bools = blank & (np.maximum(left, right) > settings.overrun_chars * unit)
    return result


def single_walls(drawn: Floats, gaps: Floats, narrow: float) -> Floats:
    """(lines, walls) shares, where two lines stand closer than `narrow` with the wall on one of them only.

    `gaps` are the distances of neighbouring lines, (lines - 1, walls + 1), at the walls' ends.
    """
    result = drawn.copy()
    for k, r in np.argwhere((gaps[:, :-1] + gaps[:, 1:]) / 2 < narrow).tolist():
        keep, drop = (k + 1, k) if k + 2 == len(drawn) else (k, k + 1)
        result[keep, r], result[drop, r] = max(result[keep, r], result[drop, r]), 0.0
    return result


def _plain_level(line: Track, strength: Floats, settings: GridSettings) -> float:
    """From which strength on this line counts as drawn: less for a rule that is faint as a whole."""
    seen = strength[line.inked & ~np.isnan(strength)]
    usual = float(np.median(seen)) if len(seen) else 1.0
    return max(settings.min_faint_response, min(settings.min_near_response, 0.5 * usual))


def _share(seen: Bools, unit: float, settings: GridSettings) -> float:
    places = np.flatnonzero(seen)
    if not len(places):
        return 0.0
    reach = settings.stroke_gap_chars * unit
    open_ends = int(places[0] >= reach) + int(len(seen) - 1 - places[-1] >= reach)
    if open_ends == 2 and places[-1] - places[0] <= settings.stroke_chars * unit:
        return 0.0
    return float(len(places) / len(seen)) * settings.open_end_factor**open_ends
