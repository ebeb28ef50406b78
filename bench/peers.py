"""The best existing table reader on the same scans: which indicator rows it reads right.

Needs its own environment, because its dependencies are not the product's: `make bench-peers`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bench.fold import Leaf, same
from bench.score import Data
from bench.sets import Case
from bench.text import markdown, percent, seconds

PYTHON = Path(__file__).parent / "out" / "peers" / "bin" / "python"
WORKER = Path(__file__).with_name("peer_worker.py")
TEXTS = ("level3", "target", "actual", "weight", "score", "deviation_reason")


def report(cases: Sequence[Case], per_kind: int) -> str:
    """A Markdown table of the peer's rows per kind of damage, over at most `per_kind` files of each."""
    if not PYTHON.is_file():
        return "Peers: skipped, no environment for them here (`make bench-peers` makes it)."
    results = _run(_sample(cases, per_kind))
    done = [case for case in cases if case.path in results]
    kinds = dict.fromkeys(case.kind for case in cases)
    lines = [_line(kind, [case for case in done if case.kind == kind], results) for kind in kinds]
    head = ("img2table 2.0 + rapidocr", "files", "rows", "rows right %", "with levels %", "s/page")
    return markdown(head, lines)


def _line(kind: str, cases: Sequence[Case], results: Mapping[Path, Mapping[str, Any]]) -> tuple[object, ...]:
    hits = [hit for case in cases for hit in row_hits(case.truths, results[case.path]["rows"])]
    own, full = sum(own for own, _ in hits), sum(full for _, full in hits)
    pages = sum(results[case.path]["pages"] for case in cases)
    spent = sum(results[case.path]["seconds"] for case in cases)
    shares = [percent(100 * part / len(hits) if hits else None) for part in (own, full)]
    return (kind, len(cases), len(hits), *shares, seconds(spent / pages if pages else None))


def row_hits(truths: Sequence[Data], rows: Sequence[Sequence[str | None]]) -> list[tuple[bool, bool]]:
    """For every indicator row of the truth: does a table row hold its cells in order, and its levels too."""
    hits = []
    for truth in truths:
        for row in truth["indicators"]:
            own = [cells for cells in rows if _holds(cells, [row[key] for key in TEXTS])]
            levels = any(_holds(cells, [row["level1"], row["level2"]]) for cells in own)
            hits.append((bool(own), levels))
    return hits


def _holds(cells: Sequence[str | None], wanted: Sequence[Leaf]) -> bool:
    """Whether the wanted values stand in the cells in this order, each in a cell of its own."""
    left = iter(cells)
    return all(any(_says(cell, value) for cell in left) for value in wanted if value is not None)


def _says(cell: str | None, value: Leaf) -> bool:
    if cell is None:
        return False
    if isinstance(value, Decimal):
        try:
            return Decimal(cell.strip()) == value
        except InvalidOperation:
            return False
    return same(cell, value, typographic=True)


def _sample(cases: Sequence[Case], per_kind: int) -> list[Case]:
    taken: dict[str, int] = {}
    sample = []
    for case in cases:
        taken[case.kind] = taken.get(case.kind, 0) + 1
        if taken[case.kind] <= per_kind:
            sample.append(case)
    return sample


def _run(cases: Sequence[Case]) -> dict[Path, dict[str, Any]]:
    env = dict(os.environ) | {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    command = [str(PYTHON), str(WORKER), *(str(case.path) for case in cases)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(result["file"]): result for result in results}
