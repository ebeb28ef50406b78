"""Forms drawn afresh from a seed, read as a user would: what the first run of each seed says is what counts."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import fresh_log, gallery, risk
from bench.fields import Field, fields_of
from bench.misses import write_misses
from bench.product import read_output, run_product
from bench.scans import score_scans
from bench.sets import Case, choose, gather, load_set, make_fresh
from bench.silent import SilentError, silent_errors
from bench.tally import Tally, by_kind, tally_table
from bench.text import markdown
from fixtures.fresh.kinds import GROUPS

SCANS = 112


class NotLoggedError(ValueError):
    """A part of a seed's scans is asked for before the whole of them was read once."""


@dataclass(frozen=True)
class Request:
    """What to run: a seed (None: one that was never logged), how many scans, of which kinds, with how many workers.

    `reuse` is an output folder to be scored again, `log` the log of seeds.
    """

    seed: int | None
    scans: int
    kinds: Sequence[str]
    jobs: int
    reuse: Path | None = None
    log: Path = fresh_log.LOG


def report(request: Request, out: Path) -> str:
    """Make the scans, read them, score them, log a first run; returns Markdown. Raises NotLoggedError."""
    seed = fresh_log.new_seed(request.log) if request.seed is None else request.seed
    first = not fresh_log.is_logged(seed, request.log)
    if first and (request.kinds or request.reuse):
        raise NotLoggedError(f"seed {seed} was never run as a whole; a part of it may be read again, not first")
    cases = choose(load_set(make_fresh(seed, request.scans, out / "sets")), request.kinds, None)
    folder, seconds = request.reuse or out / "records" / f"fresh-{seed}", 0.0
    if request.reuse is None:
        usage = run_product([gather(cases, out / "input" / f"fresh-{seed}")], folder, request.jobs)
        seconds = usage.seconds
    output = read_output(folder)
    files = score_scans(cases, output)
    read = fields_of(files, output.records)
    kinds = by_kind(files, read)
    if first:
        fresh_log.append(fresh_log.now(seed, request.scans, seconds, kinds), request.log)
    errors = silent_errors(cases, output.records, read)
    name = f"fresh-{seed}"
    write_misses(out / f"misses-{name}.tsv", files, output.records)
    (out / f"{name}.json").write_text(_figures(kinds), encoding="utf-8")
    run = "first run, logged" if first else "a re-run of a logged seed, not logged"
    return "\n\n".join(
        [
            f"seed {seed}, {len(cases)} scans, {sum(case.pages for case in cases)} pages: {run}; {seconds:.0f} s",
            tally_table(kinds, GROUPS),
            _silent(errors),
            _pictures(cases, read, errors, out / name),
            standing(request.log),
        ]
    )


def standing(log: Path = fresh_log.LOG) -> str:
    """The last logged seeds together, as Markdown."""
    entries, kinds = fresh_log.last(log)
    if not entries:
        return "no seed logged yet"
    seeds = ", ".join(f"{entry.seed} ({entry.date}, {entry.commit}, {entry.scans} scans)" for entry in entries)
    return f"The last logged seeds together: {seeds}\n\n{tally_table(kinds, GROUPS)}"


def _figures(kinds: dict[str, Tally]) -> str:
    return json.dumps({kind: dataclasses.asdict(counts) for kind, counts in kinds.items()}, indent=2) + "\n"


def _silent(errors: Sequence[SilentError]) -> str:
    """How many silent errors each witness should have seen; then each in a line, accepted records first."""
    if not errors:
        return "No silent error."
    counts = Counter((error.witness, error.field.accepted) for error in errors)
    rows = [(name, counts[name, True], counts[name, False]) for name in sorted({error.witness for error in errors})]
    table = markdown(("should have seen it", "in accepted", "in review"), rows)
    return "\n".join([table, "", *(f"- {error.line()}" for error in errors)])


def _pictures(cases: Sequence[Case], read: Sequence[Field], errors: Sequence[SilentError], at: Path) -> str:
    curve, page = at.with_name(f"{at.name}-risk.png"), at.with_name(f"{at.name}-silent.html")
    risk.draw(read, GROUPS, curve)
    gallery.write(errors, {case.name: case for case in cases}, page)
    return f"risk and coverage: {curve}; silent errors: {page}"
