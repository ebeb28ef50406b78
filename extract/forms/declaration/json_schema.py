"""The JSON Schema (draft 2020-12) of a form's record, made from its declaration.

Every key of `data` is always there; a value is null where the paper is blank or the record is for review. What an
accepted record must hold on top of that (required values, no failed check, no error) is the `then` of one `if`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extract.errors import ISSUE_CODES
from extract.forms.declaration.lexicon import COMPARATORS
from extract.forms.record_shape import COMPANION, Group, Rows, leaves_of, lists_of, record_shape
from extract.forms.spec import ColumnSpec, FieldSpec, FormSpec, Place, UnitSpec, ValueType
from extract.model import CheckStatus, Doubt, Origin, Severity

Schema = dict[str, Any]

_POINTER = {"type": "string", "pattern": "^(/[^/]+)*$"}
_NUMBERS: dict[ValueType, Schema] = {
    ValueType.AMOUNT: {"type": ["number", "null"]},
    ValueType.PERCENT: {"type": ["number", "null"]},
    ValueType.SCORE: {"type": ["number", "null"], "minimum": 0},
    ValueType.NUMBER: {"type": ["number", "null"]},
    ValueType.INTEGER: {"type": ["integer", "null"]},
    ValueType.YEAR: {"type": ["integer", "null"], "minimum": 1900, "maximum": 2199},
}


def record_schema(form: FormSpec) -> Schema:
    """The schema of the whole record; objects closed, keys in the order of the declaration."""
    properties: Schema = {
        "form": {"const": form.id},
        "form_version": {"const": form.version},
        "status": {"enum": ["accepted", "review"]},
        "source": _source(),
        "data": _data(record_shape(form)),
        "evidence": {
            "type": "object",
            "description": "Where each value stands, by its JSON pointer into data.",
            "propertyNames": {"pattern": "^(/[^/]+)+$"},
            "additionalProperties": _evidence(),
        },
        "checks": {"type": "array", "items": _check(form)},
        "issues": {"type": "array", "items": _issue()},
        "engine": _object({"ocr": {"type": ["string", "null"]}, "extract": {"type": "string"}}),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:zhibiao:{form.id}:{form.version}",
        "title": form.name,
        **_object(properties),
        "if": {"properties": {"status": {"const": "accepted"}}},
        "then": {"properties": _accepted(form)},
    }


def _object(properties: Schema, optional: Iterable[str] = ()) -> Schema:
    """A closed object; all its keys are always there, save the optional ones."""
    required = [key for key in properties if key not in set(optional)]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


# ---- data --------------------------------------------------------------------------------------------------


def _data(group: Group) -> Schema:
    """The schema of an object of `data`: its values with their companions, its objects and lists."""
    properties: Schema = {}
    for key, node in group.members.items():
        if isinstance(node, Group):
            properties[key] = _data(node)
        elif isinstance(node, Rows):
            properties[key] = {"type": "array", "items": _data(node.row)}
        else:
            properties |= {f"{key}{suffix}": leaf for suffix, leaf in _leaves(node.spec).items()}
    return _labelled(_object(properties), group.labels)


def _leaves(item: FieldSpec | ColumnSpec | UnitSpec) -> Schema:
    """The schema of a value below "", and that of a quantity's parts below its suffix."""
    if isinstance(item, UnitSpec):
        return {"": {"enum": [*item.values, None]}}
    if isinstance(item, FieldSpec) and item.place is Place.TITLE:
        return {"": {**_value(item), "description": "The title as printed."}}
    value = _labelled(_value(item), item.labels)
    return {"": value, COMPANION: _quantity()} if item.type is ValueType.QUANTITY else {"": value}


