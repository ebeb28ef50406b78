"""Values to the record's data: every declared key is there, null where nothing was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extract.forms.record_shape import COMPANION, Group, Rows, record_shape
from extract.forms.spec import FormSpec, ValueType
from extract.forms.values.parse import State, Value
from extract.model import JsonValue

Values = Mapping[str, Value]


def data_of(form: FormSpec, values: Values, lists: Mapping[str, int]) -> dict[str, JsonValue]:
    """The `data` object of a record; keys in the order of the declaration; `lists` says how many rows each list has."""
    return _object(record_shape(form), values, lists, "")


def _object(group: Group, values: Values, lists: Mapping[str, int], at: str) -> dict[str, JsonValue]:
    data: dict[str, JsonValue] = {}
    for key, node in group.members.items():
        pointer = f"{at}/{key}"
        if isinstance(node, Group):
            data[key] = _object(node, values, lists, pointer)
        elif isinstance(node, Rows):
            data[key] = [_object(node.row, values, lists, f"{pointer}/{i}") for i in range(lists.get(key, 0))]
        else:
            value = values.get(pointer)
            data[key] = value.data if value is not None and value.state is State.READ else None
            if node.type is ValueType.QUANTITY:
                parts = value.parts if value is not None else None
                data[f"{key}{COMPANION}"] = dict(parts) if parts is not None else None
    return data


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
