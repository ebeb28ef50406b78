"""`zhibiao settings`: what can be set, and to what it is set here."""

from __future__ import annotations

from extract.cli.console import echo, echo_json, echo_table
from extract.cli.options import Format
from extract.settings import ranges
from extract.settings.defaults import Settings
from extract.settings.describe import markdown, shown
from extract.settings.layers import entries


def show(settings: Settings, report: Format) -> int:
    """Print every setting with its value here, its default, its range and what it does."""
    defaults = {entry.name: entry.value for entry in entries()}
    if report is Format.JSON:
        echo_json([{"name": e.name, "value": e.value, "default": defaults[e.name]} for e in entries(settings)])
        return 0
    rows = [
        (e.name, shown(e.value), shown(defaults[e.name]), ranges.range_of(e.hint), ranges.description_of(e.hint))
        for e in entries(settings)
    ]
    echo_table(("setting", "value", "default", "range", "what it does"), rows)
    return 0


def show_markdown() -> int:
    """Print the tables of docs/settings.md."""
    echo(markdown().rstrip())
    return 0
