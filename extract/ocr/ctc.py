"""From the recognition network's output to characters with doubts: greedy CTC decoding.

CTC: Graves et al. 2006. Class 0 is the blank; runs of one class are one character.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model import Char
from extract.ocr.alphabet import FLECKS, LEADING_FLECKS, SPACE, Alphabet

Probabilities = npt.NDArray[np.float32]
"""(steps, classes): what the network sees at each step along the line; rows sum to 1."""

_FLOOR = 0.002
_KEPT = 6


@dataclass(frozen=True, slots=True)
class _Run:
    """Steps start..end (exclusive) on which one column is the likeliest."""

    column: int
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the network saw, without the classes it saw nowhere.

    `steps` (steps, columns) has the sums over classes that mean the same, the blank in column 0; `members`
    (steps, n) the classes one by one, with the text of each; `own` lists those of each column.
    """

    steps: Probabilities
    members: Probabilities
    texts: tuple[str, ...]
    own: tuple[list[int], ...]
    space: int | None

    def text(self, column: int, start: int, end: int) -> str:
        """The likeliest of the characters that a column stands for."""
        own = self.own[column]
        if len(own) == 1:
            return self.texts[own[0]]
        return self.texts[own[int(self.members[start:end, own].max(axis=0).argmax())]]


def decode(probabilities: Probabilities, alphabet: Alphabet, used: float = 1.0) -> tuple[Char, ...]:
    """Characters with confidence, alternatives and place; `used` is the share of the steps that shows the crop.

    Classes that mean the same share one confidence. It is lowered by what the network half saw, and dropped, in the
    gap before or after a character: a lost character leaves no character of its own that could carry the doubt; a
    lost space is no loss. An alternative is another character, "" (none), or two characters where one may have been
    lost or two merged.
    """
    seen = _seen(probabilities, alphabet)
    labels = seen.steps.argmax(axis=1)
    runs = [run for run in _runs(labels) if run.column != 0]
    width = max(1.0, used * len(labels))
    chars = []
    for index, run in enumerate(runs):
        before = runs[index - 1].end if index else 0
        after = runs[index + 1].start if index + 1 < len(runs) else len(labels)
        leading = _lost(seen, before if not index else run.start, run.start, (run.column,))
        following = runs[index + 1].column if index + 1 < len(runs) else run.column
        trailing = _lost(seen, run.end, after, (run.column, following))
        chars.append(_char(seen, run, (leading, trailing), (not index, index + 1 == len(runs)), width))
    return tuple(chars)


def _seen(probabilities: Probabilities, alphabet: Alphabet) -> _Seen:
    peaks = probabilities.max(axis=0)
    peaks[0] = 1.0
    active = np.flatnonzero(peaks > _FLOOR)
    members = probabilities[:, active]
    leaders, columns = np.unique(alphabet.leaders[active], return_inverse=True)
    steps = np.zeros((len(leaders), len(probabilities)), dtype=np.float32)
    np.add.at(steps, columns, members.T)
    texts = tuple(alphabet.classes[int(label)] for label in active)
    own: tuple[list[int], ...] = tuple([] for _ in leaders)
    for member, column in enumerate(columns.tolist()):
        own[column].append(member)
    space = next((int(c) for c, text in zip(columns, texts, strict=True) if text == SPACE), None)
    return _Seen(steps.T, members, texts, own, space)


def _runs(labels: npt.NDArray[np.int64]) -> list[_Run]:
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    return [_Run(int(labels[a]), a, b) for a, b in pairwise(edges) if b > a]


def _lost(seen: _Seen, start: int, end: int, beside: tuple[int, ...]) -> tuple[int, float]:
    """The likeliest character that the blank beat between two steps: column and probability (0, 0.0 where none).

    The characters `beside` fade in and out there; that is no loss, nor is a space.
    """
    if end <= start or seen.steps.shape[1] < 2:
        return 0, 0.0
    best = seen.steps[start:end].max(axis=0)
    best[[0, *beside] if seen.space is None else [0, seen.space, *beside]] = 0.0
    column = int(best.argmax())
    return column, float(best[column])


def _char(
    seen: _Seen, run: _Run, lost: tuple[tuple[int, float], tuple[int, float]], ends: tuple[bool, bool], width: float
) -> Char:
    """The character of a run; `lost` before and after it, `ends` says whether the line starts or ends there."""
    steps = seen.steps[run.start : run.end]
    peak = int(steps[:, run.column].argmax())
    text = seen.text(run.column, run.start, run.end)
    peaks = steps.max(axis=0)
    peaks[[0, run.column]] = 0.0
    options = {seen.text(int(c), run.start, run.end): float(peaks[c]) for c in np.flatnonzero(peaks > _FLOOR)}
    options[""] = float(steps[peak, 0])
    doubt = 0.0
    for (column, probability), end, front in zip(lost, ends, (True, False), strict=True):
        if column and probability > _FLOOR:
            other = seen.text(column, 0, len(seen.steps))
            options[other + text if front else text + other] = probability
            doubt = max(doubt, 0.0 if end and other in (LEADING_FLECKS if front else FLECKS) else probability)
    if run.end - run.start > 2:
        options[text + text] = float(steps[1:-1, 0].max())
    ranked = sorted(((c, p) for c, p in options.items() if p > _FLOOR), key=lambda item: (-item[1], item[0]))
    confidence = min(1.0, float(steps[peak, run.column]), 1.0 - doubt)
    return Char(text, confidence, tuple(ranked[:_KEPT]), min(1.0, (run.start + peak + 0.5) / width))
