"""Which walls between neighbouring places of the lattice are drawn: the share of each that shows a rule."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from extract.grid.track import Bools, Floats, Track
from extract.model import Image
from extract.settings import GridSettings


def covered(line: Track, response: Image, unit: float, settings: GridSettings) -> Bools:
    """For every pixel of the line, whether a rule is seen there."""
    slack = max(1, round(settings.slack_chars * unit))
    along = np.clip(np.arange(line.start, line.end), 0, response.shape[1] - 1)
    across = np.rint(line.across).astype(int)
    seen = np.zeros(line.length, dtype=np.bool_)
    for shift in range(-slack, slack + 1):
        rows = np.clip(across + shift, 0, response.shape[0] - 1)
        seen |= response[rows, along] >= settings.min_near_response * 255
    return seen


def shares(line: Track, seen: Bools, corners: Floats, unit: float, settings: GridSettings) -> Floats:
    """(n,) share of the line that is covered between each two of the n + 1 corners, the corners left out.

    Strokes of characters that happen to stand on the line seldom reach the corners, a wall does unless it is worn
    just there: an open end costs some of the share, and what is no longer than a character and reaches neither
    corner counts for nothing.
    """
    return np.array(
        [_share(line, seen, begin, end, unit, settings) for begin, end in pairwise(corners)]
    )


def _share(line: Track, seen: Bools, begin: float, end: float, unit: float, settings: GridSettings) -> float:
    rim = min(settings.corner_chars * unit, max(end - begin, 0.0) / 4)
    piece = seen[max(0, round(begin + rim) - line.start) : max(0, round(end - rim) - line.start)]
    places = np.flatnonzero(piece)
    if not len(places):
        return 0.0
    reach = settings.stroke_gap_chars * unit
    open_ends = int(places[0] >= reach) + int(len(piece) - 1 - places[-1] >= reach)
    if open_ends == 2 and places[-1] - places[0] <= settings.stroke_chars * unit:
        return 0.0
    return float(len(places) / len(piece)) * settings.open_end_factor**open_ends
