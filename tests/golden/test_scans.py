"""From the command line to JSON: a sample of the committed scans of every kind of damage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bench.product import Output, read_output
from bench.score import FormScore, score_file
from bench.sets import COMMITTED, Case, choose, gather, load_set

PER_KIND = 2
CASES = choose(load_set(COMMITTED), (), PER_KIND)
PLAIN = ("clean", "office")
"""Kinds of damage after which nothing at all may be wrong, punctuation aside."""


@pytest.fixture(scope="session")
def output(digitise: Callable[[Sequence[Path]], Path], tmp_path_factory: pytest.TempPathFactory) -> Output:
    """What one run over the sample wrote."""
    return read_output(digitise([gather(CASES, tmp_path_factory.mktemp("scans"))]))


def score(case: Case, output: Output) -> tuple[FormScore, ...]:
    return score_file(case.truths, output.of_file(case.name))


def test_every_kind_of_damage_is_in_the_sample() -> None:
    assert len({case.kind for case in CASES}) == 8


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_form_is_found(output: Output, case: Case) -> None:
    assert [form.status is not None and form.expected for form in score(case, output)] == [True] * len(case.truths)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_wrong_value_is_doubted_and_never_accepted(output: Output, case: Case) -> None:
    for form in score(case, output):
        wrong = [leaf for leaf in form.wrong if not leaf.alike]
        assert [leaf for leaf in wrong if form.status == "accepted" or not leaf.covered] == []


@pytest.mark.parametrize("case", [c for c in CASES if c.kind in PLAIN], ids=lambda case: case.name)
def test_plain_scans_are_read_without_a_fault(output: Output, case: Case) -> None:
    assert [leaf for form in score(case, output) for leaf in form.wrong if not leaf.alike] == []


def test_every_record_names_its_source(output: Output) -> None:
    for (name, _), record in output.records.items():
        assert record["source"]["path"] == name
