"""Which walls between neighbouring places of the lattice are drawn: the share of each that shows a rule."""

from __future__ import annotations

import numpy as np

from extract.grid.track import Bools, Floats, Track
from extract.model import Image
from extract.settings import GridSettings


def covered(line: Track, ink: Image, soft: Image, unit: float, settings: GridSettings) -> Bools:
    """For every pixel of the line, whether a rule is seen there, in black and white or in the grey page."""
    slack = max(1, round(settings.slack_chars * unit))
    along = np.clip(np.arange(line.start, line.end), 0, ink.shape[1] - 1)
    across = np.rint(line.across).astype(int)
    seen = np.zeros(line.length, dtype=np.bool_)
    for shift in range(-slack, slack + 1):
        rows = np.clip(across + shift, 0, ink.shape[0] - 1)
        seen |= ink[rows, along] >= settings.min_response * 255
        seen |= soft[rows, along] >= settings.min_response * 255
    return seen


def shares(line: Track, seen: Bools, corners: Floats, unit: float, settings: GridSettings) -> Floats:
    """(n,) share of the line that is covered between each two of the n + 1 corners, the corners left out."""
    total = np.concatenate(([0], np.cumsum(seen)))
    width = np.diff(corners)
    rim = np.minimum(settings.corner_chars * unit, np.maximum(width, 0) / 4)
    begin = np.clip(np.rint(corners[:-1] + rim).astype(int) - line.start, 0, line.length)
    end = np.clip(np.rint(corners[1:] - rim).astype(int) - line.start, 0, line.length)
    result: Floats = (total[np.maximum(begin, end)] - total[begin]) / np.maximum(end - begin, 1)
    return result
