"""Budgets on the tail: what does not fit on a screen is not read."""

import ast
from pathlib import Path

import pytest

from tests.paths import ROOT

MODULES = sorted((ROOT / "extract").rglob("*.py"))
MOST_LINES = {"function": 40, "module": 400}
MOST_PARAMETERS = 7
"""Of a function; `self` counts. The functions of cli/app.py have one for each option of a command."""


def functions(module: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.relative_to(ROOT / "extract").as_posix())
def test_a_module_keeps_its_budget(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MOST_LINES["module"]
    found = functions(module)
    assert {node.name: lines(node) for node in found if lines(node) > MOST_LINES["function"]} == {}
    if module.name != "app.py":
        assert {node.name: parameters(node) for node in found if parameters(node) > MOST_PARAMETERS} == {}
