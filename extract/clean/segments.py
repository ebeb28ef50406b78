"""Straight pieces of rules."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.binarise import Components
from extract.geometry import Points, Transform
from extract.model import Image


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
        return self.where(d[:, 1] < cal.SEGMENT_MAX_SLOPE * d[:, 0]), self.where(
            d[:, 0] < cal.SEGMENT_MAX_SLOPE * d[:, 1]
        )


def find_segments(grey: Image, parts: Components) -> Segments:
    """Long straight segments of a page in its pixels (Line Segment Detector, Grompone von Gioi et al. 2010).

    `parts` are the components of the page's ink. What is smaller than the shortest segment, nearly all text, is taken
    out before: the detector would spend most of its time on it.
    """
    if min(grey.shape) < 16:
        return Segments(np.zeros((0, 2)), np.zeros((0, 2)))
    scale = min(1.0, cal.SEGMENT_PX / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = np.asarray(cv2.resize(cv2.max(grey, _short(parts)), size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    x, y, w, h = _inked(small)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small[y : y + h, x : x + w])[0]
    ends = np.zeros((0, 4)) if found is None else found[:, 0].astype(np.float64)
    length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    ends = (ends[length >= cal.SEGMENT_MIN_SHARE * max(small.shape)] + (x, y, x, y)) / scale
    return Segments(ends[:, :2], ends[:, 2:])


def _inked(small: Image) -> tuple[int, int, int, int]:
    """The part of a page (x, y, width, height) with anything on it: the detector takes its time on blank paper, too."""
    x, y, w, h = cv2.boundingRect(cv2.compare(small, cal.SEGMENT_PAPER, cv2.CMP_LT))
    left, top = (max(0, side - cal.SEGMENT_EDGE_PX) // cal.SEGMENT_PHASE_PX * cal.SEGMENT_PHASE_PX for side in (x, y))
    return (
        left,
        top,
        min(small.shape[1], x + w + cal.SEGMENT_EDGE_PX) - left,
        min(small.shape[0], y + h + cal.SEGMENT_EDGE_PX) - top,
    )


def _short(parts: Components) -> Image:
    """Ink in pieces too short for a segment, with its blurred edge."""
    short = np.maximum(parts.stats[:, 2], parts.stats[:, 3]) < cal.SEGMENT_MIN_SHARE * max(parts.labels.shape)
    short[0] = False
    return np.asarray(cv2.dilate(parts.mask(short), np.ones((5, 5), np.uint8)), dtype=np.uint8)
