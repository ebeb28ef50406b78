"""Order-preserving pairing of two sequences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

Pair = tuple[int | None, int | None]
"""Indices into both sequences; None where one side has no partner."""


def pair_up(left: Sequence[T], right: Sequence[T], likeness: Callable[[T, T], float], least: float) -> tuple[Pair, ...]:
    """Pair items so that the sum of likenesses is greatest and no two pairs cross.

    `likeness` is at or above zero; pairs below `least` are never made. Items without a partner stand
    where they belong in the order. Method: Needleman and Wunsch (1970) with free gaps.
    """
    table = [[likeness(a, b) for b in right] for a in left]
    best = _best_sums(table, len(left), len(right), least)
    pairs: list[Pair] = []
    i, j = 0, 0
    while i < len(left) and j < len(right):
        if table[i][j] >= least and best[i][j] == table[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    pairs += [(k, None) for k in range(i, len(left))]
    pairs += [(None, k) for k in range(j, len(right))]
    return tuple(pairs)


def _best_sums(table: list[list[float]], rows: int, cols: int, least: float) -> list[list[float]]:
    """best[i][j]: the greatest sum that the items from i and j on can reach."""
    best = [[0.0] * (cols + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(cols)):
            gap = max(best[i + 1][j], best[i][j + 1])
            pair = table[i][j] + best[i + 1][j + 1] if table[i][j] >= least else gap
            best[i][j] = max(gap, pair)
    return best
