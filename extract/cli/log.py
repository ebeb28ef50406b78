"""A log of a run for machines: one JSON object a line, appended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract.errors import OutputError

Log = Callable[[str, dict[str, Any]], None]
"""Takes the name of an event and what there is to say of it."""


@contextmanager
def logging_to(path: Path | None) -> Iterator[Log]:
    """A log that appends to a file, each line at once; one that does nothing without a file.

    Raises OutputError when the file cannot be opened; the log does when it cannot be written.
    """
    if path is None:
        yield lambda _event, _details: None
        return
    with _as_output_error(path):
        file = path.open("a", encoding="utf-8")

    def log(event: str, details: dict[str, Any]) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        with _as_output_error(path):
            file.write(json.dumps({"time": moment, "event": event, **details}, ensure_ascii=False) + "\n")
            file.flush()

    with file:
        yield log


@contextmanager
def _as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        failure = OutputError(f"cannot write the log {path}: {error.strerror}")
        failure.remedy = "Name another file with --log, in a folder that is there and has space."
        raise failure from error
