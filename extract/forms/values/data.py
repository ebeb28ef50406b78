"""Values to the record's data: every declared key is there, null where nothing was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extract.forms.spec import ColumnSpec, FormSpec, ValueType
from extract.forms.values.parse import State, Value
from extract.model import JsonValue

Values = Mapping[str, Value]


def data_of(form: FormSpec, values: Values, lists: Mapping[str, int]) -> dict[str, JsonValue]:
    """The `data` object of a record; keys in the order of the declaration."""
    data: dict[str, JsonValue] = {}
    for field in form.fields:
        _put(data, field.key.split("."), _scalar(values, "/" + field.key.replace(".", "/")))
    for matrix in form.matrices:
        rows: dict[str, JsonValue] = {}
        if matrix.unit:
            rows[matrix.unit.key] = _scalar(values, f"/{matrix.key}/{matrix.unit.key}")
        for row in matrix.rows:
            rows[row.key] = _columns(values, f"/{matrix.key}/{row.key}", matrix.columns)
        data[matrix.key] = rows
    for table in form.tables:
        count = lists.get(table.key, 0)
        data[table.key] = [_columns(values, f"/{table.key}/{i}", table.columns) for i in range(count)]
        if table.footer:
            own = [c for c in table.columns if c.key in table.footer.columns]
            data[table.footer.key] = _columns(values, f"/{table.footer.key}", own)
    return data


def _put(data: dict[str, JsonValue], path: Sequence[str], value: JsonValue) -> None:
    for key in path[:-1]:
        inner = data.setdefault(key, {})
        assert isinstance(inner, dict)
        data = inner
    data[path[-1]] = value


def _scalar(values: Values, pointer: str) -> JsonValue:
    value = values.get(pointer)
    return value.data if value is not None and value.state is State.READ else None


def _columns(values: Values, at: str, columns: Sequence[ColumnSpec]) -> dict[str, JsonValue]:
    row: dict[str, JsonValue] = {}
    for column in columns:
        value = values.get(f"{at}/{column.key}")
        row[column.key] = _scalar(values, f"{at}/{column.key}")
        if column.type is ValueType.QUANTITY:
            parts = value.parts if value is not None else None
            row[f"{column.key}_value"] = dict(parts) if parts is not None else None
    return row


def scalars(value: JsonValue, pointer: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Every non-null scalar with its JSON pointer."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from scalars(item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from scalars(item, f"{pointer}/{i}")
    elif value is not None:
        yield pointer, value
