"""Values as a reader of the form counts them: what is printed in one place is one field, right or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bench.fold import Leaf
from bench.score import FormScore, LeafPair
from bench.totals import FileScore

_COMPANION = re.compile(r"_value(/\w+)?$")
"""The parsed form of a quantity, which stands beside its text in the record and has no ink of its own."""

Records = Mapping[tuple[str, int], Mapping[str, Any]]
"""Whole records by file and number."""


class Outcome(StrEnum):
    """How a field came out: wrong in digits, signs, units or characters (material), or in punctuation alone."""

    RIGHT = "right"
    PUNCTUATION = "punctuation"
    MATERIAL = "material"


@dataclass(frozen=True, slots=True)
class Field:
    """One value of one form of one scan, as printed and as read.

    `covered`: a warning, an error or a failed check stands on it. `certainty` is what the record itself gives, 0 to
    1: its probability where it states one, else the confidence of the reading. A value that the record leaves out is
    as certain as the record is silent about it.
    """

    file: str
    kind: str
    form: int
    status: str | None
    pointer: str
    expected: Leaf
    got: Leaf
    outcome: Outcome
    covered: bool
    certainty: float

    @property
    def accepted(self) -> bool:
        """Whether nobody will look at the record that it stands in."""
        return self.status == "accepted"

    @property
    def silent(self) -> bool:
        """Wrong, and nobody is told: in an accepted record, or in another without a doubt on it."""
        return self.outcome is Outcome.MATERIAL and self.status is not None and (self.accepted or not self.covered)


def fields_of(files: Iterable[FileScore], records: Records) -> tuple[Field, ...]:
    """Every field of some scans."""
    return tuple(
        field
        for file in files
        for form in file.forms
        for field in _form_fields(file, form, records.get((file.file, form.index), {}))
    )


def _form_fields(file: FileScore, form: FormScore, record: Mapping[str, Any]) -> Iterator[Field]:
    grouped: dict[str, list[LeafPair]] = {}
    for leaf in form.leaves:
        grouped.setdefault(_COMPANION.sub("", leaf.pointer), []).append(leaf)
    for pointer, leaves in grouped.items():
        shown = next((leaf for leaf in leaves if leaf.pointer == pointer), leaves[0])
        covered = any(leaf.covered for leaf in leaves)
        certainty = _certainty(record.get("evidence", {}).get(pointer), covered)
        yield Field(
            file.file, file.kind, form.index, form.status, pointer, shown.expected, shown.got,
            _outcome(leaves), covered, certainty,
        )  # fmt: skip


def _outcome(leaves: list[LeafPair]) -> Outcome:
    if any(leaf.material for leaf in leaves):
        return Outcome.MATERIAL
    return Outcome.RIGHT if all(leaf.right for leaf in leaves) else Outcome.PUNCTUATION


def _certainty(evidence: Mapping[str, Any] | None, covered: bool) -> float:
    if evidence is None:
        return 0.0 if covered else 1.0
    stated = evidence.get("probability", evidence.get("confidence"))
    return 1.0 if stated is None else float(stated)
