"""What counts on drawn forms: fields right, records accepted, and wrong values that nobody is told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from bench.fields import Field, Outcome
from bench.text import markdown, percent
from bench.totals import FileScore

HEADER = (
    "damage", "scans", "forms", "fields", "right %", "material wrong", "punctuation wrong", "accepted %",
    "wrong in accepted", "per 10,000", "punctuation in accepted", "silent in review",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some scans; what is wrong is counted as material or as punctuation, never as both.

    `silent_review` counts material errors without a doubt on them in records that go to review.
    """

    scans: int = 0
    pages: int = 0
    forms: int = 0
    accepted: int = 0
    fields: int = 0
    right: int = 0
    material: int = 0
    punctuation: int = 0
    accepted_fields: int = 0
    accepted_material: int = 0
    accepted_punctuation: int = 0
    silent_review: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))

    @property
    def risk(self) -> float | None:
        """Material errors in 10,000 fields of accepted records."""
        return 10_000 * self.accepted_material / self.accepted_fields if self.accepted_fields else None


def tally(files: Sequence[FileScore], read: Sequence[Field]) -> Tally:
    """The counts of some scans and their fields."""
    forms = [form for file in files for form in file.forms]
    sure = [field for field in read if field.accepted]
    return Tally(
        scans=len(files),
        pages=sum(file.pages for file in files),
        forms=sum(form.expected for form in forms),
        accepted=sum(form.expected and form.status == "accepted" for form in forms),
        fields=len(read),
        right=_count(read, Outcome.RIGHT),
        material=_count(read, Outcome.MATERIAL),
        punctuation=_count(read, Outcome.PUNCTUATION),
        accepted_fields=len(sure),
        accepted_material=_count(sure, Outcome.MATERIAL),
        accepted_punctuation=_count(sure, Outcome.PUNCTUATION),
        silent_review=sum(field.silent and not field.accepted for field in read),
    )


def by_kind(files: Sequence[FileScore], read: Sequence[Field]) -> dict[str, Tally]:
    """The counts of every kind of damage."""
    kinds = dict.fromkeys(file.kind for file in files)
    return {k: tally([f for f in files if f.kind == k], [f for f in read if f.kind == k]) for k in kinds}


def summed(tallies: Iterable[Tally]) -> Tally:
    """Several counts as one."""
    total = Tally()
    for item in tallies:
        total += item
    return total


def tally_table(kinds: Mapping[str, Tally], groups: Mapping[str, Sequence[str]]) -> str:
    """One line per kind of damage, one per group of kinds and one for all."""
    lines = [_line(kind, kinds[kind]) for group in groups.values() for kind in group if kind in kinds]
    for group, members in groups.items():
        lines.append(_line(f"**{group}**", summed(kinds[kind] for kind in members if kind in kinds)))
    return markdown(HEADER, [*lines, _line("**all**", summed(kinds.values()))])


def _line(name: str, t: Tally) -> tuple[object, ...]:
    return (
        name, t.scans, t.forms, t.fields, percent(100 * t.right / t.fields if t.fields else None), t.material,
        t.punctuation, percent(100 * t.accepted / t.forms if t.forms else None), t.accepted_material,
        "" if t.risk is None else f"{t.risk:.1f}", t.accepted_punctuation, t.silent_review,
    )  # fmt: skip


def _count(read: Iterable[Field], outcome: Outcome) -> int:
    return sum(field.outcome is outcome for field in read)
