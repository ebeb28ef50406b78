"""`zhibiao models`: the OCR weights."""

from __future__ import annotations

from pathlib import Path

from extract.cli.console import echo, echo_json, echo_table
from extract.cli.options import Format
from extract.errors import EngineError, UsageError
from extract.ocr.engines import weights


def list_models(models: Path | None, report: Format) -> int:
    """Print every set of weights, the first of a size is the one used. Raises EngineError when there is none."""
    found = weights.find_all(models)
    if not found:
        raise EngineError("no PP-OCRv6 weights were found")
    rows = [
        (one.name, one.source, str(sum_.path), sum_.sha256, sum_.known_as or "not a known file")
        for one in found
        for sum_ in weights.checksums(one)
    ]
    columns = ("name", "source", "path", "sha256", "known as")
    if report is Format.JSON:
        echo_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        echo_table(("name", "file", "known as", "sha256"), [(r[0], r[2], r[4], r[3][:16]) for r in rows])
    return 0


def fetch(size: str, target: Path) -> int:
    """Download weights and print their folder. Raises UsageError for an unknown size, EngineError without a network."""
    if size not in weights.SIZES:
        raise UsageError(f"there is no size {size!r}; there are: {', '.join(weights.SIZES)}")
    found = weights.fetch(size, target)
    echo(str(found.detection))
    echo(str(found.recognition))
    return 0
