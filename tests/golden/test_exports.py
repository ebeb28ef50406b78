"""From the command line to JSON: the three text exports must give the sixteen expected objects exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bench.score import flatten, load_json
from tests.paths import ROOT

EXPORTS = ROOT / "fixtures" / "exports"
CONTRADICTORY = {"002_f974810bc026f243.1", "002_f974810bc026f243.2"}
"""Forms whose lines of funding do not add up to the total on the paper itself."""
CASES = sorted(path.stem for path in (EXPORTS / "expected").glob("*.json"))


@pytest.fixture(scope="session")
def records(digitise: Callable[[Sequence[Path]], Path]) -> Path:
    """The folder of records that one run over the exports writes."""
    return digitise(sorted(EXPORTS.glob("*.txt"))) / "records"


def test_there_are_sixteen_forms_and_no_other_record(records: Path) -> None:
    assert len(CASES) == 16
    assert len(list(records.rglob("*.json"))) == 16


@pytest.mark.parametrize("case", CASES)
def test_data_is_exactly_what_the_form_says(records: Path, case: str) -> None:
    stem, number = case.rsplit(".", 1)
    data = load_json(records / f"{stem}.txt.{number}.json")["data"]
    expected = load_json(EXPORTS / "expected" / f"{case}.json")
    left, right = dict(flatten(expected)), dict(flatten(data))
    assert {k: (left.get(k), right.get(k)) for k in left | right if left.get(k) != right.get(k)} == {}
    assert data == expected


@pytest.mark.parametrize("case", CASES)
def test_every_value_has_evidence_and_every_check_holds(records: Path, case: str) -> None:
    stem, number = case.rsplit(".", 1)
    record = load_json(records / f"{stem}.txt.{number}.json")
    values = {pointer for pointer, leaf in flatten(record["data"]) if leaf is not None}
    assert values - set(record["evidence"]) == set()
    failed = [check["id"] for check in record["checks"] if check["status"] == "failed"]
    assert bool(failed) == (case in CONTRADICTORY)
