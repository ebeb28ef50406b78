"""The lists that a declared form's data holds, and which columns make a row: all that scoring knows of forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extract.forms.declaration.loader import load_forms
from extract.forms.spec import FormSpec, TableSpec, ValueType


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list of rows: its key, the columns of its upper levels, its other columns, and which of those are texts."""

    key: str
    levels: tuple[str, ...]
    own: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A form's shape: its id, its lists, and its single texts, dotted, by which two forms are told apart."""

    form: str
    lists: tuple[ListShape, ...]
    texts: tuple[str, ...]
    keys: frozenset[str]


@lru_cache(maxsize=1)
def shapes() -> tuple[Shape, ...]:
    """The shapes of all declared forms."""
    return tuple(_shape(form) for form in load_forms())


def shape_of(data: Mapping[str, Any]) -> Shape:
    """The shape whose keys, those of the rows of its lists included, are most like those of a record's data."""
    keys = _keys(data)
    return max(shapes(), key=lambda shape: (len(shape.keys & keys), -len(shape.keys ^ keys)))


def _keys(data: Mapping[str, Any]) -> set[str]:
    rows = [(key, row) for key, value in data.items() if isinstance(value, Sequence) for row in value[:1]]
    return {*data.keys(), *(f"{key}.{part}" for key, row in rows if isinstance(row, Mapping) for part in row)}


def _shape(form: FormSpec) -> Shape:
    texts = tuple(field.key for field in form.fields if field.type is ValueType.TEXT)
    keys = [field.key.split(".")[0] for field in form.fields] + [matrix.key for matrix in form.matrices]
    for table in form.tables:
        keys += [table.key, *([table.footer.key] if table.footer else [])]
        keys += [f"{table.key}.{column.key}" for column in table.columns]
    return Shape(form.id, tuple(_list(table) for table in form.tables), texts, frozenset(keys))


def _list(table: TableSpec) -> ListShape:
    own = [column for column in table.columns if not column.level]
    textual = (ValueType.TEXT, ValueType.LABEL, ValueType.QUANTITY)
    return ListShape(
        table.key,
        tuple(column.key for column in table.columns if column.level),
        tuple(column.key for column in own),
        tuple(column.key for column in table.columns if column.type in textual),
    )
