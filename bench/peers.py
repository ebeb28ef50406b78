"""The indicator rows that img2table reads right on the same scans.

It needs its own environment, because its dependencies are not the product's: `make bench-peers`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bench.contest import PEERS
from bench.fold import Leaf, same
from bench.score import Data
from bench.sets import Case, choose
from bench.shape import shape_of
from bench.text import markdown, percent, seconds

FOLDER = Path(__file__).parent


def report(cases: Sequence[Case], per_kind: int) -> str:
    """What the peers reach on at most `per_kind` files of each kind of damage, as Markdown."""
    if not PEERS.is_file():
        return "img2table: skipped, no environment for it here (`make bench-peers` makes it)."
    sample = choose(cases, (), per_kind)
    results = _run([str(PEERS), str(FOLDER / "peer_worker.py")], sample)
    done = [case for case in sample if case.path in results]
    kinds = dict.fromkeys(case.kind for case in sample)
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
    """For every row of a list of the truth: does a table row hold its cells in order, and its levels too."""
    hits = []
    for truth in truths:
        for shape in shape_of(truth).lists:
            for row in truth[shape.key]:
                own = [cells for cells in rows if _holds(cells, [row[key] for key in shape.own])]
                levels = any(_holds(cells, [row[key] for key in shape.levels]) for cells in own)
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


def _run(command: Sequence[str], cases: Sequence[Case]) -> dict[Path, dict[str, Any]]:
    """Results by file of a worker that prints one JSON object per file."""
    env = dict(os.environ) | {"OMP_NUM_THREADS": "2"}
    files = [str(case.path) for case in cases]
    with subprocess.Popen(
        [*command, *files], cwd=FOLDER.parent, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        results = [json.loads(line) for line in process.stdout or ()]
    return {Path(result["file"]): result for result in results}
