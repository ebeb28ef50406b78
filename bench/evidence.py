"""Does the evidence point at the ink? Quads of records against quads of the truth, in source pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bench.product import Output
from bench.score import Data, pair_forms, pair_lists
from bench.sets import Case
from bench.text import markdown, percent

Points = npt.NDArray[np.float32]
"""A (4, 2) array of x, y in source pixels."""

HEADER = ("evidence", "values", "right page %", "centre on the ink %", "IoU >= 0.5 %", "px between centres (median)")


@dataclass(frozen=True, slots=True)
class Hit:
    """How one value's evidence meets its ink; distance in source pixels, None on a wrong page."""

    page: bool
    inside: bool
    iou: float
    distance: float | None


def evidence_table(cases: Sequence[Case], output: Output) -> str:
    """How well the evidence of all values points at their ink, per kind of damage."""
    lines = []
    for kind in sorted({case.kind for case in cases}):
        hits = [hit for case in cases if case.kind == kind for hit in case_hits(case, output.of_file(case.name))]
        distances = [hit.distance for hit in hits if hit.distance is not None]
        shares = [
            percent(100 * sum(part) / len(hits) if hits else None)
            for part in ((h.page for h in hits), (h.inside for h in hits), (h.iou >= 0.5 for h in hits))
        ]
        lines.append((kind, len(hits), *shares, f"{median(distances):.1f}" if distances else ""))
    return markdown(HEADER, lines)


def case_hits(case: Case, records: Sequence[Data]) -> Iterator[Hit]:
    """One hit for every value of a file whose ink is known and whose record has a quad for it."""
    for t, r in pair_forms(case.truths, [record["data"] for record in records]):
        if t is None or r is None:
            continue
        record = records[r]
        renamed = record_pointers(case.truths[t], record["data"])
        for pointer, ink in case.ink[t].items():
            evidence = record["evidence"].get(renamed(pointer))
            if evidence and evidence["quad"]:
                yield _hit(evidence, ink, case.dpi)


def record_pointers(truth: Data, data: Data) -> Callable[[str], str]:
    """From a pointer into the truth to the same value's pointer into a record, whose rows may be numbered otherwise."""
    names = {
        (shape.key, str(t)): str(g)
        for shape, pairs in pair_lists(truth, data).items()
        for t, g in pairs
        if t is not None and g is not None
    }

    def renamed(pointer: str) -> str:
        parts = pointer.split("/")
        if len(parts) > 3 and parts[2].isdecimal():
            parts[2] = names.get((parts[1], parts[2]), "none")
        return "/".join(parts)

    return renamed


def _hit(evidence: Mapping[str, Any], ink: Sequence[Mapping[str, Any]], dpi: float) -> Hit:
    same_page = [np.array(i["quad"], np.float32) for i in ink if i["page"] == evidence["page"]]
    if not same_page:
        return Hit(page=False, inside=False, iou=0.0, distance=None)
    scale = dpi / float(evidence.get("dpi") or dpi)
    found = np.array(evidence["quad"], np.float32) * np.float32(scale)
    truth = same_page[0]
    middle = found.mean(axis=0)
    inside = cv2.pointPolygonTest(truth.reshape(-1, 1, 2), (float(middle[0]), float(middle[1])), False) >= 0
    return Hit(True, inside, _iou(found, truth), float(np.linalg.norm(middle - truth.mean(axis=0))))


def _iou(a: Points, b: Points) -> float:
    """Intersection over union of two convex quads."""
    shared, _ = cv2.intersectConvexConvex(a, b)
    whole = cv2.contourArea(a) + cv2.contourArea(b) - shared
    return float(shared / whole) if whole > 0 else 0.0
