"""Which way up a page is: lines of text across or down, then a reading vote with a margin."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extract.clean.ink import quick, without_rules
from extract.engine import OcrEngine
from extract.geometry import Transform
from extract.model import Image
from extract.settings import CleanSettings

CROPS = 10
MIN_CROPS = 3
"""Fewer lines of text than this are no evidence for turning a page."""


@dataclass(frozen=True)
class Blob:
    """A run of text on the estimate's copy: x, y, width, height in pixels of the full image."""

    x: int
    y: int
    w: int
    h: int


def turn_of(grey: Image, engine: OcrEngine | None, settings: CleanSettings) -> int:
    """How many degrees counter-clockwise (0, 90, 180, 270) make the page upright; 0 without clear evidence."""
    if engine is None:
        return 0
    votes: dict[int, float] = {}
    across, down = runs(grey, down=False, settings=settings), runs(grey, down=True, settings=settings)
    sideways = _weight(down) > 1.3 * _weight(across)
    order = (90, 270, 0, 180) if sideways else (0, 180, 90, 270)
    for turn in order:
        found = down if turn in (90, 270) else across
        votes[turn] = _confidence(grey, found, turn, engine)
        if votes[turn] >= settings.upright_confidence:
            break
        if turn == 180 and max(votes.values()) >= 0.7:
            break
    best = max(votes, key=lambda t: votes[t])
    if best == 0:
        return 0
    upright = votes.get(0)
    if upright is None:
        upright = _confidence(grey, across, 0, engine)
    clear = votes[best] >= upright + settings.turn_margin and votes[best] >= 0.6
    return best if clear and upright < settings.upright_confidence else 0


def runs(grey: Image, down: bool, settings: CleanSettings) -> list[Blob]:
    """Runs of characters that stand close together in one direction, longest first."""
    scale = min(1.0, settings.working_px / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    text = without_rules(quick(small), 40)
    reach = (1, 7) if not down else (7, 1)
    glued = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones(reach, np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(glued)
    blobs = []
    for x, y, w, h, area in stats[1:]:
        length, thickness = (h, w) if down else (w, h)
        if 7 <= thickness <= 60 and length >= 3.5 * thickness and area > 0.25 * w * h:
            blobs.append(Blob(*(int(v / scale) for v in (x, y, w, h))))
    return sorted(blobs, key=lambda b: -max(b.w, b.h))


def _weight(blobs: list[Blob]) -> float:
    return float(sum(max(b.w, b.h) for b in blobs[:40]))


def _confidence(grey: Image, blobs: list[Blob], turn: int, engine: OcrEngine) -> float:
    """Mean confidence of reading the longest runs as they would stand after the turn; 0 for too few."""
    crops = []
    for blob in blobs[:CROPS]:
        pad = max(2, min(blob.w, blob.h) // 6)
        crop = grey[max(0, blob.y - pad) : blob.y + blob.h + pad, max(0, blob.x - pad) : blob.x + blob.w + pad]
        turned = np.ascontiguousarray(np.rot90(crop, turn // 90))
        crops.append(turned[:, : 14 * turned.shape[0]])
    if len(crops) < MIN_CROPS:
        return 0.0
    read = engine.recognise(crops)
    scores = [float(np.mean([c.confidence for c in chars])) if len(chars) > 1 else 0.0 for chars in read]
    return float(np.median(scores))


def turned(shape: tuple[int, ...], turn: int) -> tuple[Transform, tuple[int, int]]:
    """The transform that turns an image of a shape by 0, 90, 180 or 270 degrees, and the (h, w) that it then has."""
    h, w = shape[:2]
    matrices = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, 1, 0], [-1, 0, w]],
        180: [[-1, 0, w], [0, -1, h]],
        270: [[0, -1, h], [1, 0, 0]],
    }
    return Transform.of_matrix(matrices[turn]), (h, w) if turn in (0, 180) else (w, h)
