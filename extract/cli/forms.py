"""`zhibiao forms`: the declared forms."""

from __future__ import annotations

from pathlib import Path

from extract.cli.console import echo, echo_json, echo_table
from extract.cli.options import Format
from extract.forms import load_forms
from extract.forms.schema import record_schema
from extract.session import Session


def list_forms(folders: tuple[Path, ...], report: Format) -> int:
    """Print id, version and titles of every declared form. Raises DeclarationError."""
    forms = load_forms(folders)
    if report is Format.JSON:
        echo_json([{"id": f.id, "version": f.version, "name": f.name, "titles": list(f.titles)} for f in forms])
    else:
        echo_table(("form", "version", "name"), [(form.id, form.version, form.name) for form in forms])
    return 0


def check(files: tuple[Path, ...], folders: tuple[Path, ...]) -> int:
    """Load the declarations and print one line for each. Raises DeclarationError listing all faults."""
    forms = load_forms((*folders, *files))
    wanted = {path.absolute() for path in files}
    for form in forms:
        if not wanted or form.path.absolute() in wanted:
            echo(f"{form.path}: {form.id} {form.version} is sound")
    return 0


def print_schema(form: str, folders: tuple[Path, ...]) -> int:
    """Print the JSON Schema of a form's records. Raises UsageError for a form that is not declared."""
    (spec,) = Session(forms_dirs=folders, form=form).forms
    echo_json(record_schema(spec))
    return 0
