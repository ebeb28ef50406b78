"""`zhibiao show`: what a stage found, drawn on the scan."""

from __future__ import annotations

from pathlib import Path

import cv2

from extract.batch.session import Session, source_of
from extract.cli.console import echo
from extract.cli.options import Stage
from extract.errors import OutputError, UsageError
from extract.model import Image
from extract.review import lattice_overlay, overlay

PAINTERS = {
    Stage.CLEAN: overlay.clean,
    Stage.BINARISED: overlay.binarised,
    Stage.RULES: lattice_overlay.rules,
    Stage.EDGES: lattice_overlay.edges,
    Stage.CELLS: overlay.cells,
    Stage.LINES: overlay.lines,
    Stage.LABELS: overlay.labels,
    Stage.COLUMNS: overlay.columns,
    Stage.VALUES: overlay.values,
}


def show(session: Session, scan: Path, output: Path, stage: Stage, page: int) -> int:
    """Write the picture and print its path. Raises InputError for the scan and OutputError for the picture."""
    write_picture(output, PAINTERS[stage](session.pipeline().trace(scan, source_of(scan), page)))
    echo(str(output))
    return 0


def write_picture(path: Path, image: Image) -> None:
    """Write a picture in the format its name asks for. Raises UsageError for an unknown one, OutputError otherwise."""
    suffix = path.suffix.lower()
    if suffix not in {".png", ".jpg", ".jpeg"}:
        raise UsageError(f"{path.name}: pictures are written as .png or .jpg")
    _, encoded = cv2.imencode(suffix, image)
    try:
        path.write_bytes(encoded.tobytes())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
