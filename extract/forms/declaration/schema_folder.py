"""Where the shipped declarations lie."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_SHARED = frozenset({"lexicon.toml", "glossary.toml"})
"""Words that all forms share; every other TOML file of a folder declares a form."""


def declarations(folder: Path) -> list[Path]:
    """Return the files of a folder that declare forms, sorted by name."""
    return sorted(file for file in folder.glob("*.toml") if file.name not in _SHARED)


def schema_folder() -> Path:
    """The folder of `extract.schemas`: inside the installed package, or beside `extract/` in a checkout."""
    beside = Path(__file__).resolve().parents[3] / "schemas"
    spec = find_spec("extract.schemas")
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return next((place for place in places if (place / "lexicon.toml").is_file()), beside)
