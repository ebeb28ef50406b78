"""Rule response -> segments: unbroken pieces of rules, each with its course."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.grid.ruling_line import Ints, Track
from extract.model import Image
from extract.settings.defaults import GridSettings


def find_segments(response: Image, unit: float, settings: GridSettings) -> tuple[Track, ...]:
    """Connected runs of rule-like pixels, left to right; a faint one has to be longer than a plain one."""
    found = _split(response, 0, 0, settings.min_faint_rule * 255, unit, settings)
    return tuple(sorted((t for t in found if t is not None), key=lambda t: (t.start, t.across[0])))


def _split(
    response: Image, left: int, top: int, threshold: float, unit: float, settings: GridSettings
) -> list[Track | None]:
    """Segments of a part of the map; a blob too high to be one rule is looked at again, more strictly."""
    rows = _seen_rows(response, threshold)
    if not len(rows):
        return []
    seen = response[rows]
    _, labels, stats, _ = cv2.connectedComponentsWithStats((seen >= threshold).view(np.uint8), connectivity=8)
    tracks: list[Track | None] = []
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= settings.min_segment_chars * unit):
        if label == 0:
            continue
        x, y, w, h = (int(v) for v in stats[label, :4])
        part = np.where(labels[y : y + h, x : x + w] == label, seen[y : y + h, x : x + w], np.uint8(0))
        at = top + int(rows[y])
        if h > settings.max_thickness_chars * unit + 3 + settings.max_slope * w and threshold < 240:
            tracks += _split(part, left + x, at, threshold * 1.15 + 1, unit, settings)
        else:
            tracks.append(_course(part, left + x, at, unit, settings))
    return tracks


def _seen_rows(response: Image, threshold: float) -> Ints:
    """The rows where something is seen and one blank row behind each run of them: blobs stay as whole and as apart."""
    seen = response.max(axis=1, initial=0) >= threshold
    seen[1:] |= seen[:-1].copy()
    return np.flatnonzero(seen)


def _course(part: npt.NDArray[np.uint8], left: int, top: int, unit: float, settings: GridSettings) -> Track | None:
    """The centre of the response, column by column, as far as it is half as strong as the whole, at least."""
    peak = part.max(axis=0)
    inked = peak >= min(settings.min_response * 255, 0.6 * float(np.median(peak)))
    plain = int((peak >= settings.min_response * 255).sum())
    if plain < settings.min_segment_chars * unit and len(peak) < settings.min_faint_chars * unit:
        return None
    places = np.flatnonzero(inked)
    begin, end = int(places[0]), int(places[-1]) + 1
    weight = part[:, begin:end].astype(np.float64)
    across = (np.arange(float(len(part))) @ weight) / np.maximum(weight.sum(axis=0), 1e-9)
    return Track(left + begin, across + top, inked[begin:end])
