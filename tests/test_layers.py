"""Imports point down only; engine code holds no form's words; the list of packages is whole."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

PACKAGE = ROOT / "extract"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"__main__"},
    {"cli"},
    {"batch", "downstream"},
    {"review"},
    {"pipeline"},
    {"load", "clean", "grid", "ocr", "forms"},
    {"storage"},
    {"records"},
    {"ocr_engine"},
    {"model"},
    {"formatting", "geometry", "settings", "text"},
    {"errors"},
)
"""Top to bottom. A module may import from lower rows, and from its own unit, nothing else."""

LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}

WORD = re.compile(r"[\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff]")


def unit(module: Path) -> str:
    """The package or module directly below `extract` that a file belongs to."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "extract" and len(parts) > 1 and parts[1] in LEVEL:
                yield parts[1]


def test_every_module_has_its_layer() -> None:
    assert {unit(module) for module in MODULES} - {"__init__"} == set(LEVEL)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.relative_to(PACKAGE).as_posix())
def test_imports_point_down(module: Path) -> None:
    own = unit(module)
    if own == "__init__":
        assert not list(imported(module))
        return
    wrong = {name for name in imported(module) if name != own and LEVEL[name] <= LEVEL[own]}
    assert not wrong, f"{own} imports {wrong}, which stand beside or above it"


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.relative_to(PACKAGE).as_posix())
def test_no_form_words_in_code(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    words = [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and len(WORD.findall(node.value)) > 1
        and not re.search(r"\[.*-.*\]", node.value)  # a range of characters in a pattern is no word
    ]
    assert not words, f"form words belong in schemas/*.toml: {words}"


def test_packages_are_listed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    found = {".".join(init.parent.relative_to(ROOT).parts) for init in PACKAGE.rglob("__init__.py")}
    assert set(listed) == found | {"extract.schemas"}


def test_the_lock_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    lines = [line for line in lock.splitlines() if line and not line.startswith("#")]
    assert all(re.match(r"([a-z0-9-]+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$", line) for line in lines)


def test_one_version_of_opencv() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"^opencv-[a-z-]+==(\S+)", lock, re.MULTILINE)) == {"4.10.0.84"}
