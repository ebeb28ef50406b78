"""Shared by the tests of what becomes of records: a form with every type, servers, output folders."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa

from extract.forms.declaration.loader import load_form
from extract.forms.spec import FormSpec
from extract.records.encode import dumps
from tests.downstream import servers

TARGETS = ("sqlite", "postgresql", "duckdb", "mariadb")

EVERY_TYPE = """
id = "every_type"
version = "1.0.0"
name = "样表"
[identify]
titles = ["样表"]
labels = ["项目名称"]
[[field]]
key = "title"
place = "title"
type = "text"
[[field]]
key = "fiscal_year"
place = "heading"
type = "year"
[[field]]
key = "head.name"
labels = ["项目名称", "项目名"]
type = "text"
required = true
[[field]]
key = "status"
labels = ["进度"]
type = "text"
[[field]]
key = "amount"
labels = ["金额"]
type = "amount"
[[field]]
key = "share"
labels = ["比例"]
type = "percent"
[[field]]
key = "measure"
labels = ["数值"]
type = "number"
[[field]]
key = "people"
labels = ["人数"]
type = "integer"
[[field]]
key = "signed"
labels = ["日期"]
type = "date"
[[field]]
key = "goal"
labels = ["目标"]
type = "quantity"
[[field]]
key = "rating"
labels = ["等级"]
type = "choice"
values = ["优", "良"]
[[matrix]]
key = "funding"
labels = ["资金"]
unit = { key = "currency_unit", values = ["元", "万元"] }
[[matrix.row]]
key = "total"
labels = ["总额"]
[[matrix.row]]
key = "other"
labels = ["其他"]
[[matrix.column]]
key = "executed"
labels = ["执行数"]
type = "amount"
[[matrix.column]]
key = "rate"
labels = ["执行率"]
type = "percent"
[[table]]
key = "items"
[[table.column]]
key = "level1"
labels = ["一级"]
type = "label"
level = 1
[[table.column]]
key = "level2"
labels = ["二级"]
type = "label"
level = 2
[[table.column]]
key = "target"
labels = ["指标值"]
type = "quantity"
[[table.column]]
key = "score"
labels = ["得分"]
type = "score"
[[table.group]]
label = "产出"
labels = ["产出"]
children = [["数量"]]
[table.footer]
key = "sum"
labels = ["总分"]
columns = ["score"]
"""


@pytest.fixture(scope="session")
def declare(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], FormSpec]:
    """A form from the text of its declaration."""

    def made(text: str) -> FormSpec:
        path = tmp_path_factory.mktemp("forms") / "form.toml"
        path.write_text(text, encoding="utf-8")
        return load_form(path)

    return made


@pytest.fixture(scope="session")
def form(declare: Callable[[str], FormSpec]) -> FormSpec:
    return declare(EVERY_TYPE)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Sequence[dict[str, Any]]], Path]:
    """An output folder that holds these records, and those it held before."""

    def made(records: Sequence[dict[str, Any]]) -> Path:
        return write(tmp_path / "out", records)

    return made


def write(output: Path, records: Sequence[dict[str, Any]]) -> Path:
    """Records as `zhibiao run` lays them down, named after their scans."""
    for record in records:
        source = record["source"]
        path = output / "records" / f"{source['path']}.{source['index'] + 1}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dumps(record), encoding="utf-8")
    return output


@pytest.fixture(scope="session")
def postgres() -> Iterator[sa.URL]:
    try:
        with TemporaryDirectory() as folder, servers.postgres(Path(folder)) as url:
            yield url
    except servers.NotToBeHad as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def mariadb() -> Iterator[sa.URL]:
    try:
        with TemporaryDirectory() as folder, servers.mariadb(Path(folder)) as url:
            yield url
    except servers.NotToBeHad as missing:
        pytest.skip(str(missing))


_numbers = count(1)


def fresh(kind: str, request: pytest.FixtureRequest, folder: Path) -> sa.URL:
    """The address of an empty database of a kind."""
    if kind in {"sqlite", "duckdb"}:
        return sa.URL.create(kind, database=str(folder / f"{next(_numbers)}.{kind}"))
    server: sa.URL = request.getfixturevalue({"postgresql": "postgres"}.get(kind, kind))
    name = f"t{next(_numbers)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name)


@pytest.fixture(params=TARGETS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> sa.URL:
    """An empty database of each kind in turn."""
    return fresh(request.param, request, tmp_path)
