"""Visual lines of a region: what the detector saw, cut at the cells, joined, split and fitted to the ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extract.geometry import Box, Quad, overlap_1d
from extract.ocr.lines import components
from extract.ocr.lines.page_ink import Boxes, Ink, bounds

_SAME_LINE = 0.55
_REACH_CHARS = 0.8
_TALL_CHARS = 1.6
_THIN_BAND_CHARS = 0.45
_GRAIN_CHARS = 0.12
_MAX_OVERHANG_CHARS = 0.3
_MAX_DRIFT_CHARS = 0.35


@dataclass(frozen=True, eq=False)
class Band:
    """One visual line: its box, the ink components in it, and the region it must not leave (None: the page).

    `seen` is the detector's box, if it saw the line.
    `quad` is given where the line is tilted, and then stands for the box. `flecks` are dots beside the text that are
    none of its characters.
    """

    box: Box
    ink: Boxes
    region: Box | None = None
    seen: Box | None = None
    quad: Quad | None = None
    flecks: Boxes | None = None


def find(quads: Sequence[Quad], cells: Sequence[Box], ink: Ink) -> tuple[Band, ...]:
    """The lines of a page, of the detector's quads and the boxes of the cells.

    Ink in a cell that no quad covers makes lines of its own; outside of cells it does not.
    """
    in_cell: dict[int, list[Box]] = {index: [] for index in range(len(cells))}
    bands: list[Band] = []
    table = np.array([[c.x0, c.y0, c.x1, c.y1] for c in cells]).reshape(-1, 4)
    for quad in quads:
        parts, rest = _cut(quad.box, table, ink.char_height)
        for index, part in parts:
            in_cell[index].append(part)
        bands.extend(_free(quad, rest, ink))
    for index, boxes in in_cell.items():
        bands.extend(_in_cell(boxes, ink.interior(cells[index]), ink))
    return tuple(bands)


def _cut(box: Box, cells: Boxes, char: float) -> tuple[list[tuple[int, Box]], list[Box]]:
    """The parts of a line in each cell, and the parts outside of all of them."""
    w = np.clip(np.minimum(cells[:, 2], box.x1) - np.maximum(cells[:, 0], box.x0), 0, None)
    h = np.clip(np.minimum(cells[:, 3], box.y1) - np.maximum(cells[:, 1], box.y0), 0, None)
    share = w * h / max(box.area, 1e-9)
    if len(cells) and share.max() >= 0.9:
        return [(int(share.argmax()), box)], []
    enough = (h >= 0.4 * min(char, box.height)) & (w >= 0.2 * char)
    parts = []
    for index in np.flatnonzero(enough):
        x0, y0, x1, y1 = cells[index]
        parts.append((int(index), Box(max(box.x0, x0), max(box.y0, y0), min(box.x1, x1), min(box.y1, y1))))
    rest, start = [], box.x0
    for a, b in sorted((part.x0, part.x1) for _, part in parts):
        if a - start >= 0.5 * char:
            rest.append(Box(start, box.y0, a, box.y1))
        start = max(start, b)
    if box.x1 - start >= 0.5 * char or not parts:
        rest.append(Box(start, box.y0, box.x1, box.y1))
    return parts, rest


def _free(quad: Quad, rest: Sequence[Box], ink: Ink) -> list[Band]:
    """Lines outside of cells: fitted to their ink, or kept as quads where they are tilted."""
    box = quad.box
    if len(rest) == 1 and rest[0] == box and _drift(quad) > _MAX_DRIFT_CHARS * ink.char_height:
        return [Band(box, ink.inside(box), quad=quad)]
    bands = []
    for part in rest:
        near = ink.inside(part.expand(0, _MAX_OVERHANG_CHARS * ink.char_height))
        inked = near[_covered(near, [part])]
        fitted = _within(inked, part, ink.char_height) if len(inked) else part
        bands.extend(split(Band(fitted, inked, seen=part), ink.char_height))
    return bands


def _drift(quad: Quad) -> float:
    """How far a line climbs or falls from its start to its end, in pixels."""
    points = quad.array()
    return float(abs((points[1] + points[2] - points[0] - points[3])[1]) / 2)


def _in_cell(boxes: Sequence[Box], cell: Box, ink: Ink) -> list[Band]:
    """Lines of a cell. Where the detector saw some without ink, they count only if no line of the cell has any:
    beside proper ink, what is as faint as that shines through from behind.
    """
    char = ink.char_height
    inked = components.real(ink.inside(cell), cell, char)
    bands: list[Band] = []
    free = np.ones(len(inked), dtype=bool)
    seen = [clipped for box in boxes if (clipped := _clip(box, cell)) is not None]
    backed = [bool(components.large(inked[_covered(inked, [box])], char).any()) for box in seen]
    lines = _joined([box for box, ink_in in zip(seen, backed, strict=True) if ink_in], char)
    for box in lines:
        mine = free & _touched(box, inked, char) & ~_nearer(inked, box, lines)
        free &= ~mine
        text, flecks = components.without_flecks(inked[mine], char, paragraph=len(seen) > 1)
        if components.large(text, char).any():
            bands.extend(split(Band(_within(text, box, char), text, cell, box, flecks=flecks), char))
    if not bands:
        bands.extend(Band(box, inked[:0], cell, box) for box in seen if box.height >= 0.5 * char)
    left = inked[free & components.large(inked, char) & ~_covered(inked, [band.box for band in bands])]
    if len(left):
        for row in split(Band(bounds(left), left, cell), char):
            bands.extend(
                Band(bounds(part), part, cell)
                for part in components.words(row.ink, char)
                if not components.is_dot(part, char)
            )
    return bands


def _clip(box: Box, cell: Box) -> Box | None:
    """The part of a box in a cell; None where there is next to nothing."""
    x0, y0, x1, y1 = max(box.x0, cell.x0), max(box.y0, cell.y0), min(box.x1, cell.x1), min(box.y1, cell.y1)
    return Box(x0, y0, x1, y1) if x1 - x0 >= 1 and y1 - y0 >= 1 else None


def _within(inked: Boxes, box: Box, char: float) -> Box:
    """The bounds of components, kept from running far above or below the box the detector saw."""
    found, room = bounds(inked), _MAX_OVERHANG_CHARS * char
    return Box(found.x0, max(found.y0, box.y0 - room), found.x1, min(found.y1, box.y1 + room))


def _nearer(inked: Boxes, box: Box, lines: Sequence[Box]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which components lie in another line as well as in a box, and nearer to that one's middle.

    The boxes of lines close to one another overlap: the top stroke of a character is none of the line above it.
    """
    cy = (inked[:, 1] + inked[:, 3]) / 2
    off = np.abs(cy - box.cy) / box.height
    nearer = np.zeros(len(inked), dtype=bool)
    for line in lines:
        if line is not box:
            nearer |= _covered(inked, [line]) & (np.abs(cy - line.cy) / line.height < off)
    return nearer


