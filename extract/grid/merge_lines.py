"""Rules of a table -> its row lines or column lines, each carried over the whole table."""

from __future__ import annotations

import numpy as np

from extract.grid.ruling_line import Track, join
from extract.settings.defaults import GridSettings


def merge_rules(rules: tuple[Track, ...], slope: float, unit: float, settings: GridSettings) -> tuple[Track, ...]:
    """Rules that share a line (double rules, pieces left and right of a merged cell), in order."""
    middle = (min(r.start for r in rules) + max(r.end for r in rules)) / 2
    ordered = sorted(rules, key=lambda r: float(r.at(np.array([middle]), slope)[0]))
    lines: list[Track] = []
    for rule in ordered:
        if lines and _apart(lines[-1], rule, slope) < settings.same_line_chars * unit:
            lines[-1] = join([lines[-1], rule])
        else:
            lines.append(rule)
    return tuple(lines)


def _apart(a: Track, b: Track, slope: float) -> float:
    """Mean distance of two rules where both run, or where one ends and the other begins."""
    start, end = max(a.start, b.start), min(a.end, b.end)
    if start >= end:
        start, end = end - 1, start + 1
    along = np.linspace(start, end - 1, 16)
    return float(np.mean(np.abs(a.at(along, slope) - b.at(along, slope))))


def extend(line: Track, start: int, end: int, slope: float) -> Track:
    """The line carried on to start..end, without ink where it was not seen."""
    start, end = min(start, line.start), max(end, line.end)
    across = line.at(np.arange(start, end, dtype=np.float64), slope)
    inked = np.zeros(end - start, dtype=np.bool_)
    inked[line.start - start : line.end - start] = line.inked
    return Track(start, across, inked)
