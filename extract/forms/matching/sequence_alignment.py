"""One dynamic program for all alignments: ordered cells to ordered targets, gaps and joins priced."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

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
    best = [0.0, *accumulate(prices.skip_target)]
    step = [["", *["target"] * m]]
    for i in range(n):
        join = prices.join[i] if prices.join is not None else None
        best, steps = _row(best, prices.match[i], join, prices.skip_cell[i], prices.skip_target)
        step.append(steps)
    return Alignment(_walk(step, n, m), best[m])


def _row(
    above: Sequence[float],
    match: Sequence[float],
    join: Sequence[float] | None,
    skip_cell: float,
    skip_target: Sequence[float],
) -> tuple[list[float], list[str]]:
    """Costs and last steps of a cell's alignments to the first 0, 1, 2, … targets; of equal ones the earlier named."""
    cost = above[0] + skip_cell
    best, steps = [cost], ["cell"]
    for j, skip in enumerate(skip_target):
        left, cost, name = cost, math.inf, ""
        if above[j] + match[j] < cost:
            cost, name = above[j] + match[j], "match"
        if join is not None and above[j + 1] + join[j] < cost:
            cost, name = above[j + 1] + join[j], "join"
        if above[j + 1] + skip_cell < cost:
            cost, name = above[j + 1] + skip_cell, "cell"
        if left + skip < cost:
            cost, name = left + skip, "target"
        best.append(cost)
        steps.append(name)
    return best, steps


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
