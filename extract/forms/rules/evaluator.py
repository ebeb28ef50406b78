"""What a rule comes to, held against data: a condition is true, false or None, a value a number or a text.

A rule without * and / adds and compares printed figures exactly. A rule with * or / (a rate) takes every
figure as rounded at its last printed decimal: 9.85 is anything from 9.845 to 9.855, and an integer anything
half a unit around; `exact(x)` marks a figure that was assigned, not measured (a weight). The two sides of a
quotient have one unit, so both count with the decimals of the finer printed one. A comparison holds when some
numbers within these bounds satisfy it, give or take the declared tolerance. Decimals are read off the Decimal
as it is: Decimal("9.00") is finer than 9.

A blank value makes a rule not checked, save in given(), in count(), and where `and`, `or` or another link of
a chain of comparisons decides without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import cast

from extract.forms.rules.interval import (
    Interval,
    decimals,
    exactly,
    figure,
    highest,
    lowest,
    printed,
    round_half_up,
    total,
)
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
from extract.model import JsonValue

Data = Mapping[str, JsonValue]
Operand = Interval | str


class NotCheckableError(Exception):
    """Why a rule, or a part of one, can be neither true nor false."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: the data, and the row (with its pointer) that a rule with `each` is held against."""

    spec: CheckSpec
    rule: Rule
    data: Data
    row: Data | None = None
    prefix: str = ""


def scopes(spec: CheckSpec, data: Data) -> Iterator[Scope]:
    """What a check is held against: the whole data, or each row of the list that `each` names."""
    rule = compile_rule(spec.rule)
    if spec.each is None:
        yield Scope(spec, rule, data)
        return
    rows = data.get(spec.each)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        yield Scope(spec, rule, data, cast(Data, row), f"/{spec.each}/{index}")


def as_printed(scope: Scope) -> Scope:
    """The same with every figure taken as the number that is printed: for showing, not for judging."""
    return replace(scope, rule=replace(scope.rule, rates=False))


def truth(node: Node, scope: Scope) -> bool | None:
    """Whether a condition holds; None where a value that it depends on is blank. Raises RuleError."""
    match node:
        case Compare(ops=ops, items=items):
            values = [attempt(item, scope) for item in items]
            return _all(
                None if a is None or b is None else related(op, a, b, scope)
                for op, (a, b) in zip(ops, pairwise(values), strict=True)
            )
        case Logic(op="and", items=items):
            return _all(truth(item, scope) for item in items)
        case Logic(items=items):
            return _negated(_all(_negated(truth(item, scope)) for item in items))
        case Not(item=item):
            return _negated(truth(item, scope))
        case Call(name="given", args=(Path() as path,)):
            return all(value is not None for _, value in found(path, scope))
        case _:
            raise RuleError(f"not a condition: {node}")


def reason(node: Node, scope: Scope) -> str:
    """Why a condition that is neither true nor false is so: what its first undecided part lacks."""
    match node:
        case Compare(items=items):
            for item in items:
                try:
                    operand(item, scope)
                except NotCheckableError as why:
                    return str(why)
        case Logic(items=items):
            return next(reason(item, scope) for item in items if truth(item, scope) is None)
        case Not(item=item):
            return reason(item, scope)
    raise RuleError(f"decided: {node}")


def attempt(node: Node, scope: Scope) -> Operand | None:
    """What a value comes to; None where it cannot be told."""
    try:
        return operand(node, scope)
    except NotCheckableError:
        return None


def operand(node: Node, scope: Scope) -> Operand:
    """What a value comes to; raises NotCheckableError where it cannot be told."""
    match node:
        case Constant(value=value, number=number):
            return exactly(Decimal(value)) if number else value
        case Path():
            return _single(node, scope)
        case Binary(op="/", left=left, right=right):
            return _quotient(left, right, scope)
        case Binary(op=op, left=left, right=right):
            return _ARITHMETIC[op](_number(left, scope), _number(right, scope))
        case Negative(item=item):
            return -_number(item, scope)
        case Call():
            return _called(node, scope)
        case _:
            raise RuleError(f"not a value: {node}")


def related(op: str, a: Operand, b: Operand, scope: Scope) -> bool:
    """Whether a comparison holds for some numbers within the bounds, give or take the tolerance."""
    if isinstance(a, str) or isinstance(b, str):
        return (a == b) is (op == "==")
    slack = Fraction(scope.spec.tolerance)
    match op:
        case "<=":
            return a.low - slack <= b.high
        case ">=":
            return a.high + slack >= b.low
        case "<":
            return a.low - slack < b.high
        case ">":
            return a.high + slack > b.low
        case _:
            meets = a.low - slack <= b.high and a.high + slack >= b.low
            return meets is (op == "==")


