"""Where a value of a record comes from: its ink, what was read, how sure, what checks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.errors import InputError, MissingFile, UsageError
from extract.storage.ledger import peek
from extract.storage.output_dir import STATE

if TYPE_CHECKING:
    from extract.geometry import Quad
    from extract.model import Image


@dataclass(frozen=True)
class Explanation:
    """A value with its evidence, checks and issues, each as the record has them."""

    pointer: str
    value: object
    evidence: Mapping[str, Any] | None
    checks: tuple[Mapping[str, Any], ...]
    issues: tuple[Mapping[str, Any], ...]
    source: Mapping[str, Any]

    @property
    def quad(self) -> Quad | None:
        """Where the ink is, in pixels of the source page; None for text exports and blanks."""
        from extract.geometry import Quad

        return Quad.of(self.evidence["quad"]) if self.evidence and self.evidence.get("quad") else None

    def plain(self) -> dict[str, Any]:
        """The explanation as JSON has it."""
        return {
            "pointer": self.pointer,
            "value": self.value,
            "evidence": self.evidence,
            "checks": list(self.checks),
            "issues": list(self.issues),
            "source": self.source,
        }


def read_record(path: Path) -> dict[str, Any]:
    """A record file with its numbers exact. Raises MissingFile or UsageError when it is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise MissingFile(f"{path} does not exist.") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} is not a record: {error}") from error
    if not isinstance(record, dict) or not {"data", "evidence", "checks", "issues", "source"} <= record.keys():
        raise UsageError(f"{path} is not a record that `zhibiao run` wrote")
    return record


def explain(record: Mapping[str, Any], pointer: str) -> Explanation:
    """What the record says about a value. Raises UsageError for a pointer that leads nowhere."""
    return Explanation(
        pointer=pointer,
        value=_resolve(record["data"], pointer),
        evidence=record["evidence"].get(pointer),
        checks=tuple(check for check in record["checks"] if pointer in check.get("pointers", ())),
        issues=tuple(issue for issue in record["issues"] if issue["pointer"] == pointer),
        source=record["source"],
    )


def find_scan(record: Path, source: Mapping[str, Any]) -> Path | None:
    """The scan a record was read from, where it lay then; None when it is gone or another file now."""
    for folder in record.absolute().parents:
        known = peek(folder / STATE / "ledger.sqlite", source["path"])
        if known is not None:
            scan = known.source
            same = isinstance(scan, Path) and scan.is_file() and known.sha256 == source["sha256"]
            return scan if isinstance(scan, Path) and same else None
    return None


def crop(scan: Path, explanation: Explanation) -> Image:
    """The ink of a value, upright, with a margin of half its height, (h, w, 3) BGR. Raises InputError."""
    quad = explanation.quad
    if quad is None or explanation.evidence is None:
        raise UsageError(f"{explanation.pointer} has no ink: it is blank or comes from a text export")
    return _upright(_page_image(scan, explanation.evidence["page"]), quad)


def _page_image(scan: Path, number: int) -> Image:
    from extract.load import open_document
    from extract.model import Page

    for page in open_document(scan):
        if page.ref.page == number and isinstance(page, Page):
            return page.image
    raise InputError(f"{scan} has no page {number}")


def _upright(image: Image, quad: Quad) -> Image:
    import cv2
    import numpy as np

    points = quad.array().astype(np.float32)
    width = float(np.linalg.norm(points[1] - points[0]))
    height = float(np.linalg.norm(points[3] - points[0]))
    m = height / 2
    target = np.array([[m, m], [m + width, m], [m + width, m + height], [m, m + height]], np.float32)
    matrix = cv2.getPerspectiveTransform(points, target)
    size = (max(1, round(width + height)), max(1, round(2 * height)))
    upright = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    colour = cv2.cvtColor(upright, cv2.COLOR_GRAY2BGR) if upright.ndim == 2 else upright
    return np.asarray(colour, dtype=np.uint8)


def _resolve(data: object, pointer: str) -> object:
    """RFC 6901. Raises UsageError naming the part that is not there."""
    if pointer and not pointer.startswith("/"):
        raise UsageError(f"a pointer starts with a slash: /{pointer}")
    for raw in pointer.split("/")[1:]:
        part = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            raise UsageError(f"{pointer}: there is no {part!r}{_there(data)}")
    return data


def _there(data: object) -> str:
    if isinstance(data, dict):
        return f"; there are: {', '.join(data)}"
    if isinstance(data, list):
        return f"; there are 0 to {len(data) - 1}" if data else "; the list is empty"
    return ""
