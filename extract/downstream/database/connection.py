"""A form's tables as SQLAlchemy has them, and the engines that the addresses of databases stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import SchemaItem

from extract.downstream.tables.table_layout import Column, Kind, Layout, Role
from extract.errors import DatabaseError, UsageError

FILE = "zhibiao.db"
"""The SQLite file in the output folder that is loaded into where no other database is named."""

DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "duckdb": "duckdb",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
"""The driver that each kind of address is opened with."""

EXTRAS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "duckdb": "duckdb"}
"""The extra of the distribution that brings each driver."""

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s",
    "uq": "uq_%(table_name)s",
}

_MYSQL: dict[str, Any] = {
    f"{kind}_{option}": value
    for kind in ("mysql", "mariadb")
    for option, value in (("charset", "utf8mb4"), ("collate", "utf8mb4_bin"))
}
"""All of Unicode, compared byte by byte, whatever the server's default is."""

CATALOGUE = "zhibiao_columns"
"""The table that says of every column what it holds and what the form prints for it."""


def metadata() -> sa.MetaData:
    """An empty set of tables whose constraints get names that can be told beforehand."""
    return sa.MetaData(naming_convention=_NAMES)


def catalogue(meta: sa.MetaData) -> sa.Table:
    """The table of columns: it makes the database readable where comments are not kept, and migrations possible."""
    columns: list[SchemaItem] = [
        *(sa.Column(name, _word(), nullable=False) for name in ("form", "form_version", "type")),
        *(sa.Column(name, _word(), primary_key=True) for name in ("table_name", "column_name")),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("label", _text(), nullable=False),
    ]
    return sa.Table(CATALOGUE, meta, *columns, **_MYSQL)


def define(layout: Layout, meta: sa.MetaData, foreign_keys: bool = True) -> dict[str, sa.Table]:
    """The tables of a form by name; `foreign_keys` False for databases that cannot replace rows under them."""
    tables = {}
    for table in layout.tables:
        items: list[SchemaItem] = [_column(column, place < table.key) for place, column in enumerate(table.columns)]
        if table.role is Role.FORM:
            items.append(sa.UniqueConstraint("source_sha256", "source_index"))
        elif foreign_keys:
            items.append(sa.ForeignKeyConstraint(["form_id"], [f"{layout.main.name}.id"]))
        tables[table.name] = sa.Table(
            table.name,
            meta,
            *items,
            comment=table.label,
            sqlite_with_rowid=table.role is Role.FORM,
            **_MYSQL,
        )
    return tables


def _column(column: Column, key: bool) -> sa.Column[Any]:
    return sa.Column(
        column.name,
        column_type(column),
        primary_key=key,
        autoincrement=False,
        nullable=not column.required,
        comment=column.label or None,
    )


def column_type(column: Column) -> sa.types.TypeEngine[Any]:
    """The SQL type of a column."""
    if column.kind is Kind.DECIMAL:
        return sa.Numeric(column.digits, column.decimals)
    if column.kind is Kind.INTEGER:
        return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    if column.kind is Kind.DATE:
        return sa.Date()
    return _word() if column.kind is Kind.WORD else _text()


def _text() -> sa.types.TypeEngine[Any]:
    """Text of any length; MySQL's plain TEXT ends at 64 KB."""
    return sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


def _word() -> sa.types.TypeEngine[Any]:
    """A short text, compared byte by byte, as keys are."""
    return sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")


def address(text: str | None, output: Path) -> sa.URL:
    """The address of a database; the SQLite file of the output folder where none is given.

    Raises UsageError for one that is malformed, or of a kind that is not supported.
    """
    if text is None:
        return sa.URL.create("sqlite", database=str(output / FILE))
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError) as error:  # a port that is no number is a ValueError
        shown = re.sub(r":[^:/]*@", ":***@", text)
        raise UsageError(f"{shown!r} is no address of a database, like postgresql://user@host:5432/name") from error
    kind = url.get_backend_name()
    if kind not in DRIVERS:
        raise UsageError(f"{kind} is not supported; these are: {', '.join(DRIVERS)}")
    return url.set(drivername=DRIVERS[kind])


def open_engine(url: sa.URL) -> sa.Engine:
    """An engine whose transactions hold all of the work. Raises UsageError where the driver is not installed."""
    kind = url.get_backend_name()
    options: dict[str, Any] = {"connect_args": {"charset": "utf8mb4"}} if kind in {"mysql", "mariadb"} else {}
    try:
        engine = sa.create_engine(url, **options)
    except (ImportError, NoSuchModuleError) as error:
        raise UsageError(f"{kind} needs its driver: pip install 'zhibiao[{EXTRAS.get(kind, kind)}]'") from error
    if kind == "sqlite":
        _take_over_transactions(engine)
    return engine


def _take_over_transactions(engine: sa.Engine) -> None:
    """Begin SQLite's transactions ourselves, at once for writing: the driver would leave DDL outside of them."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def said_plainly(engine: sa.Engine) -> Iterator[None]:
    """Turn what a database says into a DatabaseError, with the password left out of it."""
    driver: Any = engine.dialect.loaded_dbapi
    try:
        yield
    except (SQLAlchemyError, driver.Error) as error:
        cause = str(getattr(error, "orig", None) or error).strip()
        raise DatabaseError(f"{engine.url.render_as_string()}: {cause}") from error
