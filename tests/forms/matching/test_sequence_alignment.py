from __future__ import annotations

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from extract.forms.matching.sequence_alignment import Prices, align

costs = st.integers(0, 9).map(float)


def test_order_is_kept_and_gaps_are_priced() -> None:
    match = [[5.0, 0.0, 5.0], [5.0, 5.0, 0.0]]
    result = align(Prices(match, [9.0, 9.0], [1.0, 9.0, 9.0]))
    assert result.targets == (1, 2)
    assert result.cost == 1.0


def test_a_cell_without_a_fitting_target_is_left_out() -> None:
    result = align(Prices([[math.inf], [0.0]], [0.5, 0.5], [9.0]))
    assert result.targets == (None, 0)


def test_cells_join_one_target() -> None:
    match = [[0.0], [0.0]]
    assert align(Prices(match, [5.0, 5.0], [5.0], [[1.0], [1.0]])).targets == (0, 0)
    assert align(Prices(match, [0.5, 0.5], [5.0], [[1.0], [1.0]])).targets.count(None) == 1


@given(st.integers(0, 4), st.integers(0, 4), st.data())
def test_it_is_the_cheapest_of_all_assignments(n: int, m: int, data: st.DataObject) -> None:
    match = [[data.draw(costs) for _ in range(m)] for _ in range(n)]
    skip_cell = [data.draw(costs) for _ in range(n)]
    skip_target = [data.draw(costs) for _ in range(m)]
    best = math.inf
    for size in range(min(n, m) + 1):
        for cells in itertools.combinations(range(n), size):
            for targets in itertools.combinations(range(m), size):
                cost = sum(match[i][j] for i, j in zip(cells, targets, strict=True))
                cost += sum(skip_cell[i] for i in range(n) if i not in cells)
                cost += sum(skip_target[j] for j in range(m) if j not in targets)
                best = min(best, cost)
    result = align(Prices(match, skip_cell, skip_target))
    assert result.cost == best
    chosen = [t for t in result.targets if t is not None]
    assert chosen == sorted(set(chosen))