def found(path: Path, scope: Scope) -> list[tuple[str, JsonValue]]:
    """Every value that a path leads to, with its JSON pointer; a key that the data lacks counts as blank."""
    if scope.row is not None and path.parts[0] in scope.row:
        return list(_down(cast(JsonValue, scope.row), path.parts, scope.prefix))
    return list(_down(cast(JsonValue, scope.data), path.parts, ""))


def pointers_of(scope: Scope) -> Iterator[str]:
    """JSON pointers of the single values that a rule names, in its order."""
    for parts in paths(scope.rule):
        for pointer, value in found(Path(parts), scope):
            if not isinstance(value, (list, Mapping)):
                yield pointer


def _down(value: JsonValue, parts: Sequence[str], pointer: str) -> Iterator[tuple[str, JsonValue]]:
    if not parts:
        yield pointer, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _down(item, parts, f"{pointer}/{index}")
    else:
        inner = value.get(parts[0]) if isinstance(value, Mapping) else None
        yield from _down(inner, parts[1:], f"{pointer}/{parts[0]}")


def _all(truths: Iterable[bool | None]) -> bool | None:
    known: bool | None = True
    for item in truths:
        if item is False:
            return False
        known = known if item else None
    return known


def _negated(item: bool | None) -> bool | None:
    return None if item is None else not item


_ARITHMETIC: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": Interval.__add__,
    "-": Interval.__sub__,
    "*": Interval.__mul__,
}


def _number(node: Node, scope: Scope) -> Interval:
    value = operand(node, scope)
    if isinstance(value, str):
        raise NotCheckableError(f"“{value}” is not a number")
    return value


def _single(path: Path, scope: Scope, places: int = 0) -> Operand:
    values = found(path, scope)
    if len(values) != 1:
        raise RuleError(f"{path} leads through a list; it can stand in sum(), min(), max() or count() only")
    return _value(*values[0], scope, places)


def _value(pointer: str, value: JsonValue, scope: Scope, places: int = 0) -> Operand:
    """A value of the data as the rule takes it; `places` is the least number of decimals it counts with."""
    if isinstance(value, str):
        return value
    if value is None:
        raise NotCheckableError(f"{pointer} is blank")
    if not isinstance(value, (int, Decimal)):
        raise NotCheckableError(f"{pointer} is not a single value")
    return printed(value, max(places, decimals(value))) if scope.rule.rates else exactly(value)


def _quotient(left: Node, right: Node, scope: Scope) -> Interval:
    places = max(_places(left, scope), _places(right, scope))
    above, below = (
        _single(side, scope, places) if isinstance(side, Path) else _number(side, scope) for side in (left, right)
    )
    if isinstance(above, str) or isinstance(below, str):
        raise NotCheckableError("a text cannot be divided")
    try:
        return above / below
    except ZeroDivisionError:
        raise NotCheckableError(f"{figure(below)} cannot be divided by") from None


def _places(node: Node, scope: Scope) -> int:
    values = [value for _, value in found(node, scope)] if isinstance(node, Path) else []
    return max((decimals(value) for value in values if isinstance(value, (int, Decimal))), default=0)


def _called(node: Call, scope: Scope) -> Operand:
    first = node.args[0]
    match node.name:
        case "count":
            return exactly(_count(first, scope))
        case "abs":
            return abs(_number(first, scope))
        case "exact":
            return exactly(_number(first, scope).middle)
        case "round":
            value, places = _number(first, scope), _digits(node)
            return Interval(round_half_up(value.low, places), round_half_up(value.high, places))
        case "band":
            return _band(_number(first, scope), scope.spec)
        case _:
            return _aggregate(node, scope)


def _digits(node: Call) -> int:
    digits = node.args[1] if len(node.args) > 1 else None
    return int(digits.value) if isinstance(digits, Constant) else 0


def _count(node: Node, scope: Scope) -> int:
    """Rows of a list, or values given in a column of it."""
    values = found(node, scope) if isinstance(node, Path) else []
    if len(values) == 1 and isinstance(values[0][1], list):
        return len(values[0][1])
    return sum(value is not None for _, value in values)


def _band(value: Interval, spec: CheckSpec) -> str:
    """The name of the highest threshold that the value reaches."""
    reached = [(limit, name) for name, limit in (spec.bands or {}).items() if Fraction(limit) <= value.middle]
    if not reached:
        raise NotCheckableError(f"{figure(value)} is below every band")
    return max(reached)[1]


def _aggregate(node: Call, scope: Scope) -> Interval:
    items = [item for arg in node.args for item in _items(arg, scope)]
    if not items:
        raise NotCheckableError(f"{node.args[0]} has no rows")
    return {"sum": total, "min": lowest, "max": highest}[node.name](items)


def _items(arg: Node, scope: Scope) -> Iterator[Interval]:
    if not isinstance(arg, Path):
        yield _number(arg, scope)
        return
    for pointer, value in found(arg, scope):
        number = _value(pointer, value, scope)
        if isinstance(number, str):
            raise NotCheckableError(f"{pointer} is not a number")
        yield number
