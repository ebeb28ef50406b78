from __future__ import annotations

from decimal import Decimal

from bench.score import FormScore, LeafPair, RowScore
from bench.totals import FileScore, total

RIGHT = LeafPair("/rating", "优", "优")
DOUBTED = LeafPair("/total/score", Decimal(94), Decimal(84), covered=True)
SURE = LeafPair("/project_name", "业务培训", "业务培洲")
PUNCTUATED = LeafPair("/goals/actual", "完成，合格", "完成,合格")


def file(*forms: FormScore, seconds: float | None = None) -> FileScore:
    return FileScore("a.png", "office", 2, seconds, forms)


def test_counts_of_what_was_read() -> None:
    good = FormScore(1, "accepted", (RIGHT,), (RowScore(own=True, levels=False), RowScore(own=True, levels=True)))
    bad = FormScore(2, "review", (RIGHT, DOUBTED, SURE, PUNCTUATED), ())
    sums = total([file(good, bad)])
    assert (sums.forms, sums.found, sums.accepted, sums.perfect) == (2, 2, 1, 1)
    assert (sums.leaves, sums.right, sums.alike) == (5, 2, 3)
    assert (sums.rows, sums.rows_own, sums.rows_full) == (2, 2, 1)
    assert (sums.sure_wrong, sums.sure_beyond, sums.accepted_wrong) == (2, 1, 0)


def test_wrong_values_in_accepted_records_are_counted_doubted_or_not() -> None:
    sums = total([file(FormScore(1, "accepted", (DOUBTED, PUNCTUATED), ()))])
    assert (sums.accepted_wrong, sums.accepted_beyond) == (2, 1)


def test_a_form_not_found_is_wrong_but_makes_no_claim() -> None:
    sums = total([file(FormScore(1, None, (SURE,), (RowScore(own=False, levels=False),)))])
    assert (sums.forms, sums.found, sums.right, sums.sure_wrong) == (1, 0, 0, 0)


def test_a_form_too_many_counts_against_the_values_only() -> None:
    sums = total([file(FormScore(1, "accepted", (SURE,), (), expected=False))])
    assert (sums.forms, sums.extra, sums.accepted, sums.accepted_wrong) == (0, 1, 0, 1)


def test_seconds_a_page_leave_out_files_without_times() -> None:
    sums = total([file(seconds=3.0), file()])
    assert sums.page_seconds == 1.5
    assert sums.share("right", "leaves") is None
