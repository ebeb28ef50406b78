"""What columns that no form prints a label for are called in tables for people."""

from __future__ import annotations

import tomllib
from functools import cache

from extract.forms.declaration.schema_folder import schema_folder


def word(key: str) -> str:
    """Return the word of `schemas/glossary.toml` for a key, the key itself where it has none."""
    return _glossary().get(key, key)


@cache
def _glossary() -> dict[str, str]:
    text = (schema_folder() / "glossary.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}
