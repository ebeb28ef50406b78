"""Rules -> the rules that are no strokes of characters standing in line.

The upright strokes of characters centred below one another, or a column of ones, answer the line filter as a rule
does. What tells them apart: a rule's ink goes on without a gap, has paper on either side, and ends at other rules.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from extract.grid import calibration as known
from extract.grid.ruling_line import Bools, Floats, Ints, Track
from extract.model import Image
from extract.settings.defaults import GridSettings


@dataclass(frozen=True, eq=False)
class Ink:
    """The ink along a rule: whether there is some on each of its pixels, and before and behind it."""

    rule: Track
    on: Bools
    before: Bools
    behind: Bools
    blank: Bools

    @property
    def is_edge(self) -> Bools:
        """Where there is paper on one side, at least: so at a rule that characters touch, but not within a blot."""
        return np.asarray(self.on & ~(self.before & self.behind))

    def runs(self, crossings: Floats, unit: float) -> Ints:
        """(n, 2) starts and ends, in coordinates along the page, of ink that goes on without a gap.

        Ink that belongs to rules that cross at `crossings` does not count, so that it joins no stroke to the next.
        """
        own = self.on.copy()
        rim = round(known.CROSSING * unit)
        for at in np.rint(crossings).astype(int) - self.rule.start:
            own[max(0, at - rim) : max(0, at + rim + 1)] = False
        seen = bridged(own, known.BRIDGE * unit)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], seen, [False])).astype(np.int8)))
        return np.asarray(edges.reshape(-1, 2) + self.rule.start)

    def is_whole(self, corners: Floats) -> Bools:
        """Where the rule is inked without a break from one corner to the next: characters leave gaps."""
        ends = np.clip(np.rint(corners).astype(int) - self.rule.start, 0, len(self.on))
        count = np.diff(np.concatenate(([0], np.cumsum(self.on)))[ends])
        whole = np.zeros(len(self.on), dtype=np.bool_)
        for k in np.flatnonzero(count >= known.WHOLE * np.diff(ends)):
            whole[ends[k] : ends[k + 1]] = True
        return whole

    def is_stroke(self, corners: Floats, unit: float, settings: GridSettings) -> Bools:
        """Which pixels lie between two corners where all that is inked is a stroke: it comes near neither of them."""
        result = np.zeros(len(self.on), dtype=np.bool_)
        for start, end in itertools.pairwise(corners):
            runs = self._inside(start, end, unit)
            if not len(runs) or runs[-1, 1] - runs[0, 0] > settings.stroke_chars * unit:
                continue
            if min(runs[0, 0] - start, end - (runs[-1, 1] - 1)) > known.NEAR_END * unit + 1:
                result[max(0, round(start) - self.rule.start) : max(0, round(end) + 1 - self.rule.start)] = True
        return result

    def _inside(self, start: float, end: float, unit: float) -> Ints:
        """Runs of ink between two corners, what belongs to the rules there left out."""
        runs = self.runs(np.array([start, end]), unit)
        return runs[(runs[:, 1] > start) & (runs[:, 0] < end)]

    def beside(self, start: int, end: int) -> float:
        """The larger of the shares of start..end with ink before and behind; a side inked all along counts as none."""
        part = slice(max(0, start - self.rule.start), max(0, end - self.rule.start))
        count = max(1, int(self.on[part].sum()))
        sides = [int((side[part] & self.on[part]).sum()) / count for side in (self.before, self.behind)]
        return max((share for share in sides if share < known.UNIFORM), default=0.0)


def ink_along(rule: Track, dark: Image, spread: Image, slack: int, unit: float) -> Ink:
    """The ink of a rule on a page. `spread` is `dark` as `strongest_across` gives it, with its `slack`."""
    along = np.clip(np.arange(rule.start, rule.end), 0, dark.shape[1] - 1)
    rows = np.rint(rule.across).astype(int)
    darkness = spread[np.clip(rows + slack, 0, len(spread) - 1), along]
    level = _level(darkness)
    off = round(known.BESIDE * unit)
    before, behind = (dark[np.clip(rows + step, 0, len(dark) - 1), along] >= level for step in (-off, off))
    blank = ~bridged(darkness >= known.BLANK * level, known.BRIDGE * unit)
    return Ink(rule, darkness >= level, before, behind, blank)


def _level(darkness: Floats | Image) -> float:
    inked = darkness[darkness > known.NO_INK]
    return min(float(known.INK), known.FAINT_INK * float(np.median(inked))) if len(inked) else float(known.INK)


def bridged(seen: Bools, gap: float) -> Bools:
    """What is seen, with gaps up to `gap` pixels between two seen places filled."""
    places = np.flatnonzero(seen)
    result = seen.copy()
    for k in np.flatnonzero((np.diff(places) > 1) & (np.diff(places) <= gap + 1)):
        result[places[k] : places[k + 1]] = True
    return result


def without_strokes(
    across: tuple[Ink, ...], down: tuple[Ink, ...], unit: float, settings: GridSettings
) -> tuple[tuple[Track, ...], tuple[Track, ...]]:
    """The horizontal and the vertical rules that are rules: sure ones, and those that run from rule to rule."""
    long = tuple([ink.rule for ink in inks if _is_long(ink, unit)] for inks in (across, down))
    kept = tuple([_is_sure(ink, long[1 - k], unit) for ink in inks] for k, inks in enumerate((across, down)))
    while True:
        anchors = tuple(
            [ink.rule for ink, sure in zip(inks, flags, strict=True) if sure]
            for inks, flags in zip((across, down), kept, strict=True)
        )
        wider = tuple(
            [sure or _ends_at(ink, anchors[1 - k], unit, settings) for ink, sure in zip(inks, kept[k], strict=True)]
            for k, inks in enumerate((across, down))
        )
        if wider == kept:
            return tuple(anchors[0]), tuple(anchors[1])
        kept = wider


def _is_long(ink: Ink, unit: float) -> bool:
    """Whether a rule is so long that its ink can be told from that of rules that cross it."""
    return ink.rule.length >= known.LONG_RUN * unit and ink.on.mean() >= known.UNIFORM


def _is_sure(ink: Ink, crossing: list[Track], unit: float) -> bool:
    """Whether a rule is one by its own ink: long, and mostly with paper on either side."""
    runs = ink.runs(_crossings(ink.rule, crossing, unit), unit)
    length = float((runs[:, 1] - runs[:, 0]).max(initial=0)) / unit
    clear = length >= known.SURE_RUN and ink.beside(ink.rule.start, ink.rule.end) <= known.SURE_BESIDE
    return clear or length >= known.LONG_RUN


def _crossings(rule: Track, crossing: list[Track], unit: float) -> Floats:
    """Where a rule is crossed or met by others, in order."""
    place = float(np.mean(rule.across))
    near = [r for r in crossing if r.start - unit <= place <= r.end + unit]
    return np.sort(np.array([float(r.at(np.array([place]))[0]) for r in near]))


def _ends_at(ink: Ink, anchors: list[Track], unit: float, settings: GridSettings) -> bool:
    """Whether some run of a rule's ink goes from one of the rules that cross it to another."""
    crossings = _crossings(ink.rule, anchors, unit)
    for start, end in ink.runs(crossings, unit).tolist():
        if len(_met(crossings, start, end, known.NEAR_END * unit + 1)) > 1:
            return True
        ends = _met(crossings, start, end, settings.joint_chars * unit)
        if len(ends) > 1 and _is_worn(ink, (start, end), ends, unit, settings):
            return True
    return False


def _met(crossings: Floats, start: int, end: int, reach: float) -> Floats:
    """The rules that cross a run, or that it would meet if it went on by `reach` at its ends."""
    return crossings[(crossings >= start - reach) & (crossings <= end - 1 + reach)]


def _is_worn(ink: Ink, run: tuple[int, int], ends: Floats, unit: float, settings: GridSettings) -> bool:
    """Whether a run that fails to reach the rules at its ends is worn there, and no stroke between them."""
    near = known.NEAR_END * unit + 1
    touching = bool((_met(ends, *run, near)).size)
    if not touching and run[1] - run[0] <= settings.stroke_chars * unit:
        return False
    rim = round(known.BESIDE * unit)
    start = max(run[0], int(ends[0]) + rim)
    return ink.beside(start, max(min(run[1], int(ends[-1]) - rim), start + 1)) <= known.CLEAR_BESIDE
