"""No record leaves that its schema does not allow."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from extract.forms.declaration.json_schema import record_schema
from extract.forms.spec import FormSpec
from extract.model import Issue, JsonValue, Record, Severity
from extract.records.encode import plain

_validators: dict[str, Draft202012Validator] = {}
"""One per declaration, by digest: building one takes longer than using it."""


def _of(form: FormSpec) -> Draft202012Validator:
    if form.digest not in _validators:
        _validators[form.digest] = Draft202012Validator(record_schema(form))
    return _validators[form.digest]


def valid(record: Record, form: FormSpec) -> Record:
    """The record, with values that its schema forbids taken out and said so.

    Raises jsonschema_rs.ValidationError where the fault lies elsewhere than in a value: that would be a bug of ours.
    """
    errors = list(_of(form).iter_errors(plain(record)))
    for error in errors:
        if not _value_path(error):
            raise error
    if not errors:
        return record
    record = _without(record, errors)
    _of(form).validate(plain(record))
    return record


def _value_path(error: ValidationError) -> list[str | int]:
    """The path below `data` that an error is about, empty where it is about something else."""
    path = list(error.instance_path)
    return path[1:] if path[:1] == ["data"] else []


def _without(record: Record, faults: Iterable[ValidationError]) -> Record:
    data: Any = copy.deepcopy(dict(record.data))
    issues: list[Issue] = []
    for fault in faults:
        path = _value_path(fault)
        holder: Any = data
        for key in path[:-1]:
            holder = holder[key]
        value: JsonValue = holder[path[-1]]
        holder[path[-1]] = None
        pointer = "".join(f"/{key}" for key in path)
        issues.append(Issue("schema", Severity.ERROR, pointer, fault.message, None, str(value)))
    gone = {i.pointer for i in issues}
    evidence = {p: e for p, e in record.evidence.items() if p not in gone}
    return replace(record, data=data, evidence=evidence, status="review", issues=(*record.issues, *issues))
