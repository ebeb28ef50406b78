"""A record says no more than its values come to."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from extract.downstream.tables.record_status import check_status
from extract.errors import BadRecord
from extract.forms.spec import FormSpec
from extract.records.decode import StoredRecord, decode
from extract.records.encode import dumps
from tests.downstream import samples
from tests.downstream.conftest import EVERY_TYPE

RULE = """
[[check]]
id = "scores"
rule = "sum.score <= 6"
message = "sum of scores"
"""


ISSUE = {"code": "schema", "pointer": "/x", "message": "", "expected": None, "actual": ""}


@pytest.fixture(scope="module")
def form(declare: Callable[[str], FormSpec]) -> FormSpec:
    return declare(EVERY_TYPE + RULE)


def stored(is_as_written: bool = False, **changes: Any) -> StoredRecord:
    checks = [{"id": "scores", "status": "passed", "message": "6 = 6", "pointers": []}]
    return decode(dumps(samples.record(**{"checks": checks, **changes})).encode(), "a.json", is_as_written)


def test_a_record_as_it_was_made(form: FormSpec) -> None:
    check_status(stored(), form)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"data": samples.data(sum={"score": Decimal("9.5")})}, "another outcome of scores"),
        ({"checks": []}, "another outcome of scores"),
        ({"data": samples.data(head={"name": None})}, "/head/name is blank"),
        (
            {
                "issues": [
                    {
                        "code": "schema",
                        "severity": "error",
                        "pointer": "/x",
                        "message": "",
                        "expected": None,
                        "actual": "",
                    }
                ]
            },
            "/x has an error",
        ),
    ],
)
def test_a_record_that_somebody_changed(changes: dict[str, Any], said: str, form: FormSpec) -> None:
    with pytest.raises(BadRecord, match=f"a.json was altered: .*{said}"):
        check_status(stored(**changes), form)


def test_what_the_ledger_vouches_for_or_another_version_made_is_not_computed_anew(form: FormSpec) -> None:
    check_status(stored(is_as_written=True, checks=[]), form)
    check_status(stored(form_version="0.9.0", checks=[]), form)
