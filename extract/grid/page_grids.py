"""Which finder a page is given to: camelot for born-digital pages, the drawn rules where it fails, else the image."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from extract.geometry import Box
from extract.grid.camelot_lattice import read_camelot
from extract.grid.lattice import LatticeTrace, trace_lattice
from extract.model import CleanPage, Grid, Rule
from extract.settings.defaults import GridSettings

PAPER = 255
UPRIGHT = 4
"""How many times longer than wide a vector rule is, at least, to be taken for a vertical one."""


@dataclass(frozen=True, eq=False)
class GridTrace:
    """Grids of a page, and the rules, corners and walls that they were made of; None where camelot read the page."""

    grids: tuple[Grid, ...]
    lattice: LatticeTrace | None


def find(page: CleanPage, settings: GridSettings = GridSettings()) -> tuple[Grid, ...]:
    """Find the grids of a page: in reading order, boxes in clean pixels, cells still without lines."""
    return find_traced(page, settings).grids


def find_traced(page: CleanPage, settings: GridSettings = GridSettings()) -> GridTrace:
    """Find the grids of a page, with every intermediate.

    A page with vector rules and a text layer goes to camelot; its answer is kept if the rules drawn on the page bear
    it out, else those rules are traced. A page whose text is an image goes the way of scans.
    """
    if page.words and page.rules:
        read = read_camelot(page, settings) if settings.camelot else ()
        if read and borne_out(read, page.rules, settings.same_cell_chars * page.char_height):
            return GridTrace(read, None)
        drawn = trace_lattice(draw_rules(page), settings)
        if drawn.grids:
            return GridTrace(drawn.grids, drawn)
    found = trace_lattice(page, settings)
    return GridTrace(found.grids, found)


def borne_out(grids: tuple[Grid, ...], rules: tuple[Rule, ...], tolerance: float) -> bool:
    """Whether cells begin where vertical rules stand and nearly all vertical rules stand in a grid.

    So an answer in other coordinates (a page turned or cropped in the file) or one that misses a table is found out.
    """
    upright = [(r.x0 + r.x1, *sorted((r.y0, r.y1))) for r in rules if abs(r.y1 - r.y0) > UPRIGHT * abs(r.x1 - r.x0)]
    if not upright:
        return False
    stand = np.array(upright, dtype=np.float64) * (0.5, 1.0, 1.0)
    edges = np.array([cell.box.x0 for grid in grids for cell in grid.cells if cell.box is not None])
    near = np.abs(edges[:, None] - stand[None, :, 0]).min(axis=1) <= tolerance
    held = np.zeros(len(stand), dtype=np.bool_)
    for grid in grids:
        box = Box.around(cell.box for cell in grid.cells if cell.box is not None).expand(tolerance)
        held |= (stand[:, 0] >= box.x0) & (stand[:, 0] <= box.x1) & (stand[:, 1] >= box.y0) & (stand[:, 2] <= box.y1)
    length = stand[:, 2] - stand[:, 1]
    return bool(near.mean() >= 0.95 and length[held].sum() >= 0.95 * length.sum())


def draw_rules(page: CleanPage) -> CleanPage:
    """The page with nothing on it but its vector rules; without text half the unit is safe, and finer."""
    image = np.full(page.image.shape[:2], PAPER, dtype=np.uint8)
    for rule in page.rules:
        start = (round(min(rule.x0, rule.x1)), round(min(rule.y0, rule.y1)))
        end = (round(max(rule.x0, rule.x1)), round(max(rule.y0, rule.y1)))
        cv2.rectangle(image, start, end, 0, thickness=cv2.FILLED)
    ink = np.asarray(PAPER - image, dtype=np.uint8)
    return replace(page, image=image, ink=ink, char_height=page.char_height / 2)
