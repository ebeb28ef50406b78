from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from extract.forms.conform import UnknownKeyword, predicate
from extract.forms.declaration import load_forms
from extract.forms.schema import record_schema

SCHEMA: dict[str, Any] = {
    "$id": "urn:a",
    "title": "a",
    "type": "object",
    "required": ["status", "data"],
    "additionalProperties": False,
    "properties": {
        "status": {"enum": ["accepted", "review", None]},
        "form": {"const": "a"},
        "data": {
            "type": "object",
            "properties": {
                "year": {"type": ["integer", "null"], "minimum": 1900, "maximum": 2199},
                "dpi": {"type": "number", "exclusiveMinimum": 0},
                "name": {"type": "string", "minLength": 2, "pattern": "^a"},
            },
            "propertyNames": {"pattern": "^[a-z]+$"},
            "additionalProperties": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 2},
        },
    },
    "if": {"properties": {"status": {"const": "accepted"}}},
    "then": {"properties": {"data": {"properties": {"year": {"not": {"type": "null"}}}}}},
}
GOOD = {
    "status": "accepted",
    "form": "a",
    "data": {"year": 2020, "dpi": Decimal("0.5"), "name": "ab", "quad": [1, 2.5]},
}
VALUES: tuple[Any, ...] = (
    None, True, 0, 1899, 1900, 2199, 2200, 2020.0, 2020.5, Decimal(2020), "", "a", "ab", "ba", "review", "x",
    [], [1], [True], ["1"], [1, 2, 3], {}, {"year": None}, {"A": [1]}, {"name": "ab", "x": [1]},
)  # fmt: skip
PLACES: tuple[tuple[str, ...], ...] = (
    (), ("status",), ("form",), ("other",), ("data",), ("data", "year"), ("data", "dpi"), ("data", "name"),
    ("data", "quad"), ("data", "UPPER"),
)  # fmt: skip


def changed() -> Iterator[Any]:
    """The good value with another in each place, accepted and for review."""
    for status in ("accepted", "review"):
        for place in PLACES:
            for value in VALUES:
                root: Any = {"root": copy.deepcopy(GOOD) | {"status": status}}
                holder = root
                for key in ("root", *place)[:-1]:
                    holder = holder[key]
                holder[("root", *place)[-1]] = value
                yield root["root"]


def test_a_predicate_says_what_the_library_says() -> None:
    allow, validator = predicate(SCHEMA), jsonschema.Draft202012Validator(SCHEMA)
    said = [(allow(value), validator.is_valid(value)) for value in changed()]
    assert all(ours == theirs for ours, theirs in said)
    assert 0 < sum(ours for ours, _ in said) < len(said)


def test_what_is_not_known_is_not_passed_over() -> None:
    with pytest.raises(UnknownKeyword):
        predicate({"type": "object", "properties": {"a": {"uniqueItems": True}}})
    with pytest.raises(UnknownKeyword):
        predicate({"enum": [1, 2]})


def test_every_declared_form_has_a_predicate() -> None:
    for form in load_forms():
        assert not predicate(record_schema(form))({})
