"""Which way up a page is: lines of text across or down, then a reading vote with a margin."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from extract.clean import calibration as cal
from extract.clean.binarise import without_rules
from extract.geometry import Box, Transform
from extract.model import Image
from extract.ocr_engine import Care, OcrEngine
from extract.settings.defaults import CleanSettings

Cut = Callable[[Box], Image]
"""The grey crop of a box of the estimate's copy, taken from the full page."""


class Vote:
    """Readings of the page's longest lines, turned each way; no line is read twice."""

    def __init__(self, engine: OcrEngine, cut: Cut, across: list[Box], down: list[Box]) -> None:
        self._engine, self._cut = engine, cut
        self._boxes = {0: across, 180: across, 90: down, 270: down}
        self._scores: dict[int, list[float]] = {turn: [] for turn in self._boxes}

    def confidence(self, turn: int, count: int, least: int = cal.TURN_MIN_LINES) -> float:
        """Median confidence of the lines as they would stand after the turn; 0 for fewer than `least`."""
        if len(self._boxes[turn]) < least:
            return 0.0
        return float(np.median(self._read(turn, count)))

    def reads_well(self, turn: int, sure: float, least: int = cal.TURN_MIN_LINES) -> bool:
        """Whether the median confidence of a few lines is at least `sure`; no more are read than it takes to tell."""
        count = min(cal.TURN_FEW_LINES, len(self._boxes[turn]))
        if count < least:
            return False
        scores = self._read(turn, count // 2 + 1)
        well = sum(score >= sure for score in scores)
        if 0 < well < len(scores) or len(scores) > count:
            return self.confidence(turn, cal.TURN_FEW_LINES, least) >= sure
        return well > 0

    def _read(self, turn: int, count: int) -> list[float]:
        """The confidences of so many lines, or of all that were read before."""
        scores, boxes = self._scores[turn], self._boxes[turn]
        crops = [np.ascontiguousarray(np.rot90(self._cut(box), turn // 90)) for box in boxes[len(scores) : count]]
        if crops:
            read = self._engine.recognise(
                [crop[:, : cal.TURN_CROP_ASPECT * crop.shape[0]] for crop in crops], Care.GLANCE
            )
            scores.extend(float(np.mean([c.confidence for c in line])) if len(line) > 1 else 0.0 for line in read)
        return scores

    def weight(self, turn: int) -> float:
        """How long the lines are together, in pixels."""
        return float(sum(max(box.width, box.height) for box in self._boxes[turn][: cal.TURN_WEIGHED_LINES]))


def turn_of(vote: Vote, hint: int, settings: CleanSettings) -> int:
    """How many degrees counter-clockwise (0, 90, 180, 270) make the page upright; 0 without clear evidence.

    `hint` is the turn of the page before in the same file: it holds for a page with too little text to tell.
    """
    turn = _turn_by_itself(vote, settings)
    if turn == 0 and hint:
        there, here = vote.confidence(hint, cal.TURN_MANY_LINES), vote.confidence(0, cal.TURN_MANY_LINES)
        return hint if there > here or there == here == 0 else 0
    return turn


def vote_on(ink: Image, char_height: float, cut: Cut, engine: OcrEngine) -> Vote:
    """The vote of a page's lines; `ink` is a straightened copy of the page, `char_height` its unit."""
    text = without_rules(ink, max(cal.TURN_MIN_RULE_PX, round(2.2 * char_height)))
    return Vote(engine, cut, lines(text, char_height, down=False), lines(text, char_height, down=True))


def _turn_by_itself(vote: Vote, settings: CleanSettings) -> int:
    """The turn after which a few lines read well; where that is too little of the page, the one by which most reads."""
    sideways = vote.weight(90) > cal.SIDEWAYS_GAIN * vote.weight(0)
    order = (90, 270, 0, 180) if sideways else (0, 180, 90, 270)
    best = next((turn for turn in order if vote.reads_well(turn, settings.upright_confidence)), None)
    if best is None:
        best = max(order, key=lambda turn: vote.confidence(turn, cal.TURN_MANY_LINES))
    elif _is_of_stacks(vote, best, settings):
        return (best - 90) % 360
    if best == 0 or _clear(vote, best, settings):
        return best
    most = max(order, key=lambda turn: vote.confidence(turn, cal.TURN_MANY_LINES) * vote.weight(turn))
    return most if _clear(vote, most, settings) else 0


def _is_of_stacks(vote: Vote, turn: int, settings: CleanSettings) -> bool:
    """Whether the lines that read well after a turn are stacks of upright characters on a page that lies otherwise.

    The network was trained on columns of text, too: turned by 90 degrees, and only that way round, it reads a stack as
    surely as a line. So where two neighbouring turns read well, the second of them reads the stacks.
    """
    before = (turn - 90) % 360
    enough = vote.weight(before) >= cal.STACK_SHARE * vote.weight(turn)
    return enough and vote.reads_well(before, settings.upright_confidence, least=1)


def _clear(vote: Vote, turn: int, settings: CleanSettings) -> bool:
    """Whether a page turned so reads well, and far more of it than as it lies: forms have sideways labels, too."""
    there, here = vote.confidence(turn, cal.TURN_MANY_LINES), vote.confidence(0, cal.TURN_MANY_LINES)
    return there >= cal.TURN_MIN_CONFIDENCE and there * vote.weight(turn) >= settings.turn_gain * here * vote.weight(0)


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
