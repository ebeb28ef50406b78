"""Cells that a lost wall left as one: cut along clear channels, or where the columns are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from extract.forms.matching.headers import Column
from extract.forms.sheets.sheet import Slot
from extract.geometry import Box, overlap_1d
from extract.model import Cell
from extract.text import join

CHANNEL = 0.8
"""Line heights of clear space between two texts of one cell that make a lost wall likely."""


def split_apart(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Cells whose lines stand in blocks side by side, cut in the middle of the clear channel between them."""
    return tuple(piece for slot in slots for piece in _blocks(slot))


def stands_apart(cell: Cell) -> bool:
    """Whether the lines of a cell stand side by side with a clear channel between them: a wall may be lost there."""
    return len(_channels(cell)) > 0


def _channels(cell: Cell) -> list[float]:
    """The middle of each channel at least CHANNEL line heights wide that no line crosses, in clean pixels."""
    boxes = sorted((line.quad.box for line in cell.lines if line.quad), key=lambda b: b.x0)
    if len(boxes) < 2:
        return []
    height = sorted(b.height for b in boxes)[len(boxes) // 2]
    channels, end = [], boxes[0].x1
    for k, box in enumerate(boxes[1:], 1):
        beside = any(overlap_1d(box.y0, box.y1, b.y0, b.y1) > 0.4 * box.height for b in boxes[:k])
        if box.x0 - end > CHANNEL * height and beside:
            channels.append((end + box.x0) / 2)
        end = max(end, box.x1)
    return channels


def _blocks(slot: Slot) -> list[Slot]:
    box, channels = slot.cell.box, _channels(slot.cell)
    if box is None or box.width <= 0 or not channels:
        return [slot]
    scale = (slot.x1 - slot.x0) / box.width
    borders = [box.x0, *channels, box.x1]
    pieces = []
    for left, right in pairwise(borders):
        lines = tuple(x for x in slot.cell.lines if x.quad and left <= x.quad.box.cx < right)
        own = Box(left, box.y0, right, box.y1)
        x0, x1 = (slot.x0 + (v - box.x0) * scale for v in (left, right))
        pieces.append(Slot(replace(slot.cell, box=own, lines=lines), join(x.text for x in lines), x0, x1, slot.starts))
    return pieces


def covered(slot: Slot, columns: Sequence[Column]) -> list[Column]:
    """The columns that a slot covers most of."""
    return [c for c in columns if overlap_1d(slot.x0, slot.x1, c.x0, c.x1) > 0.6 * (c.x1 - c.x0)]


def covers_several(slot: Slot, columns: Sequence[Column]) -> bool:
    """Whether a cell with text and a box covers several columns that are no levels of a hierarchy."""
    own = [c for c in covered(slot, columns) if not c.spec.level]
    return bool(slot.text) and slot.cell.box is not None and len(own) > 1


def split_wide(slots: Iterable[Slot], columns: Sequence[Column]) -> tuple[Slot, ...]:
    """Cells that cover several columns for want of a wall, cut where their lines clearly stand in different ones."""
    result: list[Slot] = []
    for slot in slots:
        own = covered(slot, columns)
        box = slot.cell.box
        if len(own) < 2 or len(slot.cell.lines) < 2 or box is None or box.width <= 0:
            result.append(slot)
            continue
        result.extend(_pieces(slot, own))
    return tuple(result)


def _pieces(slot: Slot, own: Sequence[Column]) -> list[Slot]:
    box = slot.cell.box
    assert box is not None
    scale = (slot.x1 - slot.x0) / box.width
    lines: dict[int, list[int]] = {}
    for k, line in enumerate(slot.cell.lines):
        if line.quad is None:
            return [slot]
        a, b = (slot.x0 + (x - box.x0) * scale for x in (line.quad.box.x0, line.quad.box.x1))
        shares = [overlap_1d(a, b, c.x0, c.x1) / max(b - a, 1e-9) for c in own]
        best = max(range(len(own)), key=shares.__getitem__)
        if shares[best] < 0.8:
            return [slot]
        lines.setdefault(best, []).append(k)
    if len(lines) < 2:
        return [slot]
    pieces = []
    for j, column in enumerate(own):
        part = tuple(slot.cell.lines[k] for k in lines.get(j, ()))
        cell: Cell = replace(slot.cell, lines=part)
        pieces.append(Slot(cell, join(x.text for x in part), column.x0, column.x1, slot.starts))
    return pieces
