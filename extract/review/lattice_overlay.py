"""Pictures of the grid's intermediates: the rules that were found, and the walls between the places of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from extract.model import Image
from extract.review.canvas import AMBER, BLUE, GREEN, RED, VIOLET, Canvas, Colour
from extract.review.overlay import canvas_of

if TYPE_CHECKING:
    from extract.geometry import Points
    from extract.grid.lattice import Lattice
    from extract.grid.ruling_line import Track
    from extract.pipeline import Trace

WHOLE, WORN = 0.9, 0.4
"""Shares of a wall from which it is drawn as whole and as worn; for the eye only, no cell depends on them."""


def rules(trace: Trace) -> Image:
    """Every ruling line that was found, blue across and violet down, whether or not a table holds it."""
    canvas = canvas_of(trace)
    if trace.lattice is None:
        canvas.notes([("no drawn rules were looked for: the grid is camelot's", RED)])
        return canvas.image()
    for rule in trace.lattice.across.rules:
        _stroke(canvas, trace, _course(rule), BLUE)
    for rule in trace.lattice.down.rules:
        _stroke(canvas, trace, _course(rule)[:, ::-1], VIOLET)
    return canvas.image()


def edges(trace: Trace) -> Image:
    """Every wall between two places of a table: green where it is drawn whole, amber where worn, red where hardly."""
    canvas = canvas_of(trace)
    if trace.lattice is None:
        canvas.notes([("no walls were looked for: the grid is camelot's", RED)])
        return canvas.image()
    for lattice in trace.lattice.lattices:
        for ends, share in _walls(lattice):
            if share > 0:
                _stroke(canvas, trace, ends, _colour(share))
    return canvas.image()


def _course(rule: Track) -> Points:
    """Where a rule runs, (n, 2): along and across, every 16 working pixels and at its end."""
    at = np.unique(np.append(np.arange(0, rule.length, 16), rule.length - 1))
    return np.column_stack((rule.start + at, rule.across[at]))


def _walls(lattice: Lattice) -> Iterator[tuple[Points, float]]:
    """Both ends of each wall in working pixels, (2, 2), and how much of it is drawn."""
    corners = np.stack((lattice.x, lattice.y), axis=-1)
    for (row, col), share in np.ndenumerate(lattice.walls.above):
        yield corners[row, col : col + 2], float(share)
    for (row, col), share in np.ndenumerate(lattice.walls.left):
        yield corners[row : row + 2, col], float(share)


def _colour(share: float) -> Colour:
    return GREEN if share >= WHOLE else AMBER if share >= WORN else RED


def _stroke(canvas: Canvas, trace: Trace, work: Points, colour: Colour) -> None:
    assert trace.lattice is not None
    clean = trace.lattice.working.to_clean(work)
    canvas.stroke(trace.clean.to_source.apply(clean), colour, pen=2)
