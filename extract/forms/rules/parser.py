"""The language of a form's rules: text to a small tree, nothing evaluated.

Python's own grammar, cut down to numbers, texts, dotted names (paths into the data), + - * /, comparisons and
their chains, and, or, not, and the functions of `FUNCTIONS`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

FUNCTIONS: dict[str, tuple[int, int]] = {
    "sum": (1, 99),
    "min": (1, 99),
    "max": (1, 99),
    "count": (1, 1),
    "abs": (1, 1),
    "round": (1, 2),
    "exact": (1, 1),
    "given": (1, 1),
    "band": (1, 1),
}
"""Each function with the least and the greatest number of its arguments."""

AGGREGATES = frozenset({"sum", "min", "max", "count"})
"""Functions in which a path that leads through a list means all its rows."""


class RuleError(ValueError):
    """A rule that does not parse; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number (as text, exact) or a text of the rule itself."""

    value: str
    number: bool


@dataclass(frozen=True, slots=True)
class Path:
    """A dotted name: a way into the data."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Call:
    """One of `FUNCTIONS` with its arguments."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic of two sides; `op` is one of + - * /."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    item: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain of comparisons: items[0] ops[0] items[1] ops[1] items[2] …"""

    ops: tuple[str, ...]
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by `op`: and, or."""

    op: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    item: Node


Node = Constant | Path | Call | Binary | Negative | Compare | Logic | Not
Condition = (Compare, Logic, Not)


@dataclass(frozen=True)
class Rule:
    """A parsed rule; `rates` says whether it multiplies or divides, so that its figures are rounded ones."""

    text: str
    root: Node
    rates: bool


_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@lru_cache(maxsize=1024)
def compile_rule(text: str) -> Rule:
    """Parse a rule; raises RuleError for anything outside of the language."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise RuleError(f"does not parse: {error.args[0]}") from None
    root = _node(tree, text.strip())
    if not is_condition(root):
        raise RuleError("states nothing that holds or fails; compare two sides with ==, <= or the like")
    rates = any(isinstance(node, Binary) and node.op in "*/" for node in walk(root))
    return Rule(text, root, rates)


def is_condition(node: Node) -> bool:
    """Whether the node holds or fails, rather than being a number or a text."""
    return isinstance(node, Condition) or (isinstance(node, Call) and node.name == "given")


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> tuple[Node, ...]:
    """What stands directly below a node."""
    match node:
        case Call(args=args):
            return args
        case Binary(left=left, right=right):
            return (left, right)
        case Compare(items=items) | Logic(items=items):
            return items
        case Negative(item=item) | Not(item=item):
            return (item,)
        case _:
            return ()


def paths(rule: Rule) -> tuple[tuple[str, ...], ...]:
    """Every path that a rule names, once, in the order of the text."""
    return tuple(dict.fromkeys(node.parts for node in walk(rule.root) if isinstance(node, Path)))


def _node(tree: ast.expr, text: str) -> Node:
    match tree:
        case ast.Constant():
            return _constant(tree, text)
        case ast.Name() | ast.Attribute():
            return Path(_dotted(tree, text))
        case ast.Call():
            return _call(tree, text)
        case ast.BinOp(op=op) if type(op) in _BINARY:
            return Binary(_BINARY[type(op)], _number(tree.left, text), _number(tree.right, text))
        case ast.UnaryOp(op=ast.USub()):
            return Negative(_number(tree.operand, text))
        case ast.UnaryOp(op=ast.Not()):
            return Not(_condition(tree.operand, text))
        case ast.BoolOp(op=ast.And() | ast.Or() as op):
            word = "and" if isinstance(op, ast.And) else "or"
            return Logic(word, tuple(_condition(item, text) for item in tree.values))
        case ast.Compare() if all(type(op) in _COMPARE for op in tree.ops):
            items = tuple(_number(item, text) for item in (tree.left, *tree.comparators))
            return Compare(tuple(_COMPARE[type(op)] for op in tree.ops), items)
        case _:
            raise RuleError(f"`{_source(tree, text)}` is not part of the rule language")


def _constant(tree: ast.Constant, text: str) -> Constant:
    source = _source(tree, text)
    if isinstance(tree.value, str):
        return Constant(tree.value, number=False)
    if type(tree.value) not in (int, float) or not source.replace(".", "", 1).isdecimal():
        raise RuleError(f"`{source}` is not a number; write it with digits and a point")
    return Constant(source, number=True)


def _dotted(tree: ast.expr, text: str) -> tuple[str, ...]:
    if isinstance(tree, ast.Name):
        return (tree.id,)
    if isinstance(tree, ast.Attribute):
        return (*_dotted(tree.value, text), tree.attr)
    raise RuleError(f"`{_source(tree, text)}` is not a path; write keys joined by points")


def _call(tree: ast.Call, text: str) -> Call:
    name = _source(tree.func, text)
    if name not in FUNCTIONS:
        raise RuleError(f"unknown function `{name}`; there are {', '.join(FUNCTIONS)}")
    least, most = FUNCTIONS[name]
    if tree.keywords or not least <= len(tree.args) <= most:
        wanted = str(least) if least == most else f"{least} or more" if most > 2 else f"{least} or {most}"
        raise RuleError(f"{name}() takes {wanted} argument{'' if wanted == '1' else 's'}")
    args = tuple(_number(arg, text) for arg in tree.args)
    if name in {"given", "count"} and not isinstance(args[0], Path):
        raise RuleError(f"{name}() takes a path")
    digits = args[1] if name == "round" and len(args) == 2 else None
    if digits is not None and not (isinstance(digits, Constant) and digits.value.isdecimal()):
        raise RuleError("round() takes a whole number of decimals")
    return Call(name, args)


def _number(tree: ast.expr, text: str) -> Node:
    node = _node(tree, text)
    if is_condition(node):
        raise RuleError(f"`{_source(tree, text)}` is a condition where a value is expected")
    return node


def _condition(tree: ast.expr, text: str) -> Node:
    node = _node(tree, text)
    if not is_condition(node):
        raise RuleError(f"`{_source(tree, text)}` is a value where a condition is expected")
    return node


def _source(tree: ast.AST, text: str) -> str:
    return ast.get_source_segment(text, tree) or ast.unparse(tree)
