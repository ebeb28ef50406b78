"""Loading: what goes in comes out, twice changes nothing, and nothing is ever half done."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings

from extract.downstream.database.connection import address, define, metadata, open_engine
from extract.downstream.database.loader import load
from extract.downstream.tables.record_rows import Selection
from extract.downstream.tables.table_layout import layout
from extract.errors import BadRecord, DatabaseError, UsageError
from extract.forms.spec import FormSpec
from tests.downstream import rebuild, samples
from tests.downstream.conftest import EVERY_TYPE, TARGETS, fresh, write

NO_SHRINKING = (Phase.explicit, Phase.generate)
"""Each example is a transaction of a real database: to shrink one takes minutes."""

Folder = Callable[[Sequence[dict[str, Any]]], Path]


def held(url: sa.URL, form: FormSpec) -> list[dict[str, Any]]:
    """The records that a database holds."""
    made = layout(form)
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            tables = define(made, metadata())
            # duckdb-engine has SQLAlchemy read decimals through floats; without types they come as DuckDB has them
            untyped = url.get_backend_name() == "duckdb"
            rows = {
                name: [
                    dict(row)
                    for row in connection.execute(
                        sa.text(f"SELECT * FROM {name}") if untyped else sa.select(table)
                    ).mappings()
                ]
                for name, table in tables.items()
            }
    finally:
        engine.dispose()
    return [
        rebuild.record(made, rows, main) for main in sorted(rows[made.main.name], key=lambda row: row["source_path"])
    ]


def count(url: sa.URL, table: str) -> int:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())
    finally:
        engine.dispose()


@pytest.mark.parametrize("kind", TARGETS)
def test_any_record_comes_out_as_it_went_in(
    kind: str, request: pytest.FixtureRequest, form: FormSpec, tmp_path_factory: pytest.TempPathFactory
) -> None:
    digits = 15 if kind == "sqlite" else 20
    url = fresh(kind, request, tmp_path_factory.mktemp("database"))

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=NO_SHRINKING)
    @given(samples.records(digits))
    def check(record: dict[str, Any]) -> None:
        output = write(tmp_path_factory.mktemp("out"), [record])
        load(output, url, [form])
        (found,) = [one for one in held(url, form) if one["source"] == record["source"]]
        assert found == record

    check()


def test_loading_again_changes_nothing(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    output = folder([samples.record("a.tif"), samples.record("a.tif", 1), samples.record("b.tif")])
    none = {"replaced": 0, "unchanged": 0, "left_out": 0, "removed": 0, "gone": 0, "refused": 0}
    assert vars(load(output, url, [form])) == {**none, "loaded": 3}
    before = held(url, form)
    assert load(output, url, [form]).unchanged == 3
    assert held(url, form) == before


def test_a_form_that_was_read_again_replaces_its_rows(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    load(folder([samples.record("a.tif"), samples.record("b.tif")]), url, [form])
    changed = samples.record("a.tif", data=samples.data(amount=7, items=[]))
    summary = load(folder([changed]), url, [form])
    assert (summary.replaced, summary.unchanged) == (1, 1)
    assert held(url, form) == [changed, samples.record("b.tif")]
    assert count(url, "every_type_items") == 2


def test_a_scan_read_as_another_form_leaves_no_row_of_the_first(
    url: sa.URL, form: FormSpec, declare: Callable[[str], FormSpec], folder: Folder
) -> None:
    other = declare(
        EVERY_TYPE.replace('"every_type"', '"other_type"').replace('titles = ["样表"]', 'titles = ["别表"]')
    )
    load(folder([samples.record("a.tif")]), url, [form, other])
    load(folder([samples.record("a.tif", form="other_type")]), url, [form, other])
    assert (count(url, "every_type"), count(url, "every_type_evidence"), count(url, "other_type")) == (0, 0, 1)


def test_doubtful_records_stay_out(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    output = folder([samples.record("a.tif"), samples.record("b.tif", status="review")])
    summary = load(output, url, [form], selection=Selection(only_accepted=True))
    assert (summary.loaded, summary.left_out) == (1, 1)
    assert [one["source"]["path"] for one in held(url, form)] == ["a.tif"]


def test_what_is_doubtful_now_is_taken_out(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    load(folder([samples.record("a.tif")]), url, [form], selection=Selection(only_accepted=True))
    summary = load(
        folder([samples.record("a.tif", status="review")]), url, [form], selection=Selection(only_accepted=True)
    )
    assert (summary.left_out, summary.removed, held(url, form)) == (1, 1, [])


def test_a_copy_of_a_scan_is_loaded_once(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    copy = samples.record("a.tif")
    copy["source"] = {**copy["source"], "path": "z/a.tif"}
    output = folder([samples.record("a.tif"), copy])
    load(output, url, [form])
    assert load(output, url, [form]).replaced == 0
    assert count(url, "every_type") == 1


def test_of_copies_that_were_read_differently_the_first_counts(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    copy = samples.record("a.tif", data=samples.data(amount=7))
    copy["source"] = {**copy["source"], "path": "z/a.tif"}
    output = folder([samples.record("a.tif"), copy])
    for _ in range(2):
        assert load(output, url, [form]).replaced == 0
        assert held(url, form) == [samples.record("a.tif")]


def test_a_scan_with_fewer_forms_than_before(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    output = folder([samples.record("a.tif"), samples.record("a.tif", 1), samples.record("b.tif")])
    load(output, url, [form])
    for name in ("a.tif.2.json", "b.tif.1.json"):
        (output / "records" / name).unlink()
    summary = load(output, url, [form])
    assert (summary.unchanged, summary.gone) == (1, 1)
    assert held(url, form) == [samples.record("a.tif"), samples.record("b.tif")]


def test_what_is_gone_is_taken_out_when_asked_for(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    output = folder([samples.record(f"{n}.tif") for n in range(3)])
    load(output, url, [form])
    (output / "records" / "1.tif.1.json").unlink()
    summary = load(output, url, [form], prune=True)
    assert (summary.unchanged, summary.gone) == (2, 1)
    assert held(url, form) == [samples.record("0.tif"), samples.record("2.tif")]
    assert count(url, "every_type_evidence") == 4


def test_a_folder_without_a_record_does_not_empty_the_database(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    output, url = folder([samples.record()]), address(None, tmp_path)
    load(output, url, [form])
    next((output / "records").rglob("*.json")).unlink()
    with pytest.raises(UsageError, match="holds no record"):
        load(output, url, [form], prune=True)
    assert count(url, "every_type") == 1


def test_a_bad_record_is_left_out_and_what_was_loaded_of_its_scan_stays(
    url: sa.URL, form: FormSpec, folder: Folder
) -> None:
    load(folder([samples.record("b.tif")]), url, [form])
    output = folder([samples.record(f"a{n}.tif") for n in range(600)])
    for name in ("b", "c"):
        (output / "records" / f"{name}.tif.1.json").write_text("{", encoding="utf-8")
    refused: list[str] = []
    told = load(output, url, [form], Selection(lambda error: refused.append(str(error))), prune=True)
    assert (told.loaded, told.refused, told.gone) == (600, 2, 0)
    assert ["b.tif" in refused[0], "c.tif" in refused[1]] == [True, True]
    assert count(url, "every_type") == 601


def test_a_loader_that_is_killed_leaves_the_database_as_it_was(
    url: sa.URL, form: FormSpec, folder: Folder, tmp_path: Path
) -> None:
    load(folder([samples.record("b.tif")]), url, [form])
    output = folder([samples.record(f"a{n}.tif") for n in range(1200)])
    mark = tmp_path / "mark"
    program = f"""
