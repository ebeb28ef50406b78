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
from bench.fold import Leaf, fold, same, same_substance
from bench.shape import ListShape, shape_of

Data = Mapping[str, Any]
"""The `data` object of a record, as JSON gives it."""

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

    @property
    def material(self) -> bool:
        """Wrong in digits, signs, units or characters, not in punctuation alone."""
        return not same_substance(self.expected, self.got)


@dataclass(frozen=True, slots=True)
class RowScore:
    """Whether a row of a list of the truth came out: its own cells, and its two upper levels."""

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
    pairs = pair_lists(truth or {}, data)
    doubts = _doubts(record) if record is not None else frozenset()
    leaves = tuple(
        LeafPair(pointer, a, b, _is_covered(pointer, doubts))
        for pointer, a, b in _leaf_pairs(truth or {}, data, pairs)
        if a is not None or b is not None
    )
    return FormScore(
        index,
        str(record["status"]) if record is not None else None,
        leaves,
        tuple(row for shape, rows in pairs.items() for row in _row_scores(truth or {}, data, shape, rows)),
        truth is not None,
    )


def pair_lists(truth: Data, data: Data) -> dict[ListShape, tuple[Pair, ...]]:
    """For each list of the form which produced row stands for which row of the truth."""
    shape = shape_of(truth or data)
    return {item: pair_rows(truth.get(item.key, ()), data.get(item.key, ()), item) for item in shape.lists}


def pair_rows(truth: Sequence[Data], got: Sequence[Data], shape: ListShape) -> tuple[Pair, ...]:
    """Which produced row of a list stands for which row of the truth, order kept."""
    return pair_up(truth, got, lambda a, b: _row_likeness(a, b, shape), LEAST_ROW_LIKENESS)


def _row_likeness(a: Data, b: Data, shape: ListShape) -> float:
    """0 to 1; the first text of a row's own counts as much as all others together, levels least."""
    names = [key for key in shape.own if key in shape.texts][:1]
    weights = {key: 0.3 if key in shape.levels else 1.0 for key in (*shape.levels, *shape.own)}
    for key in names:
        weights[key] = max(1.0, sum(weights.values()) - weights[key])
    return sum(w * _likeness(a.get(key), b.get(key)) for key, w in weights.items()) / (sum(weights.values()) or 1)


def _likeness(a: Leaf, b: Leaf) -> float:
    """0 to 1; two blanks say little."""
    if a is None and b is None:
        return 0.2
    return _text_likeness(a, b) if isinstance(a, str) and isinstance(b, str) else float(same(a, b))


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
    """0 to 1; half for the single texts, half for the figures outside of lists."""
    shape = shape_of(a)
    left, right = (dict(flatten(_without_lists(x))) for x in (a, b))
    pointers = ["/" + key.replace(".", "/") for key in shape.texts]
    texts = [_text_likeness(left[p], right.get(p)) for p in pointers if left.get(p) is not None]
    alike = [same(v, right.get(p)) for p, v in left.items() if v is not None and not isinstance(v, str)]
    return sum(sum(part) / len(part) for part in (texts, alike) if part) / 2


def _without_lists(data: Data) -> Data:
    return {
        key: item for key, item in data.items() if isinstance(item, Mapping | str) or not isinstance(item, Sequence)
    }


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


def _leaf_pairs(truth: Data, data: Data, pairs: Mapping[ListShape, Sequence[Pair]]) -> Iterator[tuple[str, Leaf, Leaf]]:
    lists = {shape.key for shape in pairs}
    plain = [{k: v for k, v in side.items() if k not in lists} for side in (truth, data)]
    yield from _zip_leaves(plain[0], plain[1], "")
    for shape, rows in pairs.items():
        for t, g in rows:
            want = truth[shape.key][t] if t is not None else {}
            have = data[shape.key][g] if g is not None else {}
            yield from _zip_leaves(want, have, f"/{shape.key}/{g if g is not None else t}")


def _zip_leaves(truth: Data, data: Data, pointer: str) -> Iterator[tuple[str, Leaf, Leaf]]:
    left, right = dict(flatten(truth, pointer)), dict(flatten(data, pointer))
    for key in left | right:
        yield key, left.get(key), right.get(key)


def _row_scores(truth: Data, data: Data, shape: ListShape, rows: Sequence[Pair]) -> Iterator[RowScore]:
    for t, g in rows:
        if t is None:
            continue
        want = truth[shape.key][t]
        have: Data = data[shape.key][g] if g is not None else {}
        own, levels = (
            g is not None and all(same(want.get(k), have.get(k)) for k in keys) for keys in (shape.own, shape.levels)
        )
        yield RowScore(own, levels)


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
