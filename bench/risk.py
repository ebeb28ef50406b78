"""Risk against coverage: how many values are wrong among those that the program is surest of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.fields import Field, Outcome

Curve = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


def curve(certainties: Sequence[float], wrong: Sequence[bool]) -> Curve:
    """Coverage (share of all) and errors in 10,000 as the least certainty falls; equal certainties enter together."""
    sure = np.asarray(certainties, dtype=np.float64)
    order = np.argsort(-sure, kind="stable")
    errors = np.cumsum(np.asarray(wrong, dtype=np.float64)[order])
    kept = np.arange(1, len(order) + 1)
    ends = np.append(np.flatnonzero(np.diff(sure[order])), len(order) - 1)
    return kept[ends] / len(order), 10_000 * errors[ends] / kept[ends]


def forms(read: Sequence[Field]) -> tuple[list[float], list[bool]]:
    """For every form the product of its fields' certainties, and whether any of them is materially wrong."""
    grouped: dict[tuple[str, int], list[Field]] = {}
    for field in read:
        if field.status is not None:
            grouped.setdefault((field.file, field.form), []).append(field)
    certainties = [float(np.prod([f.certainty for f in fields])) for fields in grouped.values()]
    return certainties, [any(f.outcome is Outcome.MATERIAL for f in fields) for fields in grouped.values()]


def draw(read: Sequence[Field], groups: Mapping[str, Sequence[str]], path: Path) -> None:
    """Draw the curve of fields by group of damage, and that of whole forms, as a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, kinds in {**groups, "all": sorted({field.kind for field in read})}.items():
        own = [field for field in read if field.kind in kinds and field.status is not None]
        if own:
            _line(left, curve([f.certainty for f in own], [f.outcome is Outcome.MATERIAL for f in own]), name)
    if read:
        _line(right, curve(*forms(read)), "all")
    left.set(title="values", ylabel="materially wrong in 10,000")
    right.set(title="forms, by the product of their values' certainty", ylabel="forms with an error in 10,000")
    for axes in (left, right):
        axes.set(xlabel="coverage: share kept, the most certain first", xlim=(0, 1), yscale="symlog", ylim=(0, 10_000))
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _line(axes: Any, points: Curve, name: str) -> None:
    axes.plot(points[0], points[1], label=name, linewidth=2.4 if name == "all" else 1.2, drawstyle="steps-post")
