"""A declaration that extends another: what it states lies over what the other states, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from extract.forms.declaration.schema_folder import declarations, schema_folder
from extract.forms.declaration.toml_reader import Node, read_document, suggest

MAX_DEPTH = 8
"""Declarations that extend one another in a row; more than this is a circle."""

NAMES: Mapping[str, str] = {
    "field": "key",
    "matrix": "key",
    "row": "key",
    "column": "key",
    "table": "key",
    "group": "label",
    "check": "id",
}
"""Lists whose entries are known by a name: by it an entry of the variant finds the one that it changes."""


def inherited(root: Node, content: bytes, path: Path) -> tuple[Node, bytes]:
    """A document with what it extends below it; the bytes are those of all files that took part.

    Raises DeclarationError where a file that is extended cannot be read.
    """
    at = path
    for _ in range(MAX_DEPTH):
        base_id = root.raw.get("extends")
        if not isinstance(base_id, str):
            return root, content
        base_path = _find(base_id, at)
        if base_path is None:
            root.fault("extends", f"there is no declaration “{base_id}”; {suggest(base_id, _known(path))}")
            return root, content
        base, more = read_document(base_path)
        below = _without(base.raw, root)
        above = base.raw.get("extends")
        raw = {**_merged(below, root.raw), "extends": above} if above else _merged(below, root.raw)
        root = Node({k: v for k, v in raw.items() if k != "without" and (k != "extends" or above)}, "", root.faults)
        content += more
        at = base_path
    root.fault("extends", "the declarations extend one another in a circle")
    return root, content


def _find(base_id: str, path: Path) -> Path | None:
    places = (path.parent / f"{base_id}.toml", schema_folder() / f"{base_id}.toml")
    return next((place for place in places if place.is_file() and place != path), None)


def _known(path: Path) -> list[str]:
    return sorted({file.stem for folder in (path.parent, schema_folder()) for file in declarations(folder)})


def _merged(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """The keys of both; tables are laid over one another, named entries too, all else is replaced."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            result[key] = _merged(old, value)
        elif isinstance(value, list) and isinstance(old, list) and key in NAMES:
            result[key] = _entries(old, value, NAMES[key])
        else:
            result[key] = value
    return result


def _entries(below: Sequence[object], above: Sequence[object], name: str) -> list[object]:
    result = list(below)
    for entry in above:
        at = next((i for i, old in enumerate(result) if _named(old, name) == _named(entry, name) is not None), None)
        old = result[at] if at is not None else None
        if at is not None and isinstance(old, dict) and isinstance(entry, dict):
            result[at] = _merged(old, entry)
        else:
            result.append(entry)
    return result


def _named(entry: object, name: str) -> object:
    return entry.get(name) if isinstance(entry, dict) else None


# ---- what a variant leaves out ---------------------------------------------------------------------------------


def _without(below: Mapping[str, object], root: Node) -> Mapping[str, object]:
    """The extended document without what the variant says it lacks."""
    for where in root.texts("without"):
        kept, found = _dropped(below, where.split("."))
        if not found:
            root.fault("without", f"“{where}” is not in the declaration that is extended; {_near(below, where)}")
        below = kept
    return below


def _dropped(table: Mapping[str, object], parts: Sequence[str]) -> tuple[Mapping[str, object], bool]:
    """A table without the entry that a path of names leads to, and whether there was one."""
    result, found = dict(table), False
    for key, name in NAMES.items():
        entries = result.get(key)
        if not isinstance(entries, list):
            continue
        kept: list[object] = []
        for entry in entries:
            inner, hit = _leads(entry, _named(entry, name), parts)
            found = found or hit
            if inner is not None:
                kept.append(inner)
        result[key] = kept
    return result, found


def _leads(entry: object, name: object, parts: Sequence[str]) -> tuple[object | None, bool]:
    """An entry without what a path leads to below it; None where the path is the entry itself."""
    if not isinstance(entry, dict) or not isinstance(name, str):
        return entry, False
    own = name.split(".")
    if own == list(parts):
        return None, True
    if list(parts[: len(own)]) == own:
        return _dropped(entry, parts[len(own) :])
    return entry, False


def _near(below: Mapping[str, object], where: str) -> str:
    return suggest(where, sorted(_names(below, ())))


def _names(table: Mapping[str, object], above: tuple[str, ...]) -> Iterator[str]:
    for key, name in NAMES.items():
        entries = table.get(key)
        for entry in entries if isinstance(entries, list) else ():
            own = _named(entry, name)
            if isinstance(entry, dict) and isinstance(own, str):
                yield ".".join((*above, own))
                yield from _names(entry, (*above, own))
