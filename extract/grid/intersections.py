"""Where rules meet, and which rules therefore belong to one table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extract.grid.ruling_line import Bools, Floats, Track
from extract.settings.defaults import GridSettings


@dataclass(frozen=True, eq=False)
class Joints:
    """Crossing points of every horizontal with every vertical rule: x, y (n, m) and whether they truly meet."""

    x: Floats
    y: Floats
    meet: Bools


def cross(across: tuple[Track, ...], down: tuple[Track, ...], slopes: tuple[float, float]) -> tuple[Floats, Floats]:
    """x and y, (n, m) each, of the points where horizontal and vertical rules cross when carried on.

    Raises nothing; both rules are nearly straight and nearly square to one another, so two rounds converge.
    """
    x = np.tile(np.array([float(np.mean(v.across)) for v in down]), (len(across), 1))
    y = np.zeros_like(x)
    for _ in range(2):
        for i, rule in enumerate(across):
            y[i] = rule.at(x[i], slopes[0])
        for j, rule in enumerate(down):
            x[:, j] = rule.at(y[:, j], slopes[1])
    return x, y


def find_joints(
    across: tuple[Track, ...],
    down: tuple[Track, ...],
    slopes: tuple[float, float],
    unit: float,
    settings: GridSettings,
) -> Joints:
    """Joints of T, L and X shape alike: both rules have ink within `joint_chars` of the crossing point."""
    x, y = cross(across, down, slopes)
    reach = settings.joint_chars * unit
    meet = np.ones(x.shape, dtype=np.bool_)
    for i, rule in enumerate(across):
        meet[i] &= rule.distance_to_ink(x[i]) <= reach
    for j, rule in enumerate(down):
        meet[:, j] &= rule.distance_to_ink(y[:, j]) <= reach
    return Joints(x, y, meet)


def group(joints: Joints) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Rules that hang together, as (horizontal, vertical) indices; a rule with less than two joints is no part."""
    meet = joints.meet.copy()
    while True:
        keep = meet & (meet.sum(axis=1, keepdims=True) >= 2) & (meet.sum(axis=0, keepdims=True) >= 2)
        if (keep == meet).all():
            break
        meet = keep
    tables = []
    left = set(np.flatnonzero(meet.any(axis=1)).tolist())
    while left:
        rows, cols = _reach(meet, min(left))
        left -= set(rows)
        tables.append((rows, cols))
    return tuple(tables)


def _reach(meet: Bools, row: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """All rules connected with a horizontal one."""
    rows = np.zeros(meet.shape[0], dtype=np.bool_)
    rows[row] = True
    while True:
        cols = meet[rows].any(axis=0)
        wider = np.asarray(meet[:, cols].any(axis=1))
        if (wider == rows).all():
            return tuple(np.flatnonzero(rows).tolist()), tuple(np.flatnonzero(cols).tolist())
        rows = wider
