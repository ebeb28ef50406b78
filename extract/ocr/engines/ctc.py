"""From the recognition network's output to characters with doubts: greedy CTC decoding.

CTC: Graves et al. 2006. Class 0 is the blank; runs of one class are one character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model import Char
from extract.ocr.characters.charset import FLECKS, LEADING_FLECKS, SPACE, Alphabet

Probabilities = npt.NDArray[np.float32]
"""(steps, classes): what the network sees at each step along the line; rows sum to 1."""

_FLOOR = 0.002
_KEPT = 6
_NOTHING = 0, 0.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Steps start..end (exclusive) on which one column is the likeliest; `peaks` has the most that any step has of
    each column that is seen at all, by column.
    """

    column: int
    start: int
    end: int
    peaks: dict[int, float]


@dataclass(frozen=True, eq=False)
class _Seen:
    """What the network saw, without the classes it saw nowhere.

    `steps` (columns, steps) has the sums over classes that mean the same, the blank in column 0; `members`
    (steps, n) the classes one by one, with the text and weight of each; `own` lists those of each column.
    """

    steps: Probabilities
    members: Probabilities
    weights: npt.NDArray[np.float32]
    texts: tuple[str, ...]
    own: tuple[list[int], ...]
    space: int | None

    def text(self, column: int, start: int, end: int) -> str:
        """The likeliest of the characters that a column stands for."""
        own = self.own[column]
        if len(own) == 1:
            return self.texts[own[0]]
        return self.texts[own[int((self.members[start:end, own].max(axis=0) * self.weights[own]).argmax())]]


def decode(probabilities: Probabilities, alphabet: Alphabet, used: float = 1.0) -> tuple[Char, ...]:
    """Characters with confidence, alternatives and place; `used` is the share of the steps that shows the crop.

    Classes that mean the same share one confidence. It is lowered by what the network half saw, and dropped, in the
    gap before or after a character: a lost character leaves no character of its own that could carry the doubt; a
    lost space is no loss. An alternative is another character, "" (none), or two characters where one may have been
    lost or two merged.
    """
    seen = _seen(probabilities, alphabet)
    runs = _runs(seen.steps)
    places = [index for index, run in enumerate(runs) if run.column != 0]
    width = max(1.0, used * len(probabilities))
    chars = []
    for number, index in enumerate(places):
        run = runs[index]
        following = runs[places[number + 1]] if number + 1 < len(places) else run
        leading = _lost(seen, runs[:index], (run.column,)) if number == 0 else _NOTHING
        trailing = _lost(seen, runs[index + 1 : index + 2], (run.column, following.column))
        ends = number == 0, number + 1 == len(places)
        chars.append(_char(seen, run, (leading, trailing), ends, width))
    return tuple(chars)


def _seen(probabilities: Probabilities, alphabet: Alphabet) -> _Seen:
    blank = np.arange(probabilities.shape[1]) == 0
    active = np.flatnonzero(blank | (probabilities > _FLOOR).any(axis=0))
    members = probabilities[:, active]
    first: dict[int, int] = {}
    columns = [first.setdefault(leader, len(first)) for leader in alphabet.leaders[active].tolist()]
    texts = tuple(alphabet.classes[label] for label in active.tolist())
    own: tuple[list[int], ...] = tuple([] for _ in first)
    for member, column in enumerate(columns):
        own[column].append(member)
    leading = members[:, [one[0] for one in own]].T.copy()
    for column, alike in enumerate(own):
        for member in alike[1:]:
            leading[column] += members[:, member]
    return _Seen(
        leading, members, alphabet.weights[active], texts, own, columns[texts.index(SPACE)] if SPACE in texts else None
    )


def _runs(steps: Probabilities) -> list[_Run]:
    """Where the likeliest column stays the same, those of the blank too."""
    labels = steps.argmax(axis=0)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(labels)) + 1))
    peaks = np.maximum.reduceat(steps, starts, axis=1).T
    seen: list[dict[int, float]] = [{} for _ in starts]
    for run, column in np.argwhere(peaks > _FLOOR).tolist():
        seen[run][column] = float(peaks[run, column])
    edges = [*starts.tolist(), len(labels)]
    return [
        _Run(column, start, end, peak)
        for column, (start, end), peak in zip(labels[starts].tolist(), pairwise(edges), seen, strict=True)
    ]


def _lost(seen: _Seen, gap: Sequence[_Run], beside: tuple[int, ...]) -> tuple[int, float]:
    """The likeliest character that the blank of a gap beat: column and probability (0, 0.0 where none).

    The characters `beside` fade in and out there; that is no loss, nor is a space.
    """
    if not gap or gap[0].column != 0:
        return _NOTHING
    others = ((c, p) for c, p in gap[0].peaks.items() if c not in (0, seen.space, *beside))
    return max(others, key=lambda item: item[1], default=_NOTHING)


def _char(
    seen: _Seen, run: _Run, lost: tuple[tuple[int, float], tuple[int, float]], ends: tuple[bool, bool], width: float
) -> Char:
    """The character of a run; `lost` before and after it, `ends` says whether the line starts or ends there."""
    own = seen.steps[run.column, run.start : run.end]
    peak = int(own.argmax())
    text = seen.text(run.column, run.start, run.end)
    options = {seen.text(c, run.start, run.end): p for c, p in run.peaks.items() if c not in (0, run.column)}
    options[""] = float(seen.steps[0, run.start + peak])
    doubt = 0.0
    for (column, probability), end, front in zip(lost, ends, (True, False), strict=True):
        if column:
            other = seen.text(column, 0, len(seen.members))
            options[other + text if front else text + other] = probability
            doubt = max(doubt, 0.0 if end and other in (LEADING_FLECKS if front else FLECKS) else probability)
    if run.end - run.start > 2:
        options[text + text] = float(seen.steps[0, run.start + 1 : run.end - 1].max())
    ranked = sorted(((c, p) for c, p in options.items() if p > _FLOOR), key=lambda item: (-item[1], item[0]))
    confidence = min(1.0, float(own[peak]), 1.0 - doubt)
    return Char(text, confidence, tuple(ranked[:_KEPT]), min(1.0, (run.start + peak + 0.5) / width))
