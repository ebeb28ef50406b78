"""Settings from layers: defaults, then a file, then the form's own, then the command line; later layers win."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract.errors import UsageError
from extract.settings import ranges
from extract.settings.defaults import Settings

Layer = Mapping[str, Mapping[str, object]]
"""Stage name to key to value, as TOML has it; values may also be strings, as the command line has them."""

NOT_IDENTITY = frozenset({"batch.*", "ocr.threads"})
"""What changes how fast a result comes, not what it is."""


def read_layer(path: Path) -> Layer:
    """The layer a TOML file holds. Raises UsageError when it cannot be read or is not TOML."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the settings file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error
    for stage, values in tables.items():
        if not isinstance(values, dict):
            raise UsageError(f"{path}: {stage!r} stands outside of a table; write it below a [stage] line")
    return tables


def parse_assignments(assignments: Iterable[str]) -> Layer:
    """The layer of `stage.key=value` strings. Raises UsageError for any other shape."""
    layer: dict[str, dict[str, object]] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        stage, dot, key = name.strip().partition(".")
        if not (equals and dot and stage and key):
            raise UsageError(f"--set takes STAGE.KEY=VALUE (grid.min_rule_chars=3), not {text!r}")
        layer.setdefault(stage, {})[key] = value.strip()
    return layer


def layered(layers: Iterable[Layer], base: Settings = Settings()) -> Settings:
    """`base` with the layers laid over it, the first one lowest.

    Raises UsageError for an unknown stage or key, naming the nearest valid one, and for a value of a wrong type or out
    of its range.
    """
    for layer in layers:
        for stage, values in layer.items():
            changed: dict[str, Any] = {stage: _overlaid(base, stage, values)}
            base = dataclasses.replace(base, **changed)
    return base


def fingerprint(settings: Settings) -> str:
    """A hash of everything that can change a result, as hex; see NOT_IDENTITY for what cannot."""
    text = json.dumps(dict(_identity(settings)), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _identity(settings: Settings) -> Iterator[tuple[str, object]]:
    for stage in dataclasses.fields(settings):
        for key, value in dataclasses.asdict(getattr(settings, stage.name)).items():
            if not NOT_IDENTITY & {f"{stage.name}.{key}", f"{stage.name}.*"}:
                yield f"{stage.name}.{key}", value


def _overlaid(settings: Settings, stage: str, values: Mapping[str, object]) -> Any:
    stages = [field.name for field in dataclasses.fields(settings)]
    if stage not in stages:
        raise UsageError(f"no settings stage is called {stage!r}{_nearest(stage, stages)}")
    current = getattr(settings, stage)
    hints = typing.get_type_hints(type(current))
    for key in values:
        if key not in hints:
            everywhere = [f"{s}.{f.name}" for s in stages for f in dataclasses.fields(getattr(settings, s))]
            raise UsageError(f"no setting is called '{stage}.{key}'{_nearest(f'{stage}.{key}', everywhere)}")
    changed = {key: _converted(f"{stage}.{key}", value, hints[key]) for key, value in values.items()}
    for key, value in changed.items():
        ranges.check(f"{stage}.{key}", value)
    return dataclasses.replace(current, **changed)


def _nearest(word: str, valid: list[str]) -> str:
    close = difflib.get_close_matches(word, valid, n=1, cutoff=0.0)
    return f"; did you mean '{close[0]}'?" if close else ""


def _converted(name: str, value: object, hint: object) -> object:
    """A value as the type that the setting has; text is parsed, a whole number passes for a float."""
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if types.NoneType in options and value in ("", "none"):
        return None
    for option in options:
        try:
            return _as_type(value, option)
        except (ValueError, TypeError):
            continue
    wanted = " or ".join(getattr(option, "__name__", str(option)) for option in options)
    raise UsageError(f"{name} is {wanted}, not {value!r}")


def _as_type(value: object, kind: object) -> object:
    if typing.get_origin(kind) is tuple:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list):
            raise TypeError
        return tuple(_as_type(part, typing.get_args(kind)[0]) for part in parts)
    if kind is bool:
        return _as_bool(value)
    if isinstance(value, bool):
        raise TypeError
    if kind is float and isinstance(value, int | float | str | Decimal):
        return float(value)
    if kind is int and isinstance(value, int | str):
        return int(value)
    if kind is str and isinstance(value, str):
        return value
    raise TypeError


def _as_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false", "yes", "no", "on", "off", "1", "0"}:
        return value.lower() in {"true", "yes", "on", "1"}
    raise ValueError
