"""Which way up a page is: lines of text across or down, then a reading vote with a margin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from extract.clean.ink import without_rules
from extract.engine import OcrEngine
from extract.geometry import Box, Transform
from extract.model import Image
from extract.settings import CleanSettings

FEW, MANY = 5, 10
"""Lines read at first, and lines read where those leave a doubt."""
MIN_CROPS = 3
"""Fewer lines of text than this are no evidence for turning a page."""
CERTAIN = 0.7
"""When the two ways along the lines were read, neither below this, the other two need not be."""
LEAST = 0.6
MAX_ASPECT = 14
SIDEWAYS = 1.3

Cut = Callable[[Box], Image]
"""The grey crop of a box of the estimate's copy, taken from the full page."""


@dataclass(frozen=True, eq=False)
class _Vote:
    """Readings of the page's lines, turned each way."""

    engine: OcrEngine
    cut: Cut
    across: list[Box]
    down: list[Box]

    def confidence(self, turn: int, count: int) -> float:
        """Median confidence of the longest lines as they would stand after the turn; 0 for too few."""
        boxes = (self.down if turn in (90, 270) else self.across)[:count]
        if len(boxes) < MIN_CROPS:
            return 0.0
        crops = [np.ascontiguousarray(np.rot90(self.cut(box), turn // 90)) for box in boxes]
        read = self.engine.recognise([crop[:, : MAX_ASPECT * crop.shape[0]] for crop in crops])
        scores = [float(np.mean([c.confidence for c in chars])) if len(chars) > 1 else 0.0 for chars in read]
        return float(np.median(scores))


def turn_of(ink: Image, char_height: float, cut: Cut, engine: OcrEngine | None, settings: CleanSettings) -> int:
    """How many degrees counter-clockwise (0, 90, 180, 270) make the page upright; 0 without clear evidence.

    `ink` is a straightened copy of the page, `char_height` its unit.
    """
    if engine is None:
        return 0
    text = without_rules(ink, max(24, round(2.2 * char_height)))
    vote = _Vote(engine, cut, lines(text, char_height, down=False), lines(text, char_height, down=True))
    sideways = _weight(vote.down) > SIDEWAYS * _weight(vote.across)
    if vote.confidence(90 if sideways else 0, FEW) >= settings.upright_confidence:
        return 90 if sideways and _clear(vote, 90, settings) else 0
    order = (90, 270, 0, 180) if sideways else (0, 180, 90, 270)
    votes: dict[int, float] = {}
    for turn in order:
        votes[turn] = vote.confidence(turn, MANY)
        if votes[turn] >= settings.upright_confidence:
            break
        if len(votes) == 2 and max(votes.values()) >= CERTAIN:
            break
    best = max(votes, key=lambda t: votes[t])
    return best if best and _clear(vote, best, settings) else 0


def _clear(vote: _Vote, turn: int, settings: CleanSettings) -> bool:
    """Whether a page turned so reads well, and far better than as it lies."""
    there, here = vote.confidence(turn, MANY), vote.confidence(0, MANY)
    return there >= max(LEAST, here + settings.turn_margin) and here < settings.upright_confidence


def lines(text: Image, char_height: float, down: bool) -> list[Box]:
    """Runs of characters that stand close together in one direction, longest first."""
    reach = max(3, round(0.45 * char_height))
    glued = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones((reach, 1) if down else (1, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(glued)
    boxes = []
    for x, y, w, h, area in stats[1:].tolist():
        length, thickness = (h, w) if down else (w, h)
        shaped = 0.5 * char_height <= thickness <= 3 * char_height and length >= 3.5 * thickness
        if shaped and area > 0.25 * w * h:
            boxes.append(Box(x, y, x + w, y + h))
    return sorted(boxes, key=lambda b: -max(b.width, b.height))


def _weight(boxes: list[Box]) -> float:
    return float(sum(max(b.width, b.height) for b in boxes[:40]))


def turned(shape: tuple[int, ...], turn: int) -> tuple[Transform, tuple[int, int]]:
    """The transform that turns an image of a shape by 0, 90, 180 or 270 degrees, and the (h, w) that it then has."""
    h, w = shape[:2]
    if turn == 0:
        return Transform(), (h, w)
    matrices = {
        90: [[0, 1, 0], [-1, 0, w]],
        180: [[-1, 0, w], [0, -1, h]],
        270: [[0, -1, h], [1, 0, 0]],
    }
    return Transform.of_matrix(matrices[turn]), (h, w) if turn == 180 else (w, h)
