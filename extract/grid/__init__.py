"""The grid stage: cells with spans, from ruled lines, vector rules or text exports; and lines into cells."""

from __future__ import annotations

from extract.grid.assign_lines import fill
from extract.grid.lattice import LatticeTrace, trace_lattice
from extract.grid.page_grids import GridTrace, find, find_traced
from extract.grid.text_table import from_text_table, text_contents

__all__ = [
    "GridTrace",
    "LatticeTrace",
    "fill",
    "find",
    "find_traced",
    "from_text_table",
    "text_contents",
    "trace_lattice",
]
