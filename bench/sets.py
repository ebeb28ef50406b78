"""Sets of simulated scans with their truth, made on demand."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.score import Data, load_json

ROOT = Path(__file__).parents[1]
COMMITTED = ROOT / "fixtures"
SETS = ("committed", "bench", "holdout")


@dataclass(frozen=True)
class Case:
    """One scan: `name` is its path below the set's scans, `dpi` what its truth's pixels are measured at.

    `ink` holds per form, by pointer, where the value's ink is: a list of {"page", "quad"}.
    """

    path: Path
    name: str
    kind: str
    dpi: float
    pages: int
    truths: tuple[Data, ...]
    ink: tuple[Mapping[str, Sequence[Mapping[str, Any]]], ...]


def load_set(folder: Path) -> tuple[Case, ...]:
    """Every scan of a set that has a truth, in the order of their names: scans/ and truth/ lie side by side."""
    truths = (load_json(path) for path in folder.glob("truth/**/*.json"))
    return tuple(sorted((_case(folder, truth) for truth in truths), key=lambda case: case.name))


def _case(folder: Path, truth: Data) -> Case:
    return Case(
        path=folder / "scans" / truth["file"],
        name=truth["file"],
        kind=truth["kind"],
        dpi=float(truth["dpi"]),
        pages=len(truth["pages"]),
        truths=tuple(form["data"] for form in truth["forms"]),
        ink=tuple(form.get("ink", {}) for form in truth["forms"]),
    )


def choose(cases: Sequence[Case], kinds: Sequence[str], limit: int | None) -> tuple[Case, ...]:
    """The cases of some kinds (all where none is named), at most `limit` of each, spread over the set."""
    chosen: list[Case] = []
    for kind in sorted({case.kind for case in cases}):
        if kinds and kind not in kinds:
            continue
        own = [case for case in cases if case.kind == kind]
        count = min(limit or len(own), len(own))
        chosen += [own[i * len(own) // count] for i in range(count)]
    return tuple(chosen)


def gather(cases: Sequence[Case], folder: Path) -> Path:
    """A folder that holds just these scans, under their own names."""
    shutil.rmtree(folder, ignore_errors=True)
    for case in cases:
        target = folder / case.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(case.path, target)
    return folder


def make_set(name: str, folder: Path) -> Path:
    """The folder of a set; the committed one stands in fixtures/, others are made below `folder`.

    A set is made anew when the maker or its forms have changed since. Raises subprocess.CalledProcessError when
    the maker fails, for want of a font for instance.
    """
    if name == "committed":
        return COMMITTED
    return _made(["make", "--set", name], folder / name)


def make_fresh(seed: int, scans: int, folder: Path) -> Path:
    """The folder of the first scans of a seed, made below `folder` unless they are there and the maker unchanged."""
    return _made(["fresh", "--seed", str(seed), "--scans", str(scans)], folder / f"fresh-{seed}-{scans}")


def _made(arguments: Sequence[str], target: Path) -> Path:
    stamp = target.with_name(f"{target.name}.made-by")
    maker = _digest_of_maker()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != maker:
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "fixtures", *arguments, "-o", str(target)], cwd=ROOT, check=True)
        stamp.write_text(maker, encoding="ascii")
    return target


def _digest_of_maker() -> str:
    """What decides how scans come out: the maker's code, its words and forms, the declarations."""
    parts = ("*.py", "damage/*.py", "fresh/*", "forms/*.json", "exports/expected/*.json")
    files = [file for part in parts for file in (ROOT / "fixtures").glob(part) if file.is_file()]
    files += (ROOT / "schemas").glob("*.toml")
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()
