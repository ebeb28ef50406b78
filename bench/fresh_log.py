"""The log of seeds: what the product made of each when it saw its scans for the first time. Lines are only added."""

from __future__ import annotations

import dataclasses
import json
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.sets import ROOT
from bench.tally import Tally, summed

LOG = Path(__file__).with_name("fresh-log.jsonl")
LAST = 3
"""How many logged seeds the figures in the documents are taken from."""


@dataclass(frozen=True)
class Entry:
    """The first run of a seed; `commit` has a + behind it where files differed from that commit."""

    date: str
    commit: str
    seed: int
    scans: int
    seconds: float
    kinds: Mapping[str, Tally]


def read_log(path: Path = LOG) -> tuple[Entry, ...]:
    """All entries, oldest first; none where there is no log yet."""
    if not path.is_file():
        return ()
    return tuple(_entry(line) for line in path.read_text(encoding="utf-8").splitlines())


def append(entry: Entry, path: Path = LOG) -> None:
    """Write an entry at the end of the log. Raises ValueError for a seed that is logged already."""
    if is_logged(entry.seed, path):
        raise ValueError(f"seed {entry.seed} is logged already: only its first run counts")
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps(dataclasses.asdict(entry), ensure_ascii=False) + "\n")


def is_logged(seed: int, path: Path = LOG) -> bool:
    """Whether a seed has had its first run."""
    return any(entry.seed == seed for entry in read_log(path))


def new_seed(path: Path = LOG) -> int:
    """A seed that was never logged."""
    seen = {entry.seed for entry in read_log(path)}
    while (seed := secrets.randbelow(1_000_000)) in seen:
        pass
    return seed


def last(path: Path = LOG) -> tuple[Sequence[Entry], dict[str, Tally]]:
    """The last logged seeds, and their counts together, by kind of damage."""
    entries = read_log(path)[-LAST:]
    kinds = dict.fromkeys(kind for entry in entries for kind in entry.kinds)
    return entries, {k: summed(entry.kinds[k] for entry in entries if k in entry.kinds) for k in kinds}


def now(seed: int, scans: int, seconds: float, kinds: Mapping[str, Tally]) -> Entry:
    """An entry of this moment and of the commit that is checked out."""
    return Entry(f"{datetime.now(UTC):%Y-%m-%d}", _commit(), seed, scans, round(seconds, 1), kinds)


def _commit() -> str:
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{LOG.relative_to(ROOT)}")
    return _git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _entry(line: str) -> Entry:
    content = json.loads(line)
    kinds = {kind: Tally(**counts) for kind, counts in content.pop("kinds").items()}
    return Entry(**content, kinds=kinds)
