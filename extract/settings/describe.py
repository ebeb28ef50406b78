"""All settings with defaults, ranges and meaning, as docs/settings.md shows them."""

from __future__ import annotations

import dataclasses
import inspect

from extract.settings import ranges
from extract.settings.defaults import Settings
from extract.settings.layers import SettingEntry, entries


def markdown() -> str:
    """Return a heading, a sentence and a table for each stage; settings of no result are marked."""
    parts = []
    for stage in dataclasses.fields(Settings):
        own = [entry for entry in entries() if entry.name.startswith(f"{stage.name}.")]
        said = inspect.cleandoc(type(getattr(Settings(), stage.name)).__doc__ or "")
        rows = "\n".join(map(_row, own))
        parts.append(f"## {stage.name}\n\n{said}\n\n| setting | default | range | |\n|---|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def _row(entry: SettingEntry) -> str:
    range_ = ranges.range_of(entry.hint).replace(", up to 1000000000", "")
    said = ranges.description_of(entry.hint) + (" *(speed)*" if ranges.is_speed(entry.hint) else "")
    return f"| `{entry.name}` | {shown(entry.value)} | {range_} | {said} |"


def shown(value: object) -> str:
    """Return a value as a settings file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
