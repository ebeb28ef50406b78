"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extract.errors import UsageError

if TYPE_CHECKING:
    from extract.batch.ray_cluster import Cluster
    from extract.batch.session import Session
    from extract.settings.layers import Layer

SETTINGS_FILE = Path("zhibiao.toml")
"""Read from the working folder when no other is named."""


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


class Engine(StrEnum):
    """Where files are read."""

    LOCAL = "local"
    RAY = "ray"


class Printed(StrEnum):
    """How the answer to a query is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Only(StrEnum):
    """Which records are taken."""

    ACCEPTED = "accepted"


class Arrangement(StrEnum):
    """What an exported workbook looks like."""

    TABLES = "tables"
    FORM = "form"


class Stage(StrEnum):
    """What `show` can draw."""

    CLEAN = "clean"
    BINARISED = "binarised"
    RULES = "rules"
    EDGES = "edges"
    CELLS = "cells"
    LINES = "lines"
    LABELS = "labels"
    COLUMNS = "columns"
    VALUES = "values"


Forms = Annotated[
    list[Path] | None,
    typer.Option("--forms", metavar="DIR", help="Folder of form declarations; one with a built-in id replaces it."),
]
Output = Annotated[Path, typer.Argument(metavar="OUT", help="Folder that `zhibiao run -o` wrote.")]
Taken = Annotated[Only | None, typer.Option("--only", help="Keep doubtful records out.")]
Form = Annotated[
    str | None, typer.Option("--form", metavar="ID", help="Look for this form only; do not guess among all.")
]
Models = Annotated[
    Path | None, typer.Option("--models", metavar="DIR", help="Folder of OCR weights (or set ZHIBIAO_MODELS).")
]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="STAGE.KEY=VALUE", help="Change a setting, e.g. batch.max_seconds=60. Repeatable."),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings file. [default: zhibiao.toml in this folder, if any]"),
]
Where = Annotated[
    Engine, typer.Option("--engine", help="Read in processes of this machine, or on a Ray cluster (zhibiao[ray]).")
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address", metavar="HOST:PORT", help="A running Ray cluster, or auto. [default: one on this machine]"
    ),
]
Log = Annotated[
    Path | None, typer.Option("--log", metavar="FILE", help="Append one JSON object a line for each file read.")
]


def cluster(engine: Engine, address: str | None) -> Cluster | None:
    """The Ray cluster to read on, if any. Raises UsageError for an address of none."""
    from extract.batch.ray_cluster import Cluster

    if engine is Engine.RAY:
        return Cluster(address)
    if address is not None:
        raise UsageError("--address is for --engine ray")
    return None


def session(
    config: Path | None,
    assignments: list[str] | None,
    forms: list[Path] | None = None,
    form: str | None = None,
    models: Path | None = None,
) -> Session:
    """What the options come to, with the settings checked. Raises UsageError."""
    from extract.batch.session import Session, use_models
    from extract.settings.layers import parse_assignments

    use_models(models)
    made = Session(_file_layer(config), parse_assignments(assignments or ()), tuple(forms or ()), form)
    _ = made.settings  # unknown keys are said before any work starts
    return made


def _file_layer(config: Path | None) -> Layer:
    from extract.settings.layers import read_layer

    if config is not None:
        return read_layer(config)
    return read_layer(SETTINGS_FILE) if SETTINGS_FILE.is_file() else {}
