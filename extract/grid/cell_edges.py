"""Which walls between neighbouring places of the lattice are drawn: the share of each that shows a rule."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.grid.ruling_line import Bools, Floats, Ints, Track
from extract.model import Image
from extract.settings.defaults import GridSettings


def strongest_across(image: Image, unit: float, settings: GridSettings) -> Image:
    """The strongest pixel within the slack above and below each, `slack_px` rows of the same beyond either edge."""
    slack = slack_px(unit, settings)
    padded = cv2.copyMakeBorder(image, slack, slack, 0, 0, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.dilate(padded, np.ones((2 * slack + 1, 1), np.uint8)), dtype=np.uint8)


def slack_px(unit: float, settings: GridSettings) -> int:
    """How far from its line ink may stand, in working pixels."""
    return max(1, round(settings.slack_chars * unit))


def rule_strength(line: Track, near: Image, dark: Image, unit: float, settings: GridSettings) -> Floats:
    """For every pixel of the line, the strongest response across it, 0..1, NaN where something thick hides the line.

    `near` and `dark` are the response and the darkness as `strongest_across` gives them.
    """
    slack = slack_px(unit, settings)
    along = np.clip(np.arange(line.start, line.end), 0, near.shape[1] - 1)
    rows = np.clip(np.rint(line.across).astype(int) + slack, 0, near.shape[0] - 1)
    best, ink = near[rows, along], dark[rows, along]
    hidden = (best < settings.min_near_response * 255) & (ink >= 128)
    return np.where(hidden, np.nan, best / 255)


def shares(line: Track, strength: Floats, corners: Floats, unit: float, settings: GridSettings) -> Floats:
    """(n,) share of the line that is drawn between each two of the n + 1 corners, the corners left out.

    Strokes of characters that happen to stand on the line seldom reach the corners, a wall does unless it is worn
    just there: an open end costs some of the share, and what is no longer than a character and reaches neither
    corner counts for nothing. A wall too faint to count so is taken for drawn if it is seen nearly everywhere.
    """
    drawn, faint = strength >= _plain_level(line, strength, settings), strength >= settings.min_faint_response
    rim = np.minimum(settings.corner_chars * unit, np.maximum(np.diff(corners), 0.0) / 4)
    begin = np.clip(np.rint(corners[:-1] + rim).astype(int) - line.start, 0, line.length)
    end = np.maximum(np.clip(np.rint(corners[1:] - rim).astype(int) - line.start, 0, line.length), begin)
    plain, weak = _Seen.of(drawn, begin, end), _Seen.of(faint, begin, end)
    share, faint_share = plain.share(unit, settings), weak.share(unit, settings)
    # what is plain in places and faint around them is a stroke with its blur
    unsure = plain.count < settings.max_plain_share * (end - begin)
    return np.where(unsure & (faint_share >= settings.min_faint_share), faint_share, share)


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


@dataclass(frozen=True, eq=False)
class _Seen:
    """Of each piece begin..end of a line: how many pixels are seen, and the first and last of them (if any are)."""

    begin: Ints
    end: Ints
    count: Ints
    first: Ints
    last: Ints

    @staticmethod
    def of(seen: Bools, begin: Ints, end: Ints) -> _Seen:
        """Look the pieces up among the pixels seen."""
        places = np.flatnonzero(seen)
        low, high = np.searchsorted(places, begin), np.searchsorted(places, end)
        if not len(places):
            return _Seen(begin, end, high - low, begin, begin)
        first, last = places[np.minimum(low, len(places) - 1)], places[np.maximum(high - 1, 0)]
        return _Seen(begin, end, high - low, first, last)

    def share(self, unit: float, settings: GridSettings) -> Floats:
        """What share of each piece is seen, less for open ends, nothing for a stroke of a character."""
        reach = settings.stroke_gap_chars * unit
        open_ends = (self.first - self.begin >= reach).astype(int) + (self.end - 1 - self.last >= reach)
        stroke = (open_ends == 2) & (self.last - self.first <= settings.stroke_chars * unit)
        factor = np.array([settings.open_end_factor**ends for ends in range(3)])[open_ends]
        share = self.count / np.maximum(self.end - self.begin, 1) * factor
        return np.where((self.count == 0) | stroke, 0.0, share)
