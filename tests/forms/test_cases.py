"""Each shipped form has a good and a bad case: dropping files into fixtures/cases/<form-id>/ adds a test.

`good*.txt` lies beside `good*.json`, the expected `data`; `bad*.txt` beside `bad*.json`, its status and failed checks.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from extract.batch.session import source_of
from extract.forms.declaration.loader import load_forms
from extract.model import CheckStatus, Record
from extract.pipeline import Pipeline
from extract.records.encode import dumps
from extract.settings.defaults import Settings
from tests.paths import ROOT

CASES = ROOT / "fixtures" / "cases"
FORMS = load_forms()
GOOD = sorted(CASES.glob("*/good*.txt"))
BAD = sorted(CASES.glob("*/bad*.txt"))


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def digitise(file: Path) -> Record:
    (record,) = Pipeline(FORMS, Settings()).digitise(file, source_of(file)).records
    assert record.form == file.parent.name
    return record


def test_every_shipped_form_has_a_good_and_a_bad_case() -> None:
    ids = {form.id for form in FORMS}
    assert {file.parent.name for file in GOOD} == ids
    assert {file.parent.name for file in BAD} == ids


@pytest.mark.parametrize("file", GOOD, ids=name)
def test_good_case_is_accepted_with_exactly_its_data(file: Path) -> None:
    record = digitise(file)
    expected = json.loads(file.with_suffix(".json").read_text("utf-8"), parse_float=Decimal)
    assert json.loads(dumps(record.data), parse_float=Decimal) == expected
    assert record.status == "accepted"


@pytest.mark.parametrize("file", BAD, ids=name)
def test_bad_case_says_what_is_wrong(file: Path) -> None:
    record = digitise(file)
    expected = json.loads(file.with_suffix(".json").read_text("utf-8"))
    failed = sorted({check.id for check in record.checks if check.status is CheckStatus.FAILED})
    assert {"status": record.status, "failed": failed} == expected