import sys, time
from pathlib import Path
import sqlalchemy as sa
from extract.downstream.database import loader as loading
from extract.forms.declaration.loader import load_form
take = loading._Loader.take
batches = []
def slowly(self, batch):
    take(self, batch)
    batches.append(batch)
    if len(batches) == 2:
        Path({str(mark)!r}).touch()
        time.sleep(60)
loading._Loader.take = slowly
loading.load(Path({str(output)!r}), sa.make_url({url.render_as_string(False)!r}), [load_form(Path({str(form.path)!r}))])
"""
    loader = subprocess.Popen([sys.executable, "-c", program])
    end = time.monotonic() + 60
    while not mark.exists() and time.monotonic() < end:
        assert loader.poll() is None
        time.sleep(0.05)
    loader.kill()
    loader.wait()
    assert [one["source"]["path"] for one in held(url, form)] == ["b.tif"]
    assert load(output, url, [form]).loaded == 1200


def test_comments_show_the_printed_labels(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    load(folder([samples.record()]), url, [form])
    queries = {
        "sqlite": "SELECT label FROM zhibiao_columns WHERE table_name = 'every_type' AND column_name = 'head_name'",
        "duckdb": "SELECT comment FROM duckdb_columns() WHERE table_name = 'every_type' AND column_name = 'head_name'",
        "postgresql": "SELECT col_description('every_type'::regclass, ordinal_position::int) "
        "FROM information_schema.columns WHERE table_name = 'every_type' AND column_name = 'head_name'",
        "mariadb": "SELECT column_comment FROM information_schema.columns WHERE table_schema = database() "
        "AND table_name = 'every_type' AND column_name = 'head_name'",
    }
    engine = open_engine(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text(queries[url.get_backend_name()])).scalar_one() == "项目名称"
    engine.dispose()


@pytest.mark.parametrize("kind", [kind for kind in TARGETS if kind != "duckdb"])
def test_rows_without_their_form_are_refused(
    kind: str, form: FormSpec, folder: Folder, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """DuckDB's tables have no foreign keys: it cannot replace rows under one in one transaction."""
    url = fresh(kind, request, tmp_path)
    load(folder([samples.record()]), url, [form])
    engine = open_engine(url)
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        if url.get_backend_name() == "sqlite":
            connection.rollback()
            connection.connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(sa.text("INSERT INTO every_type_funding (form_id, line) VALUES (99, 'total')"))
    engine.dispose()


