"""Form declarations: TOML files to typed specs, with all faults of a file reported at once.

`document.py` reads keys and their types; `audit.py` holds the parts of a declaration against one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from extract.errors import DeclarationError, UsageError
from extract.forms.declaration.consistency import audit
from extract.forms.declaration.inherit import inherited
from extract.forms.declaration.schema_folder import declarations, schema_folder
from extract.forms.declaration.toml_reader import Node, raise_faults, read_document
from extract.forms.spec import (
    CheckSpec,
    ColumnSpec,
    FieldSpec,
    FooterSpec,
    FormSpec,
    GroupSpec,
    MatrixSpec,
    Place,
    RowSpec,
    TableSpec,
    UnitSpec,
    ValueType,
)
from extract.settings.layers import layered

KEY = "[a-z][a-z0-9_]*"
"""Pattern of a key: it becomes a key of the record, a name in rules and a column of the database."""

MAX_DECIMALS = 10
"""Decimals that every database takes beside the digits before the point."""

FORM_STAGES = ("align", "check")
"""Stages that run once the form is known, so that its own settings can reach them."""

_KEY_WANTED = "a key: lower-case letters, digits and _, a letter first"


def load_form(path: Path) -> FormSpec:
    """The form that a file declares; raises DeclarationError with all of its faults and their key paths."""
    document, own = read_document(path)
    root, content = inherited(document, own, path)
    form = _form(root, str(document.raw.get("extends", "")), path, hashlib.sha256(content).hexdigest())
    raise_faults(path, [*root.faults, *audit(form)])
    return form


def load_forms(dirs: Sequence[Path] = ()) -> tuple[FormSpec, ...]:
    """The shipped forms and those of further folders, by id; a later folder replaces a form of the same id.

    Raises DeclarationError with the faults of all files, or where a folder has none, or one id twice.
    """
    forms: dict[str, FormSpec] = {}
    problems: list[str] = []
    for folder in (schema_folder(), *dirs):
        for form in _folder_forms(folder, problems):
            forms[form.id] = form
    problems += _shared_titles(forms.values())
    if problems:
        raise DeclarationError("\n".join(problems))
    return tuple(forms[form_id] for form_id in sorted(forms))


def _shared_titles(forms: Iterable[FormSpec]) -> Iterator[str]:
    owners: dict[str, FormSpec] = {}
    for form in forms:
        for title in form.titles:
            other = owners.setdefault(title, form)
            if other is not form and other.family != form.family:
                yield f"{form.path}: identify.titles: “{title}” is a title of {other.id} too"


def _folder_forms(folder: Path, problems: list[str]) -> list[FormSpec]:
    if not folder.is_dir():
        problems.append(f"{folder}: is not a folder")
        return []
    files = declarations(folder)
    if not files:
        problems.append(f"{folder}: holds no form declaration (*.toml)")
    forms: dict[str, FormSpec] = {}
    for file in files:
        try:
            form = load_form(file)
        except DeclarationError as error:
            problems.append(str(error))
            continue
        if form.id in forms:
            problems.append(f"{file}: id: “{form.id}” is declared in {forms[form.id].path.name} too")
        forms[form.id] = form
    return list(forms.values())


def _form(root: Node, base: str, path: Path, digest: str) -> FormSpec:
    identify = root.child("identify", required=True) or Node({}, "identify", [])
    form = FormSpec(
        id=root.name("id", KEY, _KEY_WANTED),
        version=root.name("version", r"\d+\.\d+\.\d+", "a version like 1.0.0"),
        name=root.text("name"),
        titles=identify.texts("titles", required=True),
        must_labels=identify.texts("labels", required=True),
        min_labels=identify.count("min_labels", default=1),
        fields=tuple(_field(node) for node in root.children("field")),
        side_labels=_side_labels(root),
        ignored_labels=root.texts("ignore"),
        matrices=tuple(_matrix(node) for node in root.children("matrix")),
        tables=tuple(_table(node) for node in root.children("table")),
        checks=tuple(_check(node) for node in root.children("check")),
        settings=_settings(root),
        path=path,
        digest=digest,
        family=root.optional_text("family") or base or str(root.raw.get("id", "")),
    )
    identify.close()
    root.close()
    return form


def _settings(root: Node) -> dict[str, dict[str, object]]:
    """The form's settings, whose stages are those that run when the form is known."""
    tables = root.tables("settings")
    for stage, values in tables.items():
        if stage not in FORM_STAGES:
            stages = " and ".join(FORM_STAGES)
            root.fault(f"settings.{stage}", f"the stages that run once a form is known are {stages}")
            continue
        try:
            layered(({stage: values},))
        except UsageError as error:
            root.fault(f"settings.{stage}", str(error))
    return tables


