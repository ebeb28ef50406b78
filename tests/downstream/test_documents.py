"""docs/databases.md says what is so."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from extract.downstream.analytics.query import query
from extract.downstream.database.connection import DRIVERS
from extract.downstream.tables.table_layout import layout
from extract.errors import ExitCode
from extract.forms.declaration.loader import load_forms
from tests.downstream.conftest import fresh
from tests.paths import ROOT

DOCUMENT = (ROOT / "docs" / "databases.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    (folder / "records").mkdir()
    return folder


def test_there_are_ten() -> None:
    assert len(QUERIES) == 10


@pytest.mark.parametrize("sql", QUERIES)
def test_queries_run(sql: str, empty: Path) -> None:
    assert query(empty, sql, load_forms()).columns


def test_queries_run_in_postgresql(request: pytest.FixtureRequest, empty: Path) -> None:
    from extract.downstream.database.loader import load

    url = fresh("postgresql", request, empty)
    load(empty, url, load_forms())
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        for sql in QUERIES:
            assert connection.execute(sa.text(sql)).keys()
    engine.dispose()


def test_every_table_and_column_is_described() -> None:
    (form,) = (form for form in load_forms() if form.id == "project_self_evaluation")
    for table in layout(form).tables:
        assert f"| `{table.name}` |" in DOCUMENT
        for column in table.columns:
            assert f"`{column.name}`" in DOCUMENT or column.name.startswith("actual_")


def test_every_kind_of_database_is_described() -> None:
    assert all(
        f"`{kind}://" in DOCUMENT or f"`{kind}:////" in DOCUMENT
        for kind in DRIVERS
        if kind not in {"sqlite", "postgres"}
    )
    assert f"exit code is {int(ExitCode.INPUT)}" in " ".join(DOCUMENT.split())