def test_sums_are_exact(url: sa.URL, form: FormSpec, folder: Folder) -> None:
    load(folder([samples.record(f"{n}.tif", data=samples.data(amount=Decimal("0.1"))) for n in range(10)]), url, [form])
    engine = open_engine(url)
    with engine.connect() as connection:
        total = connection.execute(sa.text("SELECT sum(amount) FROM every_type")).scalar_one()
    engine.dispose()
    if url.get_backend_name() == "sqlite":  # it has no decimals: docs/databases.md says to round
        total = round(total, 6)
    assert total == 1


def test_sqlite_refuses_what_it_would_round(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    output = folder([samples.record(data=samples.data(amount=Decimal("12345678901234.123456")))])
    with pytest.raises(DatabaseError, match="15 digits"):
        load(output, address(None, tmp_path), [form])


def test_more_decimals_than_declared_are_refused(
    declare: Callable[[str], FormSpec], folder: Folder, tmp_path: Path
) -> None:
    form = declare(EVERY_TYPE.replace('type = "percent"', 'type = "percent"\ndecimals = 2'))
    output = folder([samples.record(data=samples.data(share=Decimal("98.52")))])
    url = address(None, tmp_path)
    load(output, url, [form])
    with pytest.raises(BadRecord, match=r"/share: 98.525 does not fit the column share, decimal\(8, 2\)"):
        load(folder([samples.record(data=samples.data(share=Decimal("98.525")))]), url, [form])
    assert held(url, form)[0]["data"]["share"] == Decimal("98.52")


def test_forms_that_are_not_declared_are_named(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no_such"):
        load(folder([samples.record(form="no_such")]), address(None, tmp_path), [form])


def test_passwords_are_not_printed(form: FormSpec, folder: Folder, tmp_path: Path) -> None:
    url = address("postgresql://somebody:secret@127.0.0.1:1/none", tmp_path)
    with pytest.raises(DatabaseError) as refused:
        load(folder([samples.record()]), url, [form])
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("oracle://x/y", "not supported"),
        ("nothing", "no address"),
        ("postgresql://u:secret@host:port/x", "no address"),
        ("postgresql:/u:secret@host/x", "no address"),
    ],
)
def test_addresses_that_lead_nowhere(text: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=word) as refused:
        address(text, tmp_path)
    assert "secret" not in str(refused.value)
