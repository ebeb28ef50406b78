"""`zhibiao forms`: list, check, schema."""

import json
from pathlib import Path

from extract.errors import ExitCode
from tests.commands import zhibiao


def test_bad_declaration(scans: Path, tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    (forms / "bad.toml").write_text("id = 3\n", encoding="utf-8")
    for arguments in (("run", scans, "-o", tmp_path / "out", "--forms", forms), ("forms", "check", forms / "bad.toml")):
        done = zhibiao(*arguments)
        assert done.returncode == ExitCode.DECLARATION
        assert "bad.toml" in done.stderr
    assert not (tmp_path / "out").exists()


def test_schema_is_json() -> None:
    schema = json.loads(zhibiao("forms", "schema", "project_self_evaluation").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_forms_list_as_json() -> None:
    forms = json.loads(zhibiao("forms", "list", "--report", "json").stdout)
    assert "project_self_evaluation" in [form["id"] for form in forms]
