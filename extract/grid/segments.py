"""Rule response -> segments: unbroken pieces of rules, each with its course."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.grid.track import Track
from extract.model import Image
from extract.settings import GridSettings


def find_segments(response: Image, unit: float, settings: GridSettings) -> tuple[Track, ...]:
    """Connected runs of rule-like pixels at least `min_segment_chars` long, left to right."""
    found = _split(response, 0, 0, settings.min_response * 255, unit, settings)
    return tuple(sorted(found, key=lambda t: (t.start, t.across[0])))


def _split(response: Image, left: int, top: int, threshold: float, unit: float, settings: GridSettings) -> list[Track]:
    """Segments of a part of the map; a blob too high to be one rule is looked at again, more strictly."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((response >= threshold).astype(np.uint8), connectivity=8)
    tracks: list[Track] = []
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= settings.min_segment_chars * unit):
        if label == 0:
            continue
        x, y, w, h = (int(v) for v in stats[label, :4])
        part = np.where(labels[y : y + h, x : x + w] == label, response[y : y + h, x : x + w], 0).astype(np.uint8)
        if h > settings.max_thickness_chars * unit + 3 + settings.max_slope * w and threshold < 240:
            tracks += _split(part, left + x, top + y, threshold * 1.15 + 1, unit, settings)
        else:
            tracks.append(_course(part, left + x, top + y))
    return tracks


def _course(part: npt.NDArray[np.uint8], left: int, top: int) -> Track:
    """The centre of the response, column by column."""
    weight = part.astype(np.float64)
    total = weight.sum(axis=0)
    across = (weight * np.arange(len(part))[:, None]).sum(axis=0) / np.maximum(total, 1e-9)
    return Track(left, across + top, np.ones(len(across), dtype=np.bool_))
