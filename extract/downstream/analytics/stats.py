"""Figures of a folder of records: by year and organisation, how many, how good, what was in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract.downstream.analytics.query import opened
from extract.downstream.tables.record_rows import ALL, Selection, record_rows
from extract.downstream.tables.table_layout import Role, Table, layout, table_name
from extract.errors import UsageError
from extract.forms.spec import FormSpec, Place, ValueType

TOP_ISSUES = 3
"""Issue codes that are named of a group."""


@dataclass(frozen=True)
class Figures:
    """A group of forms of one year and one organisation; None where none of its forms states it."""

    form: str
    year: int | None
    organisation: str | None
    forms: int
    accepted: int
    mean_score: Decimal | None
    mean_rate: Decimal | None
    issues: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Plan:
    """Where a form keeps what is counted: SQL expressions over `f`, its main table, and `m`, a line of a matrix."""

    table: Table
    issues: Table
    year: str
    organisation: str
    score: str
    rate: str
    join: str


def stats(output: Path, forms: Sequence[FormSpec], by: str | None = None, selection: Selection = ALL) -> list[Figures]:
    """The figures of each form's records, by year and organisation.

    `by` names the field that tells organisations apart; without it, it is the last required text beside a label.
    The score is the last one that ends a list, the rate the first percentage in the first line of a matrix. Raises
    UsageError for a field that no form has, MissingFile for a folder without records.
    """
    if by is not None and not any(by == item.key for form in forms for item in form.fields):
        known = sorted({item.key for form in forms for item in form.fields})
        raise UsageError(f"no form has a field {by!r}; there are: {', '.join(known)}")
    layouts = [layout(form) for form in forms]
    wanted = frozenset(table.name for one in layouts for table in one.tables if table.role in _COUNTED)
    with opened(layouts, record_rows(output, forms, selection), wanted) as connection:
        return [line for form in forms for line in _lines(connection, form, _plan(form, by))]


_COUNTED = frozenset({Role.FORM, Role.LINES, Role.ISSUES})


def _plan(form: FormSpec, by: str | None) -> _Plan:
    made = layout(form)
    years = [item.key for item in form.fields if item.type is ValueType.YEAR]
    texts = [
        item.key for item in form.fields if item.type is ValueType.TEXT and item.place is Place.RIGHT and item.required
    ]
    if by is not None:
        texts = [item.key for item in form.fields if item.key == by]
    rate, join = _rate(form)
    return _Plan(
        made.main,
        next(made.of(Role.ISSUES)),
        _single(made.main, tuple(years[0].split("."))) if years else "NULL::BIGINT",
        _single(made.main, tuple(texts[-1].split("."))) if texts else "NULL",
        _score(form, made.main),
        rate,
        join,
    )


def _single(main: Table, path: tuple[str, ...]) -> str:
    """The column of a single value."""
    name = next(column.name for column in main.values if column.path == path)
    return f'f."{name}"'


def _score(form: FormSpec, main: Table) -> str:
    scores = [
        (table.footer.key, column.key)
        for table in form.tables
        if table.footer
        for column in table.columns
        if column.key in table.footer.columns and column.type is ValueType.SCORE
    ]
    return _single(main, scores[-1]) if scores else "NULL::DECIMAL"


def _rate(form: FormSpec) -> tuple[str, str]:
    """The first percentage of a matrix, and the join to the line that holds it."""
    for matrix in form.matrices:
        for column in matrix.columns:
            if column.type is ValueType.PERCENT:
                lines, first = table_name(form.id, matrix.key), matrix.rows[0].key
                return f'm."{column.key}"', f"LEFT JOIN \"{lines}\" m ON m.form_id = f.id AND m.line = '{first}'"
    return "NULL::DECIMAL", ""


def _lines(connection: Any, form: FormSpec, plan: _Plan) -> list[Figures]:
    group = f'SELECT f.id, {plan.year} AS year, {plan.organisation} AS organisation FROM "{plan.table.name}" f'
    figures = connection.execute(
        f"""
        SELECT {plan.year}, {plan.organisation}, count(*), count(*) FILTER (f.status = 'accepted'),
               round(avg({plan.score}), 2)::DECIMAL(18, 2), round(avg({plan.rate}), 2)::DECIMAL(18, 2)
        FROM "{plan.table.name}" f {plan.join}
        GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2 NULLS LAST
        """
    ).fetchall()
    counted: dict[tuple[Any, Any], list[tuple[str, int]]] = {}
    found = connection.execute(
        f"""
        SELECT g.year, g.organisation, i.code, count(*) AS n
        FROM ({group}) g JOIN "{plan.issues.name}" i ON i.form_id = g.id WHERE i.severity <> 'info'
        GROUP BY ALL ORDER BY n DESC, i.code
        """
    )
    for year, organisation, code, count in found.fetchall():
        counted.setdefault((year, organisation), []).append((code, count))
    return [
        Figures(form.id, *figure, tuple(counted.get((figure[0], figure[1]), [])[:TOP_ISSUES]))
        for figure in map(_figure, figures)
    ]


def _figure(row: Any) -> tuple[int | None, str | None, int, int, Decimal | None, Decimal | None]:
    year, organisation, forms, accepted, score, rate = row
    return year, organisation, forms, accepted, score, rate
