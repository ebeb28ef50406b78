"""The tables of a form in a database: made, or brought up to the declaration where nothing is lost by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn, SetColumnComment

from extract.downstream.database.connection import CATALOGUE, catalogue, define, metadata
from extract.downstream.tables.table_layout import Column, Layout, Table
from extract.errors import MigrationRefused

Known = Mapping[str, Mapping[str, str]]
"""Type names by table and column."""


@dataclass(frozen=True)
class Prepared:
    """A form's tables as they stand in the database: those declared, and those that only earlier versions had."""

    layout: Layout
    tables: Mapping[str, sa.Table]
    former: tuple[str, ...]

    @property
    def main(self) -> sa.Table:
        """The table of the form's single values."""
        return self.tables[self.layout.main.name]

    @property
    def children(self) -> tuple[str, ...]:
        """The names of all tables whose rows belong to a row of the main one."""
        return (*(name for name in self.tables if name != self.layout.main.name), *self.former)


def prepare(connection: sa.Connection, layout: Layout) -> Prepared:
    """Make or migrate the tables of a form: missing columns are added, columns no longer declared stay.

    Raises MigrationRefused, before anything is changed, where a column holds something else than is declared.
    """
    meta = metadata()
    columns = catalogue(meta)
    tables = define(layout, meta, foreign_keys=connection.dialect.name != "duckdb")
    if not sa.inspect(connection).has_table(CATALOGUE):
        columns.create(connection, checkfirst=False)
    known = _known(connection, columns, layout.form)
    refusals = list(_refusals(layout, known))
    if refusals:
        raise MigrationRefused("\n".join(refusals))
    for table in layout.tables:
        if table.name not in known:
            tables[table.name].create(connection, checkfirst=_may_be_left_over(connection))
        else:
            _add_columns(connection, tables[table.name], known[table.name])
        _note(connection, columns, layout, table, known.get(table.name, {}))
    former = tuple(name for name in known if name not in tables)
    return Prepared(layout, tables, former)


def _may_be_left_over(connection: sa.Connection) -> bool:
    """Whether a loader that was killed may have made a table and not noted it: where DDL is in no transaction."""
    return connection.dialect.name in {"mysql", "mariadb"}


def _known(connection: sa.Connection, columns: sa.Table, form: str) -> Known:
    known: dict[str, dict[str, str]] = {}
    wanted = sa.select(columns.c.table_name, columns.c.column_name, columns.c.type)
    for table, column, kind in connection.execute(wanted.where(columns.c.form == form).order_by(columns.c.position)):
        known.setdefault(table, {})[column] = kind
    return known


def _refusals(layout: Layout, known: Known) -> Iterator[str]:
    """Each difference that cannot be mended by adding a column."""
    for table in layout.tables:
        there = known.get(table.name)
        if there is None:
            continue
        for place, column in enumerate(table.columns):
            held = there.get(column.name)
            if held is None and (place < table.key or column.required):
                yield f"{table.name}: its rows are told apart by {column.name} now, which the database does not have"
            elif held is not None and held != column.type_name:
                declared = f"{column.type_name} in version {layout.version}"
                yield f"{table.name}.{column.name} is {declared}, {held} in the database"
        needed = {"form_id", "line", "number", "pointer"} & (there.keys() - set(table.names))
        for name in sorted(needed & _keys(there)):
            yield f"{table.name}: its rows were told apart by {name}, which version {layout.version} does not have"


def _keys(there: Mapping[str, str]) -> set[str]:
    """The first two columns: those that tell the rows of a child table apart."""
    return set(list(there)[:2])


def _add_columns(connection: sa.Connection, table: sa.Table, there: Mapping[str, str]) -> None:
    quote = connection.dialect.identifier_preparer.format_table(table)
    for column in table.columns:
        if column.name not in there:
            declared = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {quote} ADD COLUMN {declared}")
            if connection.dialect.supports_comments and not connection.dialect.inline_comments:
                connection.execute(SetColumnComment(column))


def _note(connection: sa.Connection, columns: sa.Table, layout: Layout, table: Table, there: Mapping[str, str]) -> None:
    """Write a table's columns into the catalogue, with the version that declares them now."""
    if list(there) == list(table.names):
        mine = (columns.c.table_name == table.name) & (columns.c.form_version != layout.version)
        connection.execute(columns.update().where(mine).values(form_version=layout.version))
        return
    declared = columns.c.column_name.in_(table.names)
    connection.execute(columns.delete().where((columns.c.table_name == table.name) & declared))
    connection.execute(columns.insert(), [_entry(layout, table, *item) for item in enumerate(table.columns)])


def _entry(layout: Layout, table: Table, position: int, column: Column) -> dict[str, str | int]:
    return {
        "form": layout.form,
        "form_version": layout.version,
        "table_name": table.name,
        "column_name": column.name,
        "position": position,
        "type": column.type_name,
        "label": column.label,
    }
