"""No record leaves that its schema does not allow."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from extract.canonical import plain
from extract.forms.conform import Predicate, predicate
from extract.forms.schema import record_schema
from extract.forms.spec import FormSpec
from extract.model import Issue, JsonValue, Record, Severity


@dataclass(frozen=True, eq=False)
class _Rules:
    """A declaration's schema twice: as what tells good from bad, and as what says what is bad."""

    allow: Predicate
    validator: Draft202012Validator


_rules: dict[str, _Rules] = {}
"""One per declaration, by digest: building one takes longer than using it."""


def _of(form: FormSpec) -> _Rules:
    if form.digest not in _rules:
        schema = record_schema(form)
        _rules[form.digest] = _Rules(predicate(schema), Draft202012Validator(schema))
    return _rules[form.digest]


def valid(record: Record, form: FormSpec) -> Record:
    """The record, with values that its schema forbids taken out and said so.

    Raises jsonschema.ValidationError where the fault lies elsewhere than in a value: that would be a bug of ours.
    """
    rules, values = _of(form), plain(record)
    if rules.allow(values):  # as nearly all are: the library takes as long as the rest of the stage
        return record
    errors = list(rules.validator.iter_errors(values))
    for error in errors:
        if not _value_path(error):
            raise error
    record = _without(record, errors)
    rules.validator.validate(plain(record))
    return record


def _value_path(error: ValidationError) -> list[str | int]:
    """The path below `data` that an error is about, empty where it is about something else."""
    path = list(error.absolute_path)
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
