"""Clean page -> grids, in the spirit of pdfplumber's chain of small steps, with every intermediate kept.

ink -> response -> segments -> rules -> joints -> lines -> walls -> cells -> grids
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.geometry import Box
from extract.grid.cell_edges import rule_strength, shares, single_walls, slack_px, strongest_across, worn
from extract.grid.cells import Span, Walls, find_void, rectangles, regions, standing, wall_threshold
from extract.grid.intersections import Joints, cross, find_joints, group
from extract.grid.line_filter import Working, rescale, respond, respond_to_frames, thicken
from extract.grid.link_segments import common_slope, link
from extract.grid.merge_lines import extend, merge_rules
from extract.grid.open_borders import open_borders
from extract.grid.ruling_line import Bools, Floats, Track
from extract.grid.segments import find_segments
from extract.grid.split_tables import split_tables
from extract.grid.stroke_filter import Ink, ink_along, without_strokes
from extract.model import CleanPage, Grid, Image
from extract.settings.defaults import GridSettings


@dataclass(frozen=True, eq=False)
class Direction:
    """All that runs one way: darkness, its response over a long and a short window, segments, rules, their slope."""

    dark: Image
    response: Image
    near: Image
    segments: tuple[Track, ...]
    rules: tuple[Track, ...]
    slope: float


@dataclass(frozen=True, eq=False)
class Lattice:
    """A table's row and column lines over its whole extent, their corners and walls."""

    row_lines: tuple[Track, ...]
    col_lines: tuple[Track, ...]
    x: Floats
    y: Floats
    walls: Walls


@dataclass(frozen=True, eq=False)
class LatticeTrace:
    """Every intermediate of one page, in working pixels (vertical rules transposed), for overlays and tests."""

    working: Working
    across: Direction
    down: Direction
    joints: Joints
    lattices: tuple[Lattice, ...]
    grids: tuple[Grid, ...]


def trace_lattice(page: CleanPage, settings: GridSettings) -> LatticeTrace:
    """Find all ruled grids of a page, in reading order, boxes in clean pixels."""
    working = rescale(page, settings)
    across = _look_along(working.dark, working.unit, settings)
    down = _look_along(np.asarray(cv2.transpose(working.dark), dtype=np.uint8), working.unit, settings)
    slopes = (across.slope, down.slope)
    inks = (_ink(across, working.unit, settings), _ink(down, working.unit, settings))
    horizontal, vertical = without_strokes(*inks, working.unit, settings)
    joints = find_joints(horizontal, vertical, slopes, working.unit, settings)
    lattices = []
    for rows, cols in group(joints):
        h, v = tuple(horizontal[i] for i in rows), tuple(vertical[j] for j in cols)
        lattices.append(_build(h, v, across, down, working.unit, settings))
    grids = tuple(g for lattice in lattices for g in _grids(lattice, working, page.ref.page, settings))
    return LatticeTrace(working, across, down, joints, tuple(lattices), _reading_order(grids))


def _look_along(dark: Image, unit: float, settings: GridSettings) -> Direction:
    thickened = thicken(dark)
    frames = respond_to_frames(thickened, unit, settings)
    response = np.maximum(respond(thickened, settings.window_chars, unit, settings), frames)
    near = np.maximum(respond(thickened, settings.near_window_chars, unit, settings), frames)
    segments = find_segments(response, unit, settings)
    slope = common_slope(segments, unit, settings)
    return Direction(dark, response, near, segments, link(segments, slope, unit, settings), slope)


def _ink(direction: Direction, unit: float, settings: GridSettings) -> tuple[Ink, ...]:
    """The ink along every rule of a direction."""
    spread, slack = strongest_across(direction.dark, unit, settings), slack_px(unit, settings)
    return tuple(ink_along(rule, direction.dark, spread, slack, unit) for rule in direction.rules)


