"""From the command line to JSON: the three text exports must give the sixteen expected objects exactly."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.score import flatten, load_json

EXPORTS = Path(__file__).parents[2] / "fixtures" / "exports"
CONTRADICTORY = {"002_f974810bc026f243.1", "002_f974810bc026f243.2"}
"""Forms whose lines of funding do not add up to the total on the paper itself."""
CASES = sorted(path.stem for path in (EXPORTS / "expected").glob("*.json"))


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of records that one run over the exports writes."""
    out = tmp_path_factory.mktemp("exports")
    run(["run", *map(str, sorted(EXPORTS.glob("*.txt"))), "-o", str(out)])
    return out / "records"


def run(arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "extract", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), f"exit {done.returncode}: {done.stderr[-2000:]}"


def test_there_are_sixteen_forms_and_no_other_record(records: Path) -> None:
    assert len(CASES) == 16
    assert len(list(records.rglob("*.json"))) == 16


@pytest.mark.parametrize("case", CASES)
def test_data_is_exactly_what_the_form_says(records: Path, case: str) -> None:
    stem, number = case.rsplit(".", 1)
    record = load_json(records / f"{stem}.txt.{number}.json")
    expected = load_json(EXPORTS / "expected" / f"{case}.json")
    left, right = dict(flatten(expected)), dict(flatten(record["data"]))
    wrong = {k: (left.get(k), right.get(k)) for k in left | right if left.get(k) != right.get(k)}
    assert not wrong
    assert record["data"] == expected


@pytest.mark.parametrize("case", CASES)
def test_every_value_has_evidence_and_every_check_holds(records: Path, case: str) -> None:
    stem, number = case.rsplit(".", 1)
    record = load_json(records / f"{stem}.txt.{number}.json")
    values = {pointer for pointer, leaf in flatten(record["data"]) if leaf is not None}
    assert {p for p in values if p not in record["evidence"] and "_value/" not in p} == set()
    failed = [check["id"] for check in record["checks"] if check["status"] == "failed"]
    assert bool(failed) == (case in CONTRADICTORY)
