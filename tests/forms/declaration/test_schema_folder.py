"""Where the shipped declarations lie."""

from pathlib import Path

from extract.forms.declaration.schema_folder import declarations, schema_folder


def test_shared_words_declare_no_form(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", "lexicon.toml", "glossary.toml", "a.schema.json"):
        (tmp_path / name).touch()
    assert [file.name for file in declarations(tmp_path)] == ["a.toml", "b.toml"]


def test_the_shipped_folder_has_forms_and_words() -> None:
    folder = schema_folder()
    assert (folder / "lexicon.toml").is_file()
    assert "project_self_evaluation" in [file.stem for file in declarations(folder)]
