"""From the recognition network's output to characters with doubts: greedy CTC decoding.

CTC: Graves et al. 2006. Class 0 is the blank; runs of one class are one character.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model import Char

Probabilities = npt.NDArray[np.float32]
"""(steps, classes): what the network sees at each step along the line; rows sum to 1."""

_FLOOR = 0.002
_KEPT = 6
_CONSIDERED = 8


@dataclass(frozen=True, slots=True)
class _Run:
    """Steps start..end (exclusive) on which one class is the likeliest."""

    label: int
    start: int
    end: int


def decode(probabilities: Probabilities, classes: tuple[str, ...], used: float = 1.0) -> tuple[Char, ...]:
    """Characters with confidence, alternatives and place; `used` is the share of the steps that shows the crop.

    A character's confidence is lowered by what the network half saw, and dropped, in the gap before or after it:
    a lost character leaves no character of its own that could carry the doubt. An alternative is another character,
    "" (none), or two characters where one may have been lost or two merged.
    """
    labels = probabilities.argmax(axis=1)
    runs = [run for run in _runs(labels) if run.label != 0]
    width = max(1.0, used * len(labels))
    chars = []
    for index, run in enumerate(runs):
        before = runs[index - 1].end if index else 0
        after = runs[index + 1].start if index + 1 < len(runs) else len(labels)
        leading = _lost(probabilities, before if not index else run.start, run.start)
        chars.append(_char(probabilities, classes, run, leading, _lost(probabilities, run.end, after), width))
    return tuple(chars)


def _runs(labels: npt.NDArray[np.int64]) -> list[_Run]:
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    return [_Run(int(labels[a]), a, b) for a, b in pairwise(edges) if b > a]


def _lost(probabilities: Probabilities, start: int, end: int) -> tuple[int, float]:
    """The likeliest character that the blank beat between two steps: class and probability (0, 0.0 where none)."""
    if end <= start:
        return 0, 0.0
    best = probabilities[start:end, 1:].max(axis=0)
    label = int(best.argmax())
    return label + 1, float(best[label])


def _char(
    probabilities: Probabilities,
    classes: tuple[str, ...],
    run: _Run,
    leading: tuple[int, float],
    trailing: tuple[int, float],
    width: float,
) -> Char:
    steps = probabilities[run.start : run.end]
    peak = int(steps[:, run.label].argmax())
    best = steps.max(axis=0)
    text = classes[run.label]
    considered = min(_CONSIDERED, len(best))
    likely = np.argpartition(best, -considered)[-considered:]
    options = {classes[int(i)]: float(best[i]) for i in likely if i not in (0, run.label)}
    options[""] = float(steps[peak, 0])
    doubt = 0.0
    for label, probability, front in ((*leading, True), (*trailing, False)):
        # The run's own class fading out, or its neighbour's, is no lost character.
        if label and label != run.label and probability > _FLOOR:
            lost = classes[label]
            options[lost + text if front else text + lost] = probability
            doubt = max(doubt, probability)
    if run.end - run.start > 2:
        options[text + text] = float(steps[1:-1, 0].max())
    ranked = sorted(((c, p) for c, p in options.items() if p > _FLOOR), key=lambda item: (-item[1], item[0]))
    confidence = min(float(steps[peak, run.label]), 1.0 - doubt)
    return Char(text, confidence, tuple(ranked[:_KEPT]), min(1.0, (run.start + peak + 0.5) / width))
