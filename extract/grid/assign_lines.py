"""Lines into cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.geometry import Box, overlap_1d
from extract.model import Cell, Grid, Reading, TextLine

Place = tuple[int, int]
"""Index of a grid, index of a cell in it."""


def fill(grids: tuple[Grid, ...], reading: Reading) -> tuple[tuple[Grid, ...], tuple[TextLine, ...]]:
    """Give every line to the cell that holds its centre; the lines outside of all grids come back as the second.

    Where several cells hold the centre (a table inside a cell), the one that shares the largest part of its own
    area with the line wins. Nothing is lost: each line is in one cell or among the free ones.
    """
    held: dict[Place, list[TextLine]] = {}
    free: list[TextLine] = []
    cells = [(g, c, cell.box) for g, grid in enumerate(grids) for c, cell in enumerate(grid.cells) if cell.box]
    for line, place in zip(reading.lines, _places(reading.lines, cells), strict=True):
        if place is None:
            free.append(line)
        else:
            held.setdefault(place, []).append(line)
    filled = tuple(_with_lines(grid, {c: v for (g, c), v in held.items() if g == k}) for k, grid in enumerate(grids))
    return filled, reading_order(free)


def _places(lines: Sequence[TextLine], cells: Sequence[tuple[int, int, Box]]) -> list[Place | None]:
    """Where each line goes; None outside of all cells."""
    boxes = [None if line.quad is None else line.quad.box for line in lines]
    x0, y0, x1, y1 = np.array([(box.x0, box.y0, box.x1, box.y1) for _, _, box in cells]).reshape(-1, 4).T
    centres = np.array([(np.nan, np.nan) if box is None else (box.cx, box.cy) for box in boxes]).reshape(-1, 2)
    cx, cy = centres[:, :1], centres[:, 1:]
    holding: list[list[int]] = [[] for _ in lines]
    for line, cell in np.argwhere((x0 <= cx) & (cx < x1) & (y0 <= cy) & (cy < y1)).tolist():
        holding[line].append(cell)
    return [_place(box, [cells[i] for i in held]) for box, held in zip(boxes, holding, strict=True)]


def _place(box: Box | None, holding: Sequence[tuple[int, int, Box]]) -> Place | None:
    if box is None or not holding:
        return None
    grid, cell, _ = max(holding, key=lambda c: c[2].overlap(box) / max(c[2].area, 1.0))
    return grid, cell


def _with_lines(grid: Grid, held: dict[int, list[TextLine]]) -> Grid:
    cells: list[Cell] = [
        replace(cell, lines=cell.lines + reading_order(held[k])) if k in held else cell
        for k, cell in enumerate(grid.cells)
    ]
    return replace(grid, cells=tuple(cells))


def reading_order(lines: list[TextLine]) -> tuple[TextLine, ...]:
    """Top to bottom; lines that stand beside one another (half of the lower height shared) left to right."""
    boxed = [(line.quad.box, line) for line in lines if line.quad is not None]
    visual: list[list[tuple[Box, TextLine]]] = []
    for box, line in sorted(boxed, key=lambda b: (b[0].cy, b[0].x0)):
        if visual and _beside(visual[-1][0][0], box):
            visual[-1].append((box, line))
        else:
            visual.append([(box, line)])
    ordered = [line for row in visual for _, line in sorted(row, key=lambda b: b[0].x0)]
    return tuple(line for line in lines if line.quad is None) + tuple(ordered)


def _beside(a: Box, b: Box) -> bool:
    shared = overlap_1d(a.y0, a.y1, b.y0, b.y1)
    return shared > 0.5 * min(a.height, b.height) and overlap_1d(a.x0, a.x1, b.x0, b.x1) < 0.5 * min(a.width, b.width)
