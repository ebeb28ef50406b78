"""Documents say what the program does: every command, code and link."""

import inspect
import re
from pathlib import Path

import pytest
import typer

import extract
from extract import errors
from extract.cli.app import app, forms_app, models_app
from extract.errors import ISSUE_CODES, ExitCode, ZhibiaoError
from extract.model import Doubt
from extract.records import outcomes
from extract.settings.describe import markdown
from tests.paths import ROOT

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
COMMANDS = [
    f"{prefix}{command.name or command.callback.__name__}"
    for group, prefix in ((app, ""), (forms_app, "forms "), (models_app, "models "))
    for command in group.registered_commands
    if command.callback is not None
]
ERRORS = [found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, ZhibiaoError)]


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_in_the_readme(command: str) -> None:
    assert f"| `zhibiao {command}" in document("README.md")


def test_the_readme_names_no_other_commands() -> None:
    named = re.findall(r"^\| `zhibiao ([a-z]+(?: (?:list|check|schema|fetch))?)", document("README.md"), re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


def test_the_tables_of_settings_are_those_of_the_code() -> None:
    assert document("docs/settings.md").rpartition("-->\n")[2] == markdown()


@pytest.mark.parametrize("name", sorted(ISSUE_CODES))
def test_issue_codes_are_documented(name: str) -> None:
    assert f"| `{name}` |" in document("docs/issue-codes.md")


def test_doubts_are_documented() -> None:
    rows = re.findall(r"^\| (grave|slight) \| `([a-z-]+)` \| (.+) \|$", document("docs/issue-codes.md"), re.MULTILINE)
    assert rows == [("grave" if doubt.grave else "slight", doubt, doubt.reason) for doubt in Doubt]


def test_no_other_issue_codes_are_documented() -> None:
    assert set(re.findall(r"^\| `([a-z-]+)` \|", document("docs/issue-codes.md"), re.MULTILINE)) == set(ISSUE_CODES)


@pytest.mark.parametrize("code", list(ExitCode))
def test_exit_codes_are_documented(code: ExitCode) -> None:
    assert f"| {int(code)} | {code.name} |" in document("docs/exit-codes.md")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_error_codes_are_documented(error: type[ZhibiaoError]) -> None:
    if error is not ZhibiaoError:
        assert f"`{error.code}`" in document("docs/exit-codes.md")


@pytest.mark.parametrize("code", [outcomes.BUG, outcomes.UNCHANGED, outcomes.DUPLICATE])
def test_report_codes_are_documented(code: str) -> None:
    assert f"`{code}`" in document("docs/exit-codes.md")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    broken = [t for t in targets if "://" not in t and not (path.parent / t).exists()]
    assert not broken


def test_decisions_are_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\(([a-z-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}


def test_make_targets_are_real() -> None:
    targets = set(re.findall(r"^([a-z]+):", document("Makefile"), re.MULTILINE))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named = set(re.findall(r"`make ([a-z]+)\b", text))
    assert {"run", "test", "bench", "lint", "lock", "clean"} <= targets
    assert named <= targets


def test_the_changelog_knows_this_version() -> None:
    assert "[Unreleased]" in document("CHANGELOG.md") or f"[{extract.__version__}]" in document("CHANGELOG.md")


def test_every_option_has_help() -> None:
    group = typer.main.get_command(app)
    for command in group.commands.values():  # type: ignore[attr-defined]
        for one in getattr(command, "commands", {"": command}).values():
            assert one.help
            assert all(getattr(parameter, "help", None) for parameter in one.params if parameter.name != "help")
