"""Compares a produced record with the truth, leaf by leaf and row by row.

Pure: takes what was parsed from JSON (numbers as Decimal, see `load_json`), touches no file but there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from bench.align import Pair, pair_up
from bench.fold import Leaf, fold, same

Data = Mapping[str, Any]
"""The `data` object of a record, as JSON gives it."""

LEVELS = ("level1", "level2")
OWN = ("level3", "target", "actual", "weight", "score", "deviation_reason")
"""What makes an indicator row right, apart from its levels."""

LEAST_ROW_LIKENESS = 0.3
LEAST_FORM_LIKENESS = 0.15


@dataclass(frozen=True, slots=True)
class LeafPair:
    """One scalar in truth and record; not None on both sides.

    The pointer leads into the record's data, or into the truth's where the record has no such row.
    `covered` says whether the record itself raises a doubt about it.
    """

    pointer: str
    expected: Leaf
    got: Leaf
    covered: bool = False

    @property
    def right(self) -> bool:
        """Equal after the contract's folding."""
        return same(self.expected, self.got)

    @property
    def alike(self) -> bool:
        """Equal but for the width and variants of punctuation and spaces."""
        return same(self.expected, self.got, typographic=True)


@dataclass(frozen=True, slots=True)
class RowScore:
    """Whether an indicator row of the truth came out: its own cells, and its two upper levels."""

    own: bool
    levels: bool


@dataclass(frozen=True)
class FormScore:
    """One form of the truth (or one that the truth does not have) against what was made of it.

    `status` is None where no record was produced; `index` counts records of the file from 1.
    """

    index: int
    status: str | None
    leaves: tuple[LeafPair, ...]
    rows: tuple[RowScore, ...]
    expected: bool = True

    @property
    def wrong(self) -> tuple[LeafPair, ...]:
        """The leaves that are not right."""
        return tuple(leaf for leaf in self.leaves if not leaf.right)

    @property
    def perfect(self) -> bool:
        """Found, and every leaf right."""
        return self.expected and self.status is not None and not self.wrong


def load_json(path: Path) -> Any:
    """A JSON file with exact numbers. Raises OSError and json.JSONDecodeError."""
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)


def score_file(truths: Sequence[Data], records: Sequence[Data]) -> tuple[FormScore, ...]:
    """Scores of all forms of one file, in order; `records` are whole records, `truths` bare data."""
    found = [record["data"] for record in records]
    pairs = pair_forms(truths, found)
    scores = []
    for number, (t, r) in enumerate(pairs, 1):
        truth = truths[t] if t is not None else None
        record = records[r] if r is not None else None
        scores.append(score_form(truth, record, number if r is None else r + 1))
    return tuple(scores)


def score_form(truth: Data | None, record: Data | None, index: int = 1) -> FormScore:
    """The score of one record; without truth it is a form too many, without record a form not found."""
    data: Data = record["data"] if record is not None else {}
    rows = pair_rows((truth or {}).get("indicators", ()), data.get("indicators", ()))
    doubts = _doubts(record) if record is not None else frozenset()
    leaves = tuple(
        LeafPair(pointer, a, b, _is_covered(pointer, doubts))
        for pointer, a, b in _leaf_pairs(truth or {}, data, rows)
        if a is not None or b is not None
    )
    return FormScore(
        index,
        str(record["status"]) if record is not None else None,
        leaves,
        _row_scores(truth or {}, data, rows),
        truth is not None,
    )


def pair_rows(truth: Sequence[Data], got: Sequence[Data]) -> tuple[Pair, ...]:
    """Which produced indicator row stands for which row of the truth, order kept."""
    return pair_up(truth, got, _row_likeness, LEAST_ROW_LIKENESS)


def _row_likeness(a: Data, b: Data) -> float:
    """0 to 1; the indicator's name counts most."""
    texts = {"level3": 0.4, "target": 0.2, "actual": 0.1, "level2": 0.1}
    alike = sum(w * _text_likeness(a.get(key), b.get(key)) for key, w in texts.items())
    return alike + sum(0.1 for key in ("weight", "score") if same(a.get(key), b.get(key)))


def _text_likeness(a: Leaf, b: Leaf) -> float:
    if a is None or b is None:
        return float(a is b)
    return float(fuzz.ratio(fold(str(a)), fold(str(b)))) / 100


def pair_forms(truths: Sequence[Data], found: Sequence[Data]) -> tuple[Pair, ...]:
    """Which record's data stands for which form of the truth, order kept; one for one where their counts agree."""
    if len(truths) == len(found):
        return tuple((i, i) for i in range(len(truths)))
    return pair_up(truths, found, _form_likeness, LEAST_FORM_LIKENESS)


def _form_likeness(a: Data, b: Data) -> float:
    name = _text_likeness(a.get("project_name"), b.get("project_name"))
    left, right = (dict(flatten(x.get("funding", {}))) for x in (a, b))
    alike = [same(left[key], right.get(key)) for key in left if left[key] is not None]
    return 0.5 * name + 0.5 * (sum(alike) / len(alike) if alike else 0.0)


def flatten(value: Any, pointer: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every scalar below a JSON value with its pointer (keys here need no escaping)."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from flatten(item, f"{pointer}/{key}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, item in enumerate(value):
            yield from flatten(item, f"{pointer}/{number}")
    else:
        yield pointer, value


def _leaf_pairs(truth: Data, data: Data, rows: Sequence[Pair]) -> Iterator[tuple[str, Leaf, Leaf]]:
    plain = [{k: v for k, v in side.items() if k != "indicators"} for side in (truth, data)]
    yield from _zip_leaves(plain[0], plain[1], "")
    for t, g in rows:
        place = f"/indicators/{g if g is not None else t}"
        yield from _zip_leaves(
            truth["indicators"][t] if t is not None else {},
            data["indicators"][g] if g is not None else {},
            place,
        )


def _zip_leaves(truth: Data, data: Data, pointer: str) -> Iterator[tuple[str, Leaf, Leaf]]:
    left, right = dict(flatten(truth, pointer)), dict(flatten(data, pointer))
    for key in left | right:
        yield key, left.get(key), right.get(key)


def _row_scores(truth: Data, data: Data, rows: Sequence[Pair]) -> tuple[RowScore, ...]:
    scores = []
    for t, g in rows:
        if t is None:
            continue
        want = truth["indicators"][t]
        have: Data = data["indicators"][g] if g is not None else {}
        own, levels = (g is not None and all(same(want.get(k), have.get(k)) for k in keys) for keys in (OWN, LEVELS))
        scores.append(RowScore(own, levels))
    return tuple(scores)


def _doubts(record: Data) -> frozenset[str]:
    """Pointers that the record itself doubts: of its issues (not mere notes) and its failed checks."""
    pointers = {i["pointer"] for i in record.get("issues", ()) if i["severity"] != "info"}
    for check in record.get("checks", ()):
        if check["status"] == "failed":
            pointers |= set(check.get("pointers", ()))
    return frozenset(pointers - {""})


def _is_covered(pointer: str, doubts: frozenset[str]) -> bool:
    """Whether a doubt stands on the leaf or above it; a doubt on a text holds for its parsed form too."""
    return any(prefix in doubts for form in (pointer, pointer.replace("_value/", "/")) for prefix in _prefixes(form))


def _prefixes(pointer: str) -> Iterator[str]:
    parts = pointer.split("/")
    return ("/".join(parts[:n]) for n in range(2, len(parts) + 1))