def _build(
    rows: tuple[Track, ...],
    cols: tuple[Track, ...],
    across: Direction,
    down: Direction,
    unit: float,
    settings: GridSettings,
) -> Lattice:
    """Lines of one table with its open sides closed, and the walls between its places."""
    new_cols = open_borders(rows, cols, down.slope, unit, settings)
    new_rows = open_borders(cols, rows, across.slope, unit, settings)
    rows = merge_rules(rows + new_rows, across.slope, unit, settings)
    cols = merge_rules(cols + new_cols, down.slope, unit, settings)
    left, right = min(r.start for r in rows), max(r.end for r in rows)
    top, bottom = min(c.start for c in cols), max(c.end for c in cols)
    rows = tuple(extend(r, left, right, across.slope) for r in rows)
    cols = tuple(extend(c, top, bottom, down.slope) for c in cols)
    x, y = cross(rows, cols, (across.slope, down.slope))
    x, y = np.maximum.accumulate(x, axis=1), np.maximum.accumulate(y, axis=0)
    above, worn_above = _measure(rows, new_rows, x, across, unit, settings)
    left_of, worn_left = _measure(cols, new_cols, y.T, down, unit, settings)
    narrow = settings.same_wall_chars * unit
    above = single_walls(above, np.diff(y, axis=0), narrow)
    beside = single_walls(left_of, np.diff(x, axis=1).T, narrow)
    return Lattice(rows, cols, x, y, Walls(above, beside.T, worn_above, worn_left.T))


def _measure(
    lines: tuple[Track, ...],
    added: tuple[Track, ...],
    corners: Floats,
    direction: Direction,
    unit: float,
    settings: GridSettings,
) -> tuple[Floats, Bools]:
    """Of each wall of each line: how much is drawn, and whether it is blank by wear."""
    near, dark = (strongest_across(image, unit, settings) for image in (direction.near, direction.dark))
    drawn, doubtful = [], []
    for line, places in zip(lines, corners, strict=True):
        ink = ink_along(line, direction.dark, dark, slack_px(unit, settings), unit)
        bare = ink.blank | ink.is_stroke(places, unit, settings)
        strength = np.where(bare, 0.0, rule_strength(line, near, dark, unit, settings))
        strength = np.where(np.isnan(strength) & ink.is_edge & ink.is_whole(places), 1.0, strength)
        strength = _with_borders(line, strength, added, unit)
        drawn.append(shares(line, strength, places, unit, settings))
        doubtful.append(worn(line, strength, places, unit, settings))
    return np.array(drawn), np.array(doubtful)


def _with_borders(line: Track, strength: Floats, added: tuple[Track, ...], unit: float) -> Floats:
    """How plainly the line is drawn, where a border that was added counts as drawn over its length."""
    for border in added:
        if abs(float(np.mean(line.at(np.array([border.start, border.end - 1.0])))) - border.across[0]) < 0.5 * unit:
            strength[max(0, border.start - line.start) : max(0, border.end - line.start)] = 1.0
    return strength


def _grids(lattice: Lattice, working: Working, page: int, settings: GridSettings) -> tuple[Grid, ...]:
    """The tables that stand in one lattice, mostly one."""
    threshold = wall_threshold(lattice.walls, settings)
    walls = standing(lattice.walls, settings)
    spans = rectangles(regions(walls, threshold), walls, threshold)
    void = find_void(spans, walls, threshold, settings)
    x, y = working.to_clean(lattice.x), working.to_clean(lattice.y)

    def box(span: Span) -> Box:
        rows, cols = slice(span.row, span.row_end + 1), slice(span.col, span.col_end + 1)
        x0, x1 = _mean(x[rows, span.col]), _mean(x[rows, span.col_end])
        y0, y1 = _mean(y[span.row, cols]), _mean(y[span.row_end, cols])
        return Box(x0, y0, max(x0, x1), max(y0, y1))

    grids = split_tables(spans, void, box, page)
    least = (settings.min_table_width_chars, settings.min_table_height_chars)
    return tuple(grid for grid in grids if _is_large(grid, working.unit / working.scale, least))


def _mean(values: Floats) -> float:
    """What `np.mean` gives, at a third of its price for the few values of a cell's side."""
    return float(np.add.reduce(values)) / len(values)


def _is_large(grid: Grid, unit: float, least: tuple[float, float]) -> bool:
    """Whether a grid is wider and higher than what the strokes of a headline may look like."""
    box = Box.around(cell.box for cell in grid.cells if cell.box is not None)
    return box.width >= least[0] * unit and box.height >= least[1] * unit


def _reading_order(grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
    def corner(grid: Grid) -> tuple[float, float]:
        boxes = [cell.box for cell in grid.cells if cell.box is not None]
        return min(b.y0 for b in boxes), min(b.x0 for b in boxes)

    return tuple(sorted(grids, key=corner))
