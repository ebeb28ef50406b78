from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bench.align import pair_up


def equal(a: str, b: str) -> float:
    return float(a == b)


def test_a_missing_item_leaves_the_others_paired() -> None:
    assert pair_up("abcd", "abd", equal, 0.5) == ((0, 0), (1, 1), (2, None), (3, 2))


def test_an_item_too_many_stands_alone() -> None:
    assert pair_up("ab", "axb", equal, 0.5) == ((0, 0), (None, 1), (1, 2))


def test_unlike_items_are_not_paired() -> None:
    assert pair_up("a", "b", equal, 0.5) == ((0, None), (None, 0))


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_every_item_appears_once_and_in_order(left: str, right: str) -> None:
    pairs = pair_up(left, right, equal, 0.5)
    assert [i for i, _ in pairs if i is not None] == list(range(len(left)))
    assert [j for _, j in pairs if j is not None] == list(range(len(right)))
