"""`zhibiao forms`: the declared forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extract.batch.session import Session
from extract.cli.console import echo, echo_json, echo_table
from extract.cli.options import Format
from extract.errors import DeclarationError
from extract.forms.declaration.loader import load_form, load_forms
from extract.forms.spec import FormSpec


def list_forms(folders: Sequence[Path], report: Format) -> int:
    """Print id, version, name and titles of every declared form. Raises DeclarationError."""
    forms = load_forms(folders)
    if report is Format.JSON:
        echo_json([{"id": f.id, "version": f.version, "name": f.name, "titles": list(f.titles)} for f in forms])
    else:
        echo_table(("form", "version", "name"), [(form.id, form.version, form.name) for form in forms])
    return 0


def check(files: Sequence[Path], folders: Sequence[Path]) -> int:
    """Load the files, or all known declarations, and print a line for each sound one.

    Raises DeclarationError with the faults of all of them.
    """
    forms, faults = _load(files) if files else (load_forms(folders), [])
    for form in forms:
        echo(f"{form.path}: {form.id} {form.version} is sound")
    if faults:
        raise DeclarationError("\n".join(faults))
    return 0


def print_schema(form: str, folders: Sequence[Path]) -> int:
    """Print the JSON Schema of a form's records. Raises UsageError for a form that is not declared."""
    from extract.forms.declaration.json_schema import record_schema

    (spec,) = Session(forms_dirs=tuple(folders), form=form).forms
    echo_json(record_schema(spec))
    return 0


def _load(files: Sequence[Path]) -> tuple[Sequence[FormSpec], list[str]]:
    forms, faults = [], []
    for file in files:
        try:
            forms.append(load_form(file))
        except DeclarationError as error:
            faults.append(str(error))
    return forms, faults