def _covered(inked: Boxes, lines: Sequence[Box]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which components have their centre in a line."""
    cx, cy = (inked[:, 0] + inked[:, 2]) / 2, (inked[:, 1] + inked[:, 3]) / 2
    covered = np.zeros(len(inked), dtype=bool)
    for line in lines:
        covered |= (cx >= line.x0) & (cx < line.x1) & (cy >= line.y0) & (cy < line.y1)
    return covered


def _joined(boxes: Sequence[Box], char: float) -> list[Box]:
    """Boxes of one visual line made one; lines left to right, top to bottom."""
    lines: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b.x0, b.y0)):
        for index, line in enumerate(lines):
            shared = overlap_1d(line.y0, line.y1, box.y0, box.y1)
            if (
                shared >= _SAME_LINE * min(line.height, box.height)
                and shared >= 0.4 * max(line.height, box.height)
                and box.x0 - line.x1 <= components.JOIN_GAP_CHARS * char
            ):
                lines[index] = Box.around((line, box))
                break
        else:
            lines.append(box)
    return sorted(lines, key=lambda b: (b.y0, b.x0))


def _touched(box: Box, inked: Boxes, char: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Components in a line's box, and those beside it that the detector left out."""
    cy = (inked[:, 1] + inked[:, 3]) / 2
    level = (cy >= box.y0) & (cy <= box.y1)
    solid = level & (np.maximum(inked[:, 2] - inked[:, 0], inked[:, 3] - inked[:, 1]) >= _GRAIN_CHARS * char)
    x0, x1 = box.x0, box.x1
    while True:
        near = solid & (inked[:, 2] >= x0 - _REACH_CHARS * char) & (inked[:, 0] <= x1 + _REACH_CHARS * char)
        if not near.any():
            break
        wider = min(x0, float(inked[near, 0].min())), max(x1, float(inked[near, 2].max()))
        if wider == (x0, x1):
            break
        x0, x1 = wider
    touched: np.ndarray[tuple[int], np.dtype[np.bool_]] = level & (inked[:, 2] > x0) & (inked[:, 0] < x1)
    return touched


def split(band: Band, char: float) -> list[Band]:
    """A band that holds several lines, parted where no ink stands between them."""
    if band.box.height <= _TALL_CHARS * char or not len(band.ink):
        return [band]
    groups = components.rows(band.ink)
    merged: list[Boxes] = [groups[0]]
    for group in groups[1:]:
        both = np.vstack((merged[-1], group))
        thin = min(bounds(merged[-1]).height, bounds(group).height) < _THIN_BAND_CHARS * char
        if bounds(both).height <= 1.25 * char or (thin and bounds(both).height <= 1.35 * char):
            merged[-1] = both
        else:
            merged.append(group)
    return [Band(bounds(group), group, band.region, flecks=band.flecks) for group in merged]