def _value(item: FieldSpec | ColumnSpec) -> Schema:
    if item.type in _NUMBERS:
        return dict(_NUMBERS[item.type])
    if item.type is ValueType.CHOICE:
        return {"enum": [*item.values, None]}
    if item.type is ValueType.DATE:
        return {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {"type": ["string", "null"], "minLength": 1}


def _quantity() -> Schema:
    parts: Schema = {
        "comparator": {"enum": [*sorted(COMPARATORS), None]},
        "number": {"type": "number"},
        "unit": {"type": ["string", "null"], "minLength": 1},
    }
    return {**_object(parts), "type": ["object", "null"]}


def _labelled(schema: Schema, labels: tuple[str, ...]) -> Schema:
    """The schema with the label that the form prints as its title, and its variants as its description."""
    if not labels:
        return schema
    printed = {"title": labels[0]}
    if len(labels) > 1:
        printed["description"] = f"Also printed as: {', '.join(labels[1:])}"
    return {**printed, **schema}


# ---- what an accepted record must hold ---------------------------------------------------------------------


def _accepted(form: FormSpec) -> Schema:
    shape = record_shape(form)
    given: Schema = {}
    for path, leaf in leaves_of(shape):
        if leaf.required:
            _demand(given, path)
    for key, rows in lists_of(shape):
        row: Schema = {}
        for path, leaf in leaves_of(rows.row):
            if leaf.required:
                _demand(row, path)
        given.setdefault("properties", {})[key] = {"minItems": rows.min_rows, "items": row}
    unfailed = {"properties": {"status": {"not": {"const": CheckStatus.FAILED.value}}}}
    harmless = {"properties": {"severity": {"not": {"const": Severity.ERROR.value}}}}
    return {"data": given, "checks": {"items": unfailed}, "issues": {"items": harmless}}


def _demand(schema: Schema, parts: Iterable[str]) -> None:
    """Let the value below these keys not be null."""
    for part in parts:
        schema = schema.setdefault("properties", {}).setdefault(part, {})
    schema["not"] = {"type": "null"}


# ---- around the data ---------------------------------------------------------------------------------------


def _source() -> Schema:
    return _object(
        {
            "path": {"type": "string", "minLength": 1},
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "pages": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1},
            "index": {"type": "integer", "minimum": 0},
        }
    )


def _evidence() -> Schema:
    point = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return _object(
        {
            "page": {"type": "integer", "minimum": 1},
            "quad": {"type": ["array", "null"], "items": point, "minItems": 4, "maxItems": 4},
            "text": {"type": "string"},
            "confidence": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "origin": {"enum": [origin.value for origin in Origin]},
            "dpi": {"type": ["number", "null"], "exclusiveMinimum": 0},
            "doubts": {
                "description": "What speaks against the reading, whatever its confidence.",
                "type": "array",
                "items": {"enum": [doubt.value for doubt in Doubt]},
                "minItems": 1,
            },
            "regions": {
                "type": "array",
                "description": "All parts of a value that a page end cuts.",
                "items": _region(),
                "minItems": 2,
            },
        },
        optional=("quad", "dpi", "doubts", "regions"),
    )


def _region() -> Schema:
    point = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    return _object(
        {
            "page": {"type": "integer", "minimum": 1},
            "quad": {"type": "array", "items": point, "minItems": 4, "maxItems": 4},
            "dpi": {"type": "number", "exclusiveMinimum": 0},
        },
        optional=("dpi",),
    )


def _check(form: FormSpec) -> Schema:
    return _object(
        {
            "id": {"enum": [check.id for check in form.checks]} if form.checks else {"type": "string"},
            "status": {"enum": [status.value for status in CheckStatus]},
            "message": {"type": "string"},
            "pointers": {"type": "array", "items": _POINTER},
        },
        optional=("pointers",),
    )


def _issue() -> Schema:
    return _object(
        {
            "code": {"enum": list(ISSUE_CODES)},
            "severity": {"enum": [severity.value for severity in Severity]},
            "pointer": _POINTER,
            "message": {"type": "string"},
            "expected": {"type": ["string", "null"]},
            "actual": {"type": ["string", "null"]},
        }
    )
