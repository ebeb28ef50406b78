"""A form's version changes: what is added is added, what is removed stays, anything else is refused."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from extract.downstream.database.connection import open_engine
from extract.downstream.database.loader import load
from extract.errors import BadRecord, MigrationRefused
from extract.forms.spec import FormSpec
from tests.downstream import samples
from tests.downstream.conftest import EVERY_TYPE

Folder = Callable[[Sequence[dict[str, Any]]], Path]
Declare = Callable[[str], FormSpec]

NEW_FIELD = """[[field]]
key = "region"
labels = ["地区"]
type = "text"
[[field]]
key = "fee"
labels = ["费用"]
type = "amount"
[[matrix]]"""
NEWER = EVERY_TYPE.replace('"1.0.0"', '"1.1.0"').replace("[[matrix]]", NEW_FIELD, 1)
NEW_LIST = (
    NEWER.replace('"1.1.0"', '"1.2.0"')
    + '[[table]]\nkey = "steps"\n[[table.column]]\nkey = "step"\nlabels = ["步骤"]\ntype = "text"\n'
)


def rows(url: sa.URL, sql: str) -> list[tuple[Any, ...]]:
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(sql))]
    finally:
        engine.dispose()


def newer(name: str = "b.tif", **values: Any) -> dict[str, Any]:
    return samples.record(name, form_version="1.1.0", data=samples.data(region="沪", fee=5, **values))


def test_added_values_get_columns(url: sa.URL, declare: Declare, folder: Folder) -> None:
    load(folder([samples.record("a.tif")]), url, [declare(EVERY_TYPE)])
    load(folder([newer()]), url, [declare(NEWER)])
    assert rows(url, "SELECT region, fee FROM every_type ORDER BY source_path") == [(None, None), ("沪", 5)]
    labels = rows(
        url,
        "SELECT label, form_version FROM zhibiao_columns WHERE table_name = 'every_type' AND column_name = 'region'",
    )
    assert labels == [("地区", "1.1.0")]


def test_an_added_list_gets_its_table(url: sa.URL, declare: Declare, folder: Folder) -> None:
    load(folder([samples.record("a.tif")]), url, [declare(EVERY_TYPE)])
    load(folder([newer(steps=[{"step": "一"}])]), url, [declare(NEW_LIST)])
    assert rows(url, "SELECT number, step FROM every_type_steps") == [(0, "一")]


def test_removed_values_keep_their_columns(url: sa.URL, declare: Declare, folder: Folder, tmp_path: Path) -> None:
    load(folder([newer("a.tif", steps=[{"step": "一"}])]), url, [declare(NEW_LIST)])
    older = declare(EVERY_TYPE.replace('"1.0.0"', '"2.0.0"'))
    (tmp_path / "out" / "records" / "a.tif.1.json").unlink()
    load(folder([samples.record("b.tif")]), url, [older])
    assert rows(url, "SELECT region FROM every_type ORDER BY source_path") == [("沪",), (None,)]
    load(folder([samples.record("a.tif")]), url, [older])  # its rows of the list that is gone go with it
    assert rows(url, "SELECT count(*) FROM every_type_steps") == [(0,)]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('labels = ["人数"]\ntype = "integer"', 'labels = ["人数"]\ntype = "text"', "every_type.people is text"),
        (
            'key = "amount"\nlabels = ["金额"]\ntype = "amount"',
            'key = "amount"\nlabels = ["金额"]\ntype = "percent"',
            "decimal",
        ),
    ],
)
def test_other_changes_are_refused(
    url: sa.URL, declare: Declare, folder: Folder, old: str, new: str, word: str
) -> None:
    assert old in EVERY_TYPE
    load(folder([samples.record("a.tif")]), url, [declare(EVERY_TYPE)])
    with pytest.raises(MigrationRefused, match=word):
        load(folder([samples.record("b.tif")]), url, [declare(EVERY_TYPE.replace(old, new))])
    assert rows(url, "SELECT count(*) FROM every_type") == [(1,)]


def test_a_value_that_is_not_declared_is_not_lost_silently(url: sa.URL, declare: Declare, folder: Folder) -> None:
    with pytest.raises(BadRecord, match=r"/fee is no value of every_type 1\.0\.0"):
        load(folder([newer()]), url, [declare(EVERY_TYPE)])
