"""Checks and issues of a form: what is missing, unreadable, hard to read, or contradicts the form's own rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from extract.forms.record_shape import leaves_of, lists_of, record_shape
from extract.forms.rules.checks import evaluate
from extract.forms.rules.parser import Compare, compile_rule
from extract.forms.spec import CheckSpec, FormSpec, Lexicon, ValueType
from extract.forms.values.data import scalars
from extract.forms.values.evidence import confidence_of, doubts_of
from extract.forms.values.parse import State, Value, without_strays
from extract.model import Check, CheckStatus, Issue, JsonValue, Origin, Severity
from extract.settings.defaults import CheckSettings
from extract.text import is_sane


def run_checks(form: FormSpec, data: Mapping[str, JsonValue]) -> tuple[Check, ...]:
    """Every declared check, in order."""
    return tuple(check for spec in form.checks for check in evaluate(spec, data))


def shape_issues(values: Mapping[str, Value], lexicon: Lexicon) -> Iterator[Issue]:
    """Readings of scans whose shape tells that a character is lost or too many, however surely they were read."""
    for pointer, value in values.items():
        match = value.match
        if value.state is not State.READ or confidence_of(match.lines) is None:
            continue
        if match.type is ValueType.QUANTITY and not value.parts and (bare := without_strays(match.text, lexicon)):
            message = f"a mark stands beside the figure, which keeps it from being read as {bare!r}"
            yield Issue("low-confidence", Severity.ERROR, pointer, message, bare, match.text)
        if match.text.count("(") + match.text.count("（") > match.text.count(")") + match.text.count("）"):
            yield Issue("low-confidence", Severity.ERROR, pointer, "a bracket is not closed", None, match.text)


def character_issues(values: Mapping[str, Value]) -> Iterator[Issue]:
    """Values whose text holds characters that stand for none a reader sees: what was there is not known."""
    for pointer, value in values.items():
        strange = sorted({char for char in value.match.text if not is_sane(char)})
        if strange:
            codes = ", ".join(f"U+{ord(char):04X}" for char in strange)
            message = f"the text holds {codes}, which stands for no character"
            yield Issue("unknown-character", Severity.ERROR, pointer, message, None, value.match.text)


def value_issues(values: Mapping[str, Value], proven: frozenset[str], settings: CheckSettings) -> Iterator[Issue]:
    """What is doubtful about each value by itself; `proven` values took part in an exact sum that holds."""
    for pointer, value in values.items():
        match = value.match
        if value.state is State.UNREADABLE:
            message = (
                f"there is ink that is no {match.type}: {match.text!r}" if match.text else "ink that could not be read"
            )
            yield Issue("unreadable-value", Severity.ERROR, pointer, message, None, match.text or None)
        elif value.state is State.BLANK:
            if match.required:
                yield Issue("missing-value", Severity.ERROR, pointer, "a required value is blank or was not found")
        else:
            # a reading that is letter by letter one of the form's few words is no chance hit
            known = match.type is ValueType.LABEL and match.origin is not Origin.REPAIRED
            issue = _low_confidence(pointer, value, known or pointer in proven, settings)
            if issue is not None:
                yield issue


def _low_confidence(pointer: str, value: Value, proven: bool, settings: CheckSettings) -> Issue | None:
    confidence, doubts = confidence_of(value.match.lines), doubts_of(value.match.lines)
    if confidence is None or value.match.origin is Origin.REPAIRED:
        return None
    hard = confidence < settings.sure_confidence
    if not hard and not doubts:
        return None
    grave = (confidence < settings.min_confidence or any(doubt.grave for doubt in doubts)) and not proven
    severity = Severity.ERROR if grave else Severity.WARNING
    reasons = [f"hard to read: confidence {confidence:.3f}"] if hard else []
    message = "; ".join([*reasons, *(doubt.reason for doubt in sorted(doubts))])
    return Issue("low-confidence", severity, pointer, message, None, value.match.text)


def missing_issues(form: FormSpec, values: Mapping[str, Value], lists: Mapping[str, int]) -> Iterator[Issue]:
    """Required values that no cell was found for at all."""
    for pointer in required_pointers(form, lists):
        if pointer not in values:
            yield Issue("missing-value", Severity.ERROR, pointer, "a required value was not found on the form")
    for matrix in form.matrices:
        cells = [f"/{matrix.key}/{row.key}/{column.key}" for row in matrix.rows for column in matrix.columns]
        if all((v := values.get(pointer)) is None or v.state is State.BLANK for pointer in cells):
            yield Issue("empty-section", Severity.ERROR, f"/{matrix.key}", "no value was found in any of its rows")
    for table in form.tables:
        if lists.get(table.key, 0) < table.min_rows:
            message = f"{lists.get(table.key, 0)} rows were found, at least {table.min_rows} must be there"
            yield Issue("missing-value", Severity.ERROR, f"/{table.key}", message)


def required_pointers(form: FormSpec, lists: Mapping[str, int]) -> Iterator[str]:
    """Pointers of every value that must have been found."""
    shape = record_shape(form)
    for path, leaf in leaves_of(shape):
        if leaf.required or leaf.sought:
            yield "/" + "/".join(path)
    for key, rows in lists_of(shape):
        own = [path for path, leaf in leaves_of(rows.row) if leaf.required]
        for i in range(lists.get(key, 0)):
            yield from (f"/{key}/{i}/{'/'.join(path)}" for path in own)


def proven_pointers(
    form: FormSpec, checks: Sequence[Check], data: Mapping[str, JsonValue], repaired: Collection[str] = ()
) -> frozenset[str]:
    """Values that the form's rules confirm.

    An exact equation that holds vouches for all of its figures: a misread digit would have broken it. A band that holds
    vouches for its word. A check in which a repaired value takes part holds because it was made to, and proves nothing.
    """
    passed = [c for c in checks if c.status is CheckStatus.PASSED and not set(c.pointers) & set(repaired)]
    exact = {spec.id for spec in form.checks if _is_exact(spec)}
    banded = {spec.id for spec in form.checks if spec.bands}
    sums = {p for c in passed if c.id in exact and len(c.pointers) > 2 for p in c.pointers}
    words = {p for c in passed if c.id in banded for p in c.pointers}
    texts = {pointer for pointer, value in scalars(dict(data)) if isinstance(value, str)}
    return frozenset(sums | (words & texts))


def _is_exact(spec: CheckSpec) -> bool:
    rule = compile_rule(spec.rule)
    return isinstance(rule.root, Compare) and not rule.rates and "==" in rule.root.ops and not spec.tolerance


def check_issues(
    form: FormSpec, checks: Sequence[Check], values: Mapping[str, Value], settings: CheckSettings
) -> Iterator[Issue]:
    """An issue for each failed check: a doubt where a value was hard to read, else a contradiction on the paper."""
    for check in checks:
        if check.status is not CheckStatus.FAILED:
            continue
        doubtful = [p for p in check.pointers if _doubtful(values.get(p), settings)]
        if doubtful:
            for pointer in doubtful:
                yield Issue("failed-check", Severity.ERROR, pointer, f"{check.id}: {check.message}")
        else:
            for pointer in _summary(check.pointers):
                message = f"{check.id}: {check.message}; every value was read with confidence"
                yield Issue("source-contradiction", Severity.WARNING, pointer, message)


def _doubtful(value: Value | None, settings: CheckSettings) -> bool:
    if value is None or value.state is State.UNREADABLE:
        return True
    confidence = confidence_of(value.match.lines)
    return bool(doubts_of(value.match.lines)) or (confidence is not None and confidence < settings.sure_confidence)


def _summary(pointers: Sequence[str]) -> list[str]:
    """The pointers, with those that lead through two or more rows of one list brought together as that list."""
    lists = [m[1] for p in pointers if (m := re.match(r"(.*)/\d+/", p))]
    many = {path for path in lists if len({p.split("/")[2] for p in pointers if p.startswith(path + "/")}) > 1}
    short = [next((path for path in many if p.startswith(path + "/")), p) for p in pointers]
    return list(dict.fromkeys(short))
