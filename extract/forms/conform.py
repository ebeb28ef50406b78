"""JSON Schemas as plain predicates: whether a value conforms, many times as fast as saying what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from numbers import Number
from typing import Any

Schema = dict[str, Any]
Predicate = Callable[[Any], bool]

_ANNOTATIONS = frozenset(("$schema", "$id", "title", "description"))


class UnknownKeyword(Exception):
    """A schema says something that has no predicate here."""


def predicate(schema: Schema) -> Predicate:
    """Whether a value is valid under a schema of draft 2020-12, exactly as `jsonschema` has it.

    Raises UnknownKeyword for what the schemas of forms do not use.
    """
    checks: list[Predicate] = []
    for keyword, value in schema.items():
        if keyword not in _ANNOTATIONS and keyword != "then":
            if keyword not in _KEYWORDS:
                raise UnknownKeyword(keyword)
            checks.append(_KEYWORDS[keyword](value, schema))
    return _all(checks)


def _all(checks: list[Predicate]) -> Predicate:
    if len(checks) == 1:
        return checks[0]

    def check(value: Any) -> bool:
        for each in checks:  # noqa: SIM110 -- a generator costs more than most of the checks
            if not each(value):
                return False
        return True

    return check


# ---- types ---------------------------------------------------------------------------------------------------------


_NUMBERS = (Decimal, int, float, Number)
"""The abstract class is enough, and ten times as slow to ask."""


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


_TYPES: dict[str, Predicate] = {
    "array": lambda value: isinstance(value, list),
    "integer": _is_integer,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def _type(names: str | list[str], _: Schema) -> Predicate:
    wanted = [names] if isinstance(names, str) else names
    if not set(wanted) <= _TYPES.keys():
        raise UnknownKeyword(f"type {names}")
    checks = [_TYPES[name] for name in wanted]
    return checks[0] if len(checks) == 1 else lambda value: any(check(value) for check in checks)


# ---- single values -------------------------------------------------------------------------------------------------


def _enum(values: Iterable[Any], _: Schema) -> Predicate:
    allowed = frozenset(values)
    if not all(value is None or isinstance(value, str) for value in allowed):
        raise UnknownKeyword("enum of other than strings")
    return lambda value: (value is None or isinstance(value, str)) and value in allowed


def _pattern(pattern: str, _: Schema) -> Predicate:
    search = re.compile(pattern).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _minimum(least: float, _: Schema) -> Predicate:
    return lambda value: not _is_number(value) or not value < least


def _maximum(most: float, _: Schema) -> Predicate:
    return lambda value: not _is_number(value) or not value > most


def _exclusive_minimum(bound: float, _: Schema) -> Predicate:
    return lambda value: not _is_number(value) or not value <= bound


def _min_length(least: int, _: Schema) -> Predicate:
    return lambda value: not isinstance(value, str) or len(value) >= least


# ---- arrays and objects --------------------------------------------------------------------------------------------


def _items(schema: Schema, _: Schema) -> Predicate:
    each = predicate(schema)
    return lambda value: not isinstance(value, list) or all(map(each, value))


def _min_items(least: int, _: Schema) -> Predicate:
    return lambda value: not isinstance(value, list) or len(value) >= least


def _max_items(most: int, _: Schema) -> Predicate:
    return lambda value: not isinstance(value, list) or len(value) <= most


def _properties(schemas: dict[str, Schema], _: Schema) -> Predicate:
    checks = [(key, predicate(schema)) for key, schema in schemas.items()]

    def check(value: Any) -> bool:
        if isinstance(value, dict):
            for key, each in checks:
                if key in value and not each(value[key]):
                    return False
        return True

    return check


def _required(keys: Iterable[str], _: Schema) -> Predicate:
    needed = frozenset(keys)
    return lambda value: not isinstance(value, dict) or value.keys() >= needed


def _additional(schema: Schema | bool, around: Schema) -> Predicate:
    """Of the keys that `properties` does not name."""
    named = around.get("properties", {}).keys()
    if schema is False:
        return lambda value: not isinstance(value, dict) or value.keys() <= named
    if not isinstance(schema, dict):
        raise UnknownKeyword("additionalProperties")
    each = predicate(schema)
    return lambda value: not isinstance(value, dict) or all(each(v) for k, v in value.items() if k not in named)


def _names(schema: Schema, _: Schema) -> Predicate:
    each = predicate(schema)
    return lambda value: not isinstance(value, dict) or all(map(each, value))


# ---- logic ---------------------------------------------------------------------------------------------------------


def _not(schema: Schema, _: Schema) -> Predicate:
    each = predicate(schema)
    return lambda value: not each(value)


def _if(schema: Schema, around: Schema) -> Predicate:
    condition, then = predicate(schema), predicate(around.get("then", {}))
    return lambda value: not condition(value) or then(value)


_KEYWORDS: dict[str, Callable[[Any, Schema], Predicate]] = {
    "additionalProperties": _additional,
    "const": lambda value, around: _enum([value], around),
    "enum": _enum,
    "exclusiveMinimum": _exclusive_minimum,
    "if": _if,
    "items": _items,
    "maxItems": _max_items,
    "maximum": _maximum,
    "minItems": _min_items,
    "minLength": _min_length,
    "minimum": _minimum,
    "not": _not,
    "pattern": _pattern,
    "properties": _properties,
    "propertyNames": _names,
    "required": _required,
    "type": _type,
}