def _field(node: Node) -> FieldSpec:
    spec = FieldSpec(
        key=node.name("key", rf"{KEY}(\.{KEY})*", "a key or keys joined by points"),
        type=node.word("type", ValueType, ValueType.TEXT, required=True),
        place=node.word("place", Place, Place.RIGHT),
        labels=node.texts("labels"),
        required=node.flag("required"),
        values=node.texts("values"),
        decimals=node.optional_count("decimals", most=MAX_DECIMALS),
        occurrence=node.count("occurrence", default=1, most=9),
    )
    node.close()
    return spec


def _side_labels(root: Node) -> tuple[str, ...]:
    labels: dict[str, None] = {}
    for node in root.children("side"):
        labels |= dict.fromkeys(node.texts("labels", required=True))
        node.close()
    return tuple(labels)


def _matrix(node: Node) -> MatrixSpec:
    spec = MatrixSpec(
        key=node.name("key", KEY, _KEY_WANTED),
        labels=node.texts("labels", required=True),
        rows=tuple(_row(row) for row in node.children("row", required=True)),
        columns=tuple(_matrix_column(column) for column in node.children("column", required=True)),
        unit=_unit(node),
        over=node.texts("over"),
    )
    node.close()
    return spec


def _row(node: Node) -> RowSpec:
    spec = RowSpec(
        key=node.name("key", KEY, _KEY_WANTED),
        labels=node.texts("labels", required=True),
        required=node.texts("required"),
    )
    node.close()
    return spec


def _unit(node: Node) -> UnitSpec | None:
    unit = node.child("unit")
    if unit is None:
        return None
    spec = UnitSpec(unit.name("key", KEY, _KEY_WANTED), unit.texts("values", required=True))
    unit.close()
    return spec


def _matrix_column(node: Node) -> ColumnSpec:
    spec = ColumnSpec(
        key=node.name("key", KEY, _KEY_WANTED),
        type=node.word("type", ValueType, ValueType.TEXT, required=True),
        labels=node.texts("labels"),
        values=node.texts("values"),
        decimals=node.optional_count("decimals", most=MAX_DECIMALS),
    )
    node.close()
    return spec


def _table(node: Node) -> TableSpec:
    spec = TableSpec(
        key=node.name("key", KEY, _KEY_WANTED),
        columns=tuple(_table_column(column) for column in node.children("column", required=True)),
        groups=tuple(_group(group) for group in node.children("group")),
        footer=_footer(node),
        placeholders=node.texts("placeholders"),
        min_rows=node.count("min_rows", default=1),
        over=node.texts("over"),
    )
    node.close()
    return spec


def _table_column(node: Node) -> ColumnSpec:
    spec = ColumnSpec(
        key=node.name("key", KEY, _KEY_WANTED),
        type=node.word("type", ValueType, ValueType.TEXT, required=True),
        labels=node.texts("labels", required=True),
        required=node.flag("required"),
        level=node.count("level", most=2),
        values=node.texts("values"),
        decimals=node.optional_count("decimals", most=MAX_DECIMALS),
        parts=node.text_lists("parts"),
        inside=node.optional_text("inside"),
        above=node.flag("above"),
    )
    node.close()
    return spec


def _group(node: Node) -> GroupSpec:
    spec = GroupSpec(
        label=node.text("label"),
        labels=node.texts("labels", required=True),
        children=node.text_lists("children"),
    )
    node.close()
    return spec


def _footer(node: Node) -> FooterSpec | None:
    footer = node.child("footer")
    if footer is None:
        return None
    spec = FooterSpec(
        key=footer.name("key", KEY, _KEY_WANTED),
        labels=footer.texts("labels", required=True),
        columns=footer.texts("columns", required=True),
        required=footer.texts("required"),
    )
    footer.close()
    return spec


def _check(node: Node) -> CheckSpec:
    spec = CheckSpec(
        id=node.name("id", "[a-z][a-z0-9-]*", "an id: lower-case letters, digits and -"),
        rule=node.text("rule"),
        message=node.text("message"),
        each=node.text("each", default="") or None,
        tolerance=node.decimal("tolerance", Decimal(0)),
        source=node.flag("source"),
        bands=node.decimals("bands"),
    )
    node.close()
    return spec
