"""One dynamic program for all alignments: ordered cells to ordered targets, gaps and joins priced."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Prices:
    """Costs of an alignment of n cells to m targets; math.inf forbids.

    `match[i][j]` puts cell i to target j; `join[i][j]` adds cell i to target j that the cell before it already has;
    `skip_cell[i]` leaves a cell out; `skip_target[j]` leaves a target empty.
    """

    match: Matrix
    skip_cell: Sequence[float]
    skip_target: Sequence[float]
    join: Matrix | None = None


@dataclass(frozen=True)
class Alignment:
    """The target of each cell (None: left out) and the total cost."""

    targets: tuple[int | None, ...]
    cost: float


def align(prices: Prices) -> Alignment:
    """The cheapest order-keeping assignment (Needleman & Wunsch 1970, with many-to-one joins)."""
    n, m = len(prices.skip_cell), len(prices.skip_target)
    best = [[math.inf] * (m + 1) for _ in range(n + 1)]
    step: list[list[str]] = [[""] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            for cost, name in _ways(prices, best, i, j):
                if cost < best[i][j]:
                    best[i][j], step[i][j] = cost, name
    return Alignment(_walk(step, n, m), best[n][m])


def _ways(prices: Prices, best: list[list[float]], i: int, j: int) -> list[tuple[float, str]]:
    ways: list[tuple[float, str]] = []
    if i and j:
        ways.append((best[i - 1][j - 1] + prices.match[i - 1][j - 1], "match"))
        if prices.join is not None:
            ways.append((best[i - 1][j] + prices.join[i - 1][j - 1], "join"))
    if i:
        ways.append((best[i - 1][j] + prices.skip_cell[i - 1], "cell"))
    if j:
        ways.append((best[i][j - 1] + prices.skip_target[j - 1], "target"))
    return ways


def _walk(step: list[list[str]], n: int, m: int) -> tuple[int | None, ...]:
    targets: list[int | None] = [None] * n
    i, j = n, m
    while i or j:
        name = step[i][j]
        if name in ("match", "join"):
            targets[i - 1] = j - 1
        i -= name != "target"
        j -= name in ("match", "target")
    return tuple(targets)
