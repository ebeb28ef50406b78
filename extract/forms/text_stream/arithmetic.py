"""Where a text can be cut in more than one way, the form's own checks decide; what they leave open is a doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.forms.rules.checks import evaluate, holds
from extract.forms.spec import CheckSpec, FormSpec, Lexicon
from extract.forms.text_stream.matches import Matcher
from extract.forms.text_stream.units import Option, Unit
from extract.forms.values.data import data_of
from extract.forms.values.parse import State, Value, parse
from extract.model import CheckStatus

MARGIN = 1.5
"""A cut that beats every other by less than this, in nats, is in doubt."""
REPEATED_GAIN = 2.0
WINDOW = 5.0
"""Cuts worse than the likeliest by more than this are not tried."""
PASSES = 3

_GAIN = {CheckStatus.PASSED: 3.0, CheckStatus.FAILED: -4.0, CheckStatus.NOT_CHECKED: -4.0}
_SOURCE_GAIN = {CheckStatus.PASSED: 1.0, CheckStatus.FAILED: -1.0, CheckStatus.NOT_CHECKED: -1.0}
"""An equation that cannot be checked is worth no more than one that fails: to leave a value out is no way out."""


@dataclass(frozen=True)
class Choice:
    """The cut of each unit, and for the columns in doubt what else the text may say."""

    chosen: tuple[Option, ...]
    doubts: tuple[Mapping[str, tuple[str, ...]], ...]


@dataclass(frozen=True, eq=False)
class Judge:
    """Chooses among cuts for one form."""

    form: FormSpec
    lexicon: Lexicon
    matcher: Matcher
    lists: Mapping[str, int]

    def choose(self, units: Sequence[Unit], fixed: Mapping[str, Value]) -> Choice:
        """The best cut of every unit together; `fixed` are values that are not in question."""
        parsed = [[self._values(u, o) for o in u.options] for u in units]
        picks = [0] * len(units)
        total = self._total(units, parsed, picks, fixed)
        for _ in range(PASSES):
            before = list(picks)
            for k, unit in enumerate(units):
                for other in self._others(unit):
                    trial = [*picks[:k], other, *picks[k + 1 :]]
                    worth = self._total(units, parsed, trial, fixed)
                    if worth > total:
                        picks, total = trial, worth
            if picks == before:
                break
        total = self._total(units, parsed, picks, fixed, sure=True)
        doubts = tuple(self._doubts(units, parsed, picks, fixed, k, total) for k in range(len(units)))
        return Choice(tuple(u.options[p] for u, p in zip(units, picks, strict=True)), doubts)

    def _others(self, unit: Unit) -> Iterator[int]:
        best = unit.options[0].score
        yield from (i for i, o in enumerate(unit.options) if best - o.score <= WINDOW)

    def _values(self, unit: Unit, option: Option) -> dict[str, Value]:
        return {m.pointer: parse(m, self.lexicon) for m in self.matcher.row(unit, option)}

    def _total(
        self, units: Sequence[Unit], parsed: Sequence[Sequence[Mapping[str, Value]]], picks: Sequence[int],
        fixed: Mapping[str, Value], sure: bool = False,
    ) -> float:  # fmt: skip
        """What a choice is worth; with `sure`, without the checks that paper is known to break."""
        values = dict(fixed)
        for options, pick in zip(parsed, picks, strict=True):
            values |= options[pick]
        data = data_of(self.form, values, self.lists)
        local = sum(u.options[p].score for u, p in zip(units, picks, strict=True))
        return (
            local
            + self._repeated(units, picks)
            + sum(_worth(check, data) for check in self.form.checks if not (sure and check.source))
        )

    def _repeated(self, units: Sequence[Unit], picks: Sequence[int]) -> float:
        """Where all money comes from one source, its row repeats the figures of the total."""
        worth = 0.0
        for matrix in self.form.matrices:
            rows = [
                u.options[p].texts for u, p in zip(units, picks, strict=True) if u.pointer.startswith(f"/{matrix.key}/")
            ]
            for row in rows[1:]:
                worth += REPEATED_GAIN * sum(bool(text) and rows[0].get(key) == text for key, text in row.items())
        return worth

    def _doubts(
        self, units: Sequence[Unit], parsed: Sequence[Sequence[Mapping[str, Value]]], picks: Sequence[int],
        fixed: Mapping[str, Value], k: int, total: float,
    ) -> dict[str, tuple[str, ...]]:  # fmt: skip
        """The columns of a unit that another cut fills in another way, one nearly as good or likelier as a text."""
        found: dict[str, list[str]] = {}
        chosen = units[k].options[picks[k]]
        for other in self._others(units[k]):
            changed = _changed(parsed[k][picks[k]], parsed[k][other])
            if other == picks[k] or not changed:
                continue
            likelier = units[k].options[other].score - chosen.score > MARGIN
            trial = self._total(units, parsed, [*picks[:k], other, *picks[k + 1 :]], fixed, sure=True)
            if likelier or total - trial < MARGIN:
                for key, text in units[k].options[other].texts.items():
                    if f"{units[k].pointer}/{key}" in changed and text != chosen.texts.get(key, ""):
                        found.setdefault(key, []).append(text)
        return {key: tuple(dict.fromkeys(texts)) for key, texts in found.items()}


def _changed(a: Mapping[str, Value], b: Mapping[str, Value]) -> set[str]:
    """The pointers whose values differ."""
    return {p for p in {*a, *b} if _data(a.get(p)) != _data(b.get(p))}


def _data(value: Value | None) -> object:
    return (value.data, value.state is State.UNREADABLE) if value is not None else (None, False)


def _worth(check: CheckSpec, data: Mapping[str, object]) -> float:
    """What a check says for the data: an equation that holds is worth most, a bound that holds nothing."""
    gains = _SOURCE_GAIN if check.source else _GAIN
    if check.each is None:
        status = holds(check, data)  # type: ignore[arg-type]
        return gains[status] if "==" in check.rule or status is CheckStatus.FAILED else 0.0
    failed = sum(c.status is CheckStatus.FAILED for c in evaluate(check, data))  # type: ignore[arg-type]
    return failed * gains[CheckStatus.FAILED]
