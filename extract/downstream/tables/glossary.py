"""What columns that no form prints a label for are called in tables for people."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def word(key: str) -> str:
    """The glossary's word for a key, the key itself where it has none."""
    return _glossary().get(key, key)


@cache
def _glossary() -> dict[str, str]:
    text = files("extract.downstream.tables").joinpath("words.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}
