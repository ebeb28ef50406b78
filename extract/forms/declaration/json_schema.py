"""The JSON Schema (draft 2020-12) of a form's record, made from its declaration.

Every key of `data` is always there; a value is null where the paper is blank or the record is for review. What an
accepted record must hold on top of that (required values, no failed check, no error) is the `then` of one `if`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from extract.errors import ISSUE_CODES
from extract.forms.declaration.lexicon import COMPARATORS
from extract.forms.spec import (
    ColumnSpec,
    FieldSpec,
    FormSpec,
    MatrixSpec,
    Place,
    TableSpec,
    ValueType,
)
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
        "data": _data(form),
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


def _data(form: FormSpec) -> Schema:
    root: Schema = {}
    for item in form.fields:
        _place(root, item.key.split("."), _field(item))
    data = {key: _closed(inner) for key, inner in root.items()}
    for matrix in form.matrices:
        data[matrix.key] = _matrix(matrix)
    for table in form.tables:
        data[table.key] = _table(table)
        if table.footer:
            names = table.footer.columns
            footed = [column for column in table.columns if column.key in names]
            data[table.footer.key] = _labelled(_columns(footed), table.footer.labels)
    return _object(data)


class _Branch(dict[str, Any]):
    """The keys below a dotted key, before they become an object's schema."""


def _place(branch: Schema, parts: list[str], leaves: Schema) -> None:
    """Put the schemas of a field (itself and its companion) where its dotted key leads."""
    *above, last = parts
    for part in above:
        branch = branch.setdefault(part, _Branch())
    branch |= {f"{last}{suffix}": leaf for suffix, leaf in leaves.items()}


def _closed(schema: Schema) -> Schema:
    if not isinstance(schema, _Branch):
        return schema
    return _object({key: _closed(inner) for key, inner in schema.items()})


def _field(item: FieldSpec) -> Schema:
    """The field's schema below "", and its companion's below its suffix."""
    leaves = _leaves(item)
    if item.place is Place.TITLE:
        return {"": {**leaves[""], "description": "The title as printed."}}
    return leaves


def _leaves(item: FieldSpec | ColumnSpec) -> Schema:
    value = _labelled(_value(item), item.labels)
    return {"": value, "_value": _quantity()} if item.type is ValueType.QUANTITY else {"": value}


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


def _columns(columns: Iterable[ColumnSpec]) -> Schema:
    properties: Schema = {}
    for column in columns:
        properties |= {f"{column.key}{suffix}": leaf for suffix, leaf in _leaves(column).items()}
    return _object(properties)


def _matrix(matrix: MatrixSpec) -> Schema:
    properties: Schema = {}
    if matrix.unit:
        properties[matrix.unit.key] = {"enum": [*matrix.unit.values, None]}
    for row in matrix.rows:
        properties[row.key] = _labelled(_columns(matrix.columns), row.labels)
    return _labelled(_object(properties), matrix.labels)


def _table(table: TableSpec) -> Schema:
    return {"type": "array", "items": _columns(table.columns)}


# ---- what an accepted record must hold ---------------------------------------------------------------------


def _accepted(form: FormSpec) -> Schema:
    given: Schema = {}
    for path in _required(form):
        _demand(given, path)
    for table in form.tables:
        row: Schema = {}
        for column in table.columns:
            if column.required:
                _demand(row, [column.key])
        rows = {"minItems": table.min_rows, "items": row}
        given.setdefault("properties", {})[table.key] = rows
    unfailed = {"properties": {"status": {"not": {"const": CheckStatus.FAILED.value}}}}
    harmless = {"properties": {"severity": {"not": {"const": Severity.ERROR.value}}}}
    return {"data": given, "checks": {"items": unfailed}, "issues": {"items": harmless}}


def _required(form: FormSpec) -> Iterator[list[str]]:
    """The keys that lead to each required value outside of table rows."""
    yield from (item.key.split(".") for item in form.fields if item.required)
    for matrix in form.matrices:
        yield from ([matrix.key, row.key, column] for row in matrix.rows for column in row.required)
    for table in form.tables:
        if table.footer:
            yield from ([table.footer.key, column] for column in table.footer.required)


def _demand(schema: Schema, parts: list[str]) -> None:
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
