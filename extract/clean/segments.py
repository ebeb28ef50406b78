"""Straight pieces of rules."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean.ink import of_components
from extract.geometry import Points, Transform
from extract.model import Image

MIN_LENGTH = 0.03
"""Shortest segment used, as a share of the page's longest side."""
DETECT_PX = 960
"""Longest side of the copy on which segments are looked for."""
MAX_SLOPE = 0.36
"""Twenty degrees: what runs more aslant is neither across nor down."""


@dataclass(frozen=True, eq=False)
class Segments:
    """Ends of straight pieces of rules, (n, 2) each, in pixels."""

    start: Points
    end: Points

    @property
    def length(self) -> npt.NDArray[np.float64]:
        """Lengths in pixels."""
        return np.asarray(np.hypot(*(self.end - self.start).T), dtype=np.float64)

    def where(self, kept: npt.NDArray[np.bool_]) -> Segments:
        """Some of the segments."""
        return Segments(self.start[kept], self.end[kept])

    def through(self, transform: Transform) -> Segments:
        """The segments as they lie after a transform."""
        return Segments(transform.apply(self.start), transform.apply(self.end))

    def split(self) -> tuple[Segments, Segments]:
        """The segments that run across and those that run down."""
        d = np.abs(self.end - self.start)
        return self.where(d[:, 1] < MAX_SLOPE * d[:, 0]), self.where(d[:, 0] < MAX_SLOPE * d[:, 1])


def find_segments(grey: Image, ink: Image) -> Segments:
    """Long straight segments of a page in its pixels (Line Segment Detector, Grompone von Gioi et al. 2010).

    `ink` is the page's, 0 or 255. What is smaller than the shortest segment, nearly all text, is taken out before:
    the detector would spend most of its time on it.
    """
    scale = min(1.0, DETECT_PX / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    if min(size) < 8:
        return Segments(np.zeros((0, 2)), np.zeros((0, 2)))
    small = cv2.resize(cv2.max(grey, _short(ink)), size, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    ends = np.zeros((0, 4)) if found is None else found[:, 0].astype(np.float64)
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    ends = ends[length >= MIN_LENGTH * max(small.shape)] / scale
    return Segments(ends[:, :2], ends[:, 2:])


def _short(ink: Image) -> Image:
    """Ink in pieces too short for a segment, with its blurred edge."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    short = np.maximum(stats[:, 2], stats[:, 3]) < MIN_LENGTH * max(ink.shape)
    short[0] = False
    return np.asarray(cv2.dilate(of_components(short, labels), np.ones((5, 5), np.uint8)), dtype=np.uint8)
