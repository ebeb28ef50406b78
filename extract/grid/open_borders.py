"""Open sides: rules that run on past the outermost crossing rule and all end alike get a border there.

So a table whose outer rules were never drawn, or were lost where the page was cut, keeps its outer cells.
"""

from __future__ import annotations

import numpy as np

from extract.grid.ruling_line import Track
from extract.settings.defaults import GridSettings


def open_borders(
    rules: tuple[Track, ...], crossing: tuple[Track, ...], slope: float, unit: float, settings: GridSettings
) -> tuple[Track, ...]:
    """Borders to add among `crossing`, at the start and at the end of `rules`; none where the table is closed."""
    found = (_border(rules, crossing, slope, unit, settings, at_end) for at_end in (False, True))
    return tuple(border for border in found if border is not None)


def _border(
    rules: tuple[Track, ...],
    crossing: tuple[Track, ...],
    slope: float,
    unit: float,
    settings: GridSettings,
    at_end: bool,
) -> Track | None:
    sign = 1.0 if at_end else -1.0
    place = np.array([float(np.mean(r.across)) for r in rules])
    outer = np.max([sign * c.at(place, slope) for c in crossing], axis=0)
    tip = np.array([_tip(r, sign, o, settings.overhang_chars * unit) for r, o in zip(rules, outer, strict=True)])
    over = sign * tip - outer
    reaching = over >= -settings.joint_chars * unit
    open_ = over >= settings.overhang_chars * unit
    if not open_.any():
        return None
    level = float(np.median(tip[open_]))
    alike = open_ & (np.abs(tip - level) <= settings.alike_chars * unit)
    if alike.sum() < max(2, 0.5 * reaching.sum()):
        return None
    start, end = int(place[alike].min()), int(place[alike].max()) + 1
    if end - start < unit:
        return None
    return Track(start, np.full(end - start, level), np.ones(end - start, dtype=np.bool_))


def _tip(rule: Track, sign: float, outer: float, bridge: float) -> float:
    """Where the rule's ink ends beyond the outermost crossing rule, gaps shorter than `bridge` passed over."""
    places = np.sort(sign * (np.flatnonzero(rule.inked) + rule.start))
    beyond = np.concatenate(([outer], places[places > outer]))
    gaps = np.flatnonzero(np.diff(beyond) > bridge)
    last = beyond[gaps[0]] if len(gaps) else beyond[-1]
    return float(sign * (last if len(beyond) > 1 else places[-1]))
