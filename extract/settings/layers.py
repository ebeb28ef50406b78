"""Settings from layers: defaults, then a file, then the form's own, then the command line; later layers win."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import tomllib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from extract.errors import UsageError
from extract.settings import ranges
from extract.settings.defaults import Settings

Layer = Mapping[str, Mapping[str, object]]
"""Stage name to key to value, as TOML has it; values may also be strings, as the command line has them."""


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
    """Hash everything that can change a result, as hex; settings marked as speed are left out."""
    text = json.dumps({entry.name: entry.value for entry in entries(settings) if not ranges.is_speed(entry.hint)})
    return hashlib.sha256(text.encode()).hexdigest()


@dataclasses.dataclass(frozen=True)
class SettingEntry:
    """One setting: its name as `stage.key`, its value, and its annotation, which has range and meaning."""

    name: str
    value: object
    hint: Any


def entries(settings: Settings = Settings()) -> Iterator[SettingEntry]:
    """Yield every setting in the order of the stages."""
    for stage in dataclasses.fields(settings):
        current = getattr(settings, stage.name)
        for key, hint in _hints(current).items():
            yield SettingEntry(f"{stage.name}.{key}", getattr(current, key), hint)


def _hints(current: object) -> dict[str, Any]:
    return typing.get_type_hints(type(current), include_extras=True)


def _overlaid(settings: Settings, stage: str, values: Mapping[str, object]) -> Any:
    stages = [field.name for field in dataclasses.fields(settings)]
    if stage not in stages:
        raise UsageError(f"no settings stage is called {stage!r}{_nearest(stage, stages)}")
    current = getattr(settings, stage)
    hints = _hints(current)
    for key in values:
        if key not in hints:
            everywhere = [entry.name for entry in entries(settings)]
            raise UsageError(f"no setting is called '{stage}.{key}'{_nearest(f'{stage}.{key}', everywhere)}")
    changed = {key: _converted(f"{stage}.{key}", value, hints[key]) for key, value in values.items()}
    return dataclasses.replace(current, **changed)


def _nearest(word: str, valid: list[str]) -> str:
    close = difflib.get_close_matches(word, valid, n=1, cutoff=0.0)
    return f"; did you mean '{close[0]}'?" if close else ""


def _converted(name: str, value: object, hint: Any) -> object:
    """Return a value as the type that the setting has; text is parsed, a whole number passes for a float."""
    given = str(value) if isinstance(value, Decimal) else value
    try:
        return msgspec.convert(given, hint, strict=False)
    except msgspec.ValidationError as error:
        kind = typing.get_args(hint)[0]
        if kind in (int, float) and _is_number(given, kind):
            raise UsageError(f"{name} must be {ranges.range_of(hint)}, not {value}") from error
        raise UsageError(f"{name} is {kind.__name__}, not {value!r}") from error


def _is_number(value: object, kind: Callable[[Any], float]) -> bool:
    try:
        kind(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return not isinstance(value, bool)
