"""The grid stage: cells with spans, from ruled lines, vector rules or text exports; and lines into cells."""

from __future__ import annotations

from extract.grid.fill import fill
from extract.grid.lattice import LatticeTrace, trace_lattice
from extract.grid.text_table import from_text_table
from extract.grid.vector import find

__all__ = ["LatticeTrace", "fill", "find", "from_text_table", "trace_lattice"]
