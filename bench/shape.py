"""The lists that a declared form's data holds, and which columns make a row: all that scoring knows of forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extract.forms.declaration.loader import load_forms
from extract.forms.record_shape import Rows, leaves_of, lists_of, record_shape
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, ValueType


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
    shape = record_shape(form)
    texts = tuple(
        ".".join(path)
        for path, leaf in leaves_of(shape)
        if isinstance(leaf.spec, FieldSpec) and leaf.type is ValueType.TEXT
    )
    rows = tuple(lists_of(shape))
    keys = {*shape.members, *(f"{key}.{column}" for key, found in rows for column in found.row.members)}
    return Shape(form.id, tuple(_list(key, found) for key, found in rows), texts, frozenset(keys))


def _list(key: str, rows: Rows) -> ListShape:
    columns = [leaf.spec for _, leaf in leaves_of(rows.row) if isinstance(leaf.spec, ColumnSpec)]
    textual = (ValueType.TEXT, ValueType.LABEL, ValueType.QUANTITY)
    return ListShape(
        key,
        tuple(column.key for column in columns if column.level),
        tuple(column.key for column in columns if not column.level),
        tuple(column.key for column in columns if column.type in textual),
    )
