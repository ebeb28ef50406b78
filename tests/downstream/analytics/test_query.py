"""SQL over records."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from extract.downstream.analytics.query import query
from extract.downstream.tables.record_rows import Selection
from extract.errors import MissingFile, UsageError
from extract.forms.spec import FormSpec
from tests.downstream import samples
from tests.downstream.conftest import write

Folder = Callable[[Sequence[dict[str, Any]]], Path]


def test_numbers_are_exact(form: FormSpec, folder: Folder) -> None:
    output = folder([samples.record(f"{n}.tif", data=samples.data(amount=Decimal("0.1"))) for n in range(10)])
    answer = query(output, "SELECT sum(amount) AS total, min(signed) AS first FROM every_type", [form])
    assert (answer.columns, answer.rows) == (("total", "first"), [(Decimal(1), date(2021, 2, 28))])


def test_tables_are_joined(form: FormSpec, folder: Folder) -> None:
    sql = """
        SELECT f.head_name, i.level1, e.page FROM every_type f
        JOIN every_type_items i ON i.form_id = f.id
        JOIN every_type_evidence e ON e.form_id = f.id AND e.pointer = '/items/' || i.number || '/score'
    """
    assert query(folder([samples.record()]), sql, [form]).rows == [("乙", "产出", 2)]


def test_tables_that_are_not_asked_for_are_there(form: FormSpec, folder: Folder) -> None:
    assert query(folder([samples.record()]), "SHOW TABLES", [form]).rows[0] == ("every_type",)


def test_doubtful_records_stay_out(form: FormSpec, folder: Folder) -> None:
    output = folder([samples.record("a.tif"), samples.record("b.tif", status="review")])
    assert query(output, "SELECT count(*) FROM every_type", [form], selection=Selection(only_accepted=True)).rows == [
        (1,)
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT nothing FROM every_type",
        "SELEC",
        "COPY (SELECT 1) TO 'written.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH 'other.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ],
)
def test_what_a_query_may_not(sql: str, form: FormSpec, folder: Folder) -> None:
    with pytest.raises(UsageError, match="every_type_items"):
        query(folder([samples.record()]), sql, [form])


def test_folders_without_records(form: FormSpec, tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        query(tmp_path, "SELECT 1 FROM every_type", [form])


def test_any_record(form: FormSpec, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(samples.records(20))
    def check(record: dict[str, Any]) -> None:
        output = write(tmp_path_factory.mktemp("out"), [record])
        data = record["data"]
        answer = query(output, "SELECT status_, amount, measure, people FROM every_type", [form])
        assert answer.rows == [(data["status"], data["amount"], data["measure"], data["people"])]

    check()
