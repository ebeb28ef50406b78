"""Which finder a page is given to."""

from __future__ import annotations

from extract.grid.lattice import trace_lattice
from extract.model import CleanPage, Grid
from extract.settings import GridSettings


def find(page: CleanPage, settings: GridSettings = GridSettings()) -> tuple[Grid, ...]:
    """Grids of a page in reading order, boxes in clean pixels, cells still without lines."""
    return trace_lattice(page, settings).grids
