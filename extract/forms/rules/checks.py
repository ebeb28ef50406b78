"""A form's own rules: passed, failed or not checked, with the figures and the values that took part.

The language is in `expression.py`, how figures count in `evaluation.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from extract.forms.rules.evaluator import (
    Data,
    Scope,
    as_printed,
    attempt,
    found,
    operand,
    pointers_of,
    reason,
    related,
    scopes,
    truth,
)
from extract.forms.rules.interval import exactly, figure
from extract.forms.rules.parser import (
    Binary,
    Call,
    Compare,
    Constant,
    Logic,
    Negative,
    Node,
    Not,
    Path,
    Rule,
    RuleError,
    compile_rule,
    paths,
)
from extract.forms.spec import CheckSpec
from extract.model import Check, CheckStatus, JsonValue

__all__ = ["Rule", "RuleError", "compile_rule", "evaluate", "holds", "paths", "pointers"]

_SIGNS = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE = {"==": "≠", "!=": "=", "<": "≥", "<=": ">", ">": "≤", ">=": "<"}
_ARITHMETIC = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def evaluate(spec: CheckSpec, data: Data) -> tuple[Check, ...]:
    """Hold a rule against the data of a record.

    Gives one Check. For `each`: one per failing row, and one for the rows that could not be checked; one for
    all rows where every one passed. Pointers are JSON pointers of every value that took part, blank ones
    included. Raises RuleError.
    """
    judged = [(scope, _status(scope)) for scope in scopes(spec, data)]
    if spec.each is None:
        return tuple(_check(scope, status) for scope, status in judged)
    failed = tuple(_check(scope, status) for scope, status in judged if status is CheckStatus.FAILED)
    unknown = [scope for scope, status in judged if status is CheckStatus.NOT_CHECKED]
    if unknown:
        why = reason(unknown[0].rule.root, unknown[0])
        message = f"{spec.message}: not checked in {len(unknown)} of {len(judged)} rows, {why}"
        return (*failed, Check(spec.id, CheckStatus.NOT_CHECKED, message, _union(unknown)))
    if not judged:
        message = f"{spec.message}: not checked, {spec.each} has no rows"
        return (Check(spec.id, CheckStatus.NOT_CHECKED, message),)
    message = f"{spec.message}: in all {len(judged)} rows"
    return failed or (Check(spec.id, CheckStatus.PASSED, message, _union(scope for scope, _ in judged)),)


def holds(spec: CheckSpec, data: Data) -> CheckStatus:
    """The status alone: failed if any row fails, else not-checked if any row is or there is none.

    Without message and pointers, for searches that try many values. Raises RuleError.
    """
    worst, rows = CheckStatus.PASSED, 0
    for scope in scopes(spec, data):
        status, rows = _status(scope), rows + 1
        if status is CheckStatus.FAILED:
            return status
        if status is CheckStatus.NOT_CHECKED:
            worst = status
    return worst if rows else CheckStatus.NOT_CHECKED


def pointers(spec: CheckSpec, data: Data) -> tuple[str, ...]:
    """JSON pointers of every value that takes part in a check, in the order of the rule, rows in order."""
    return _union(scopes(spec, data))


def _union(some: Iterable[Scope]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pointer for scope in some for pointer in pointers_of(scope)))


def _status(scope: Scope) -> CheckStatus:
    holding = truth(scope.rule.root, scope)
    if holding is None:
        return CheckStatus.NOT_CHECKED
    return CheckStatus.PASSED if holding else CheckStatus.FAILED


def _check(scope: Scope, status: CheckStatus) -> Check:
    if status is CheckStatus.NOT_CHECKED:
        figures = f"not checked, {reason(scope.rule.root, scope)}"
    else:
        figures = _account(scope.rule.root, scope, status is CheckStatus.PASSED)
    return Check(scope.spec.id, status, f"{scope.spec.message}: {figures}", _union([scope]))


def _account(node: Node, scope: Scope, holding: bool) -> str:
    """The figures that decide: what holds of a rule that does, what does not of one that fails."""
    match node:
        case Compare(ops=ops, items=items) if holding:
            shown = [_shown(item, scope) for item in items]
            links = (f" {_SIGNS[op]} {text}" for op, text in zip(ops, shown[1:], strict=True))
            return shown[0] + "".join(links)
        case Compare():
            return " and ".join(_broken_links(node, scope))
        case Logic(items=items):
            return " and ".join(_account(i, scope, holding) for i in items if truth(i, scope) is holding)
        case Not(item=item):
            return _account(item, scope, not holding)
        case Call(args=(Path() as path,)):
            return f"{path} is {'given' if holding else 'blank'}"
        case _:
            raise RuleError(f"not a condition: {node}")


def _broken_links(node: Compare, scope: Scope) -> Iterator[str]:
    for op, (left, right) in zip(node.ops, pairwise(node.items), strict=True):
        a, b = attempt(left, scope), attempt(right, scope)
        if a is not None and b is not None and not related(op, a, b, scope):
            yield f"{_valued(left, scope)} {_OPPOSITE[op]} {_valued(right, scope)}"


def _valued(node: Node, scope: Scope) -> str:
    """A side of a comparison: its formula, and what that comes to where it is more than one figure."""
    shown, value = _shown(node, scope), operand(node, as_printed(scope))
    result = value if isinstance(value, str) else figure(value)
    return shown if shown == result else f"{shown} = {result}"


def _shown(node: Node, scope: Scope) -> str:
    """A value as a formula of printed figures; sums over rows and other functions as what they come to."""
    match node:
        case Constant(value=value):
            return value
        case Path():
            return _raw(found(node, scope))
        case Binary(op=op, left=left, right=right):
            return f"{_bracketed(left, '+', scope)} {_ARITHMETIC[op]} {_bracketed(right, op, scope)}"
        case Negative(item=item):
            return f"−{_bracketed(item, '*', scope)}"
        case Call(name="exact", args=(item, *_)):
            return _shown(item, scope)
        case _:
            result = attempt(node, as_printed(scope))
            return "?" if result is None else result if isinstance(result, str) else figure(result)


def _bracketed(node: Node, outer: str, scope: Scope) -> str:
    shown = _shown(node, scope)
    return f"({shown})" if isinstance(node, Binary) and node.op in "+-" and outer in "-*/" else shown


def _raw(values: list[tuple[str, JsonValue]]) -> str:
    value = values[0][1] if len(values) == 1 else None
    if value is None:
        return "?"
    return figure(exactly(value)) if isinstance(value, (int, Decimal)) else str(value)
