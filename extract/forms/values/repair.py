"""A doubtful reading replaced by the only alternative that satisfies every check."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from extract.forms.rules.checks import holds, pointers
from extract.forms.spec import CheckSpec, FormSpec, Lexicon
from extract.forms.values.data import data_of
from extract.forms.values.evidence import confidence_of, doubts_of
from extract.forms.values.parse import State, Value, parse
from extract.model import Char, CheckStatus, Issue, Origin, Severity
from extract.settings.defaults import CheckSettings

MAX_READINGS = 24
"""Alternatives tried for one value, most likely first."""
MIN_PROBABILITY = 0.002
"""An alternative character that the network gives less than this is no reading."""


@dataclass(frozen=True)
class Repairer:
    """What a repair needs: form, lexicon, the rows of each list, and the settings that say what is in doubt."""

    form: FormSpec
    lexicon: Lexicon
    lists: Mapping[str, int]
    settings: CheckSettings

    def repair(self, values: Mapping[str, Value]) -> tuple[dict[str, Value], tuple[Issue, ...]]:
        """Values with the repairs made, and an issue with both readings for each.

        A value is changed only where it was in doubt, a check that it takes part in fails or cannot be made for want of
        it, no other value of that check is in grave doubt (two wrong values have many ways to fit), and exactly one
        change of one value satisfies all checks that it touches.
        """
        current = dict(values)
        issues: list[Issue] = []
        for _ in range(8):
            step = self._one(current)
            if step is None:
                break
            pointer, fixed = step
            issues.append(_issue(pointer, current[pointer], fixed))
            current[pointer] = fixed
        return current, tuple(issues)

    def _one(self, values: Mapping[str, Value]) -> tuple[str, Value] | None:
        data = data_of(self.form, values, self.lists)
        open_checks = [c for c in self.form.checks if not c.source and holds(c, data) is not CheckStatus.PASSED]
        fixes: dict[tuple[str, str], tuple[str, Value]] = {}
        for check in open_checks:
            named = pointers(check, data)
            grave = {p for p in named if self._gravely_doubtful(values.get(p))}
            for pointer in named if len(grave) < 2 else ():
                if grave - {pointer}:
                    continue
                for fixed in self._fixes(values, pointer):
                    if self._settles(values, pointer, fixed, check):
                        fixes[pointer, str(fixed.data)] = (pointer, fixed)
        return next(iter(fixes.values())) if len(fixes) == 1 else None

    def _fixes(self, values: Mapping[str, Value], pointer: str) -> Iterator[Value]:
        value = values.get(pointer)
        if value is None or not value.match.type.numeric or not self._doubtful(value):
            return
        for text in readings(value, self.lexicon):
            fixed = parse(replace(value.match, text=text, origin=Origin.REPAIRED), self.lexicon)
            if fixed.state is State.READ and fixed.data != value.data:
                yield fixed

    def _doubtful(self, value: Value) -> bool:
        if value.state is State.BLANK or value.match.origin is Origin.REPAIRED:
            return False
        confidence = confidence_of(value.match.lines)
        hard = confidence is not None and confidence < self.settings.sure_confidence
        return value.state is State.UNREADABLE or hard or bool(doubts_of(value.match.lines))

    def _gravely_doubtful(self, value: Value | None) -> bool:
        """Whether a value would need a person if no sum vouched for it."""
        if value is None or value.state is State.BLANK:
            return False
        confidence, doubts = confidence_of(value.match.lines), doubts_of(value.match.lines)
        low = confidence is not None and confidence < self.settings.min_confidence
        return value.state is State.UNREADABLE or low or any(doubt.grave for doubt in doubts)

    def _settles(self, values: Mapping[str, Value], pointer: str, fixed: Value, wanted: CheckSpec) -> bool:
        """Whether the change makes the wanted check pass and breaks none."""
        before = data_of(self.form, values, self.lists)
        after = data_of(self.form, {**values, pointer: fixed}, self.lists)
        if holds(wanted, after) is not CheckStatus.PASSED:
            return False
        touched = [c for c in self.form.checks if pointer in pointers(c, after)]
        return all(
            holds(c, after) is not CheckStatus.FAILED or (c.source and holds(c, before) is CheckStatus.FAILED)
            for c in touched
        )


def readings(value: Value, lexicon: Lexicon) -> tuple[str, ...]:
    """Other texts that the ink may be: one or two characters replaced, dropped, or taken for a look-alike."""
    chars = [c for line in value.match.lines for c in line.chars]
    if not chars or "".join(c.text for c in chars).replace(" ", "") != value.match.text.replace(" ", ""):
        chars = [Char(c, 0.5) for c in value.match.text]
    options = [_options(c, lexicon) for c in chars]
    scored: dict[str, float] = {}
    spots = [i for i, o in enumerate(options) if o]
    for size in (1, 2):
        for places in itertools.combinations(spots, size):
            for picks in itertools.product(*(options[i] for i in places)):
                letters = [c.text for c in chars]
                weight = 1.0
                for i, (letter, probability) in zip(places, picks, strict=True):
                    letters[i], weight = letter, weight * probability
                text = "".join(letters)
                scored[text] = max(scored.get(text, 0.0), weight)
    ranked = sorted(scored, key=lambda t: -scored[t])
    return tuple(ranked[:MAX_READINGS])


def _options(char: Char, lexicon: Lexicon) -> list[tuple[str, float]]:
    options = [(t, p) for t, p in char.alternatives if p >= MIN_PROBABILITY and t != char.text]
    known = {t for t, _ in options}
    for plain, looks in lexicon.confusable.items():
        twins = (plain,) if char.text in looks else looks if char.text == plain else ()
        options += [(t, MIN_PROBABILITY) for t in twins if t not in known]
    return options[:6]


def _issue(pointer: str, before: Value, after: Value) -> Issue:
    message = (
        f"{before.match.text!r} breaks a rule of the form; {after.match.text!r} is the only other reading that fits"
    )
    return Issue("repaired", Severity.WARNING, pointer, message, str(after.data), before.match.text)
