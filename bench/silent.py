"""Errors that nobody is told of, each with its ink, what the record says of it, and the witness that was silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

from bench.evidence import record_pointers
from bench.fields import Field, Records
from bench.fold import Leaf
from bench.score import Data, pair_forms
from bench.sets import Case

_DIGITS = re.compile(r"\d")
_SIGNS = re.compile(r"[^\w\s]|_")
_MARKS = str.maketrans("", "", ".,，。、·'")


Quad = Sequence[Sequence[float]]


@dataclass(frozen=True)
class SilentError:
    """A silent error; `page` and `quad` say where the ink is (or, where nothing was printed, where the record sees it).

    `quad` is in pixels of the source page, for a PDF at the dpi of the case.
    """

    field: Field
    page: int
    quad: Quad | None
    evidence: Mapping[str, Any]
    checks: tuple[str, ...]
    witness: str

    def line(self) -> str:
        """The error in one line."""
        f = self.field
        sure = f"{f.certainty:.3f}" if self.evidence else "no evidence"
        checks = ", ".join(self.checks) or "no check names it"
        return (
            f"{f.status}: {f.file} form {f.form} {f.pointer}: {_shown(f.expected)} read as {_shown(f.got)} "
            f"({sure}; {checks}; silent: {self.witness})"
        )


def silent_errors(cases: Sequence[Case], records: Records, read: Sequence[Field]) -> tuple[SilentError, ...]:
    """Every silent error, those in accepted records first."""
    wanted: dict[str, list[Field]] = {}
    for field in read:
        if field.silent:
            wanted.setdefault(field.file, []).append(field)
    errors = [error for case in cases for error in _of_case(case, records, wanted.get(case.name, ()))]
    return tuple(sorted(errors, key=lambda error: not error.field.accepted))


def _of_case(case: Case, records: Records, fields: Sequence[Field]) -> Iterator[SilentError]:
    own = {number: record for (name, number), record in records.items() if name == case.name}
    numbers = sorted(own)
    truth_of = {numbers[r]: t for t, r in pair_forms(case.truths, [own[n]["data"] for n in numbers]) if r is not None}
    for field in fields:
        record, t = own[field.form], truth_of.get(field.form)
        yield _error(case, field, record, t)


def _error(case: Case, field: Field, record: Mapping[str, Any], t: int | None) -> SilentError:
    evidence = record["evidence"].get(field.pointer, {})
    place = _ink(case, t, record["data"], field.pointer) if t is not None else None
    page, quad = place or _seen(evidence, case.dpi)
    checks = tuple(f"{c['id']} {c['status']}" for c in record["checks"] if field.pointer in c.get("pointers", ()))
    truth = case.truths[t] if t is not None else {}
    return SilentError(field, page, quad, evidence, checks, witness(field, truth))


def _seen(evidence: Mapping[str, Any], dpi: float) -> tuple[int, Quad | None]:
    """Where the record sees a value, in pixels at a resolution."""
    if not evidence or not evidence["quad"]:
        return int(evidence.get("page", 1)), None
    scale = dpi / float(evidence.get("dpi") or dpi)
    return int(evidence["page"]), [[float(v) * scale for v in point] for point in evidence["quad"]]


def _ink(case: Case, t: int, data: Data, pointer: str) -> tuple[int, Quad] | None:
    """Where the truth has the ink of a pointer of the record."""
    renamed = record_pointers(case.truths[t], data)
    for own, ink in case.ink[t].items():
        if renamed(own) == pointer and ink:
            return int(ink[0]["page"]), ink[0]["quad"]
    return None


def witness(field: Field, truth: Data) -> str:
    """Which independent look at the page should have seen an error, by what is wrong."""
    expected, got = field.expected, field.got
    if got is None:
        return "ink that no reading explains"
    if expected is None:
        return "structure: a value where nothing is printed"
    a, b = _text(expected), _text(got)
    if a.translate(_MARKS) == b.translate(_MARKS):
        return "ink at the base line; scale of the column"
    if _is_elsewhere(got, truth):
        return "structure: another field's value"
    if "".join(_SIGNS.findall(a)) != "".join(_SIGNS.findall(b)) and _SIGNS.sub("", a) == _SIGNS.sub("", b):
        return "second reader: a sign"
    if _DIGITS.findall(a) != _DIGITS.findall(b):
        return "second reader: figures"
    if Levenshtein.distance(a, b) > max(2, len(a) // 3):
        return "structure: part of a text"
    return "second reader: characters"


def _is_elsewhere(value: Leaf, data: Any) -> bool:
    """Whether the form says just this in another place; short figures stand in many."""
    if isinstance(data, Mapping):
        return any(_is_elsewhere(value, item) for item in data.values())
    if isinstance(data, Sequence) and not isinstance(data, str):
        return any(_is_elsewhere(value, item) for item in data)
    return data == value and len(_text(value)) > 1


def _text(value: Leaf) -> str:
    return "" if value is None else str(value)


def _shown(value: Leaf) -> str:
    return "∅" if value is None else str(value)
