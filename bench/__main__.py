"""`python -m bench`: the product, and what else there is, on scans whose truth is known.

Writes bench/out/<set>.json (the figures), bench/out/misses-<set>.tsv (every wrong value) and prints Markdown tables.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import faults, inputs, peers
from bench.evidence import evidence_table
from bench.misses import write_misses
from bench.process import Usage
from bench.product import read_output, run_product
from bench.scans import accepted_faults, score_scans, scores_table, stages_table
from bench.sets import SETS, Case, choose, gather, load_set, make_set
from bench.totals import FileScore, total

OUT = Path(__file__).parent / "out"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sections asked for and print their tables; returns the exit code."""
    options = _parser().parse_args(arguments)
    for name in options.section or [name for name in SECTIONS if name not in ON_REQUEST]:
        print(f"\n## {name}\n", flush=True)
        print(SECTIONS[name](options), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--section", action="append", choices=SECTIONS, help="may be repeated; most by default")
    parser.add_argument("--set", choices=SETS, help="which scans (default: bench; for speed: committed)")
    parser.add_argument("--kind", action="append", default=[], help="only this kind of damage; may be repeated")
    parser.add_argument("--seed", type=int, help="which forms to draw (fresh: one never logged)")
    parser.add_argument("--scans", type=int, help="how many scans (fresh: 112) or forms (digits: 24)")
    parser.add_argument("--limit", type=int, help="at most this many files of each kind")
    parser.add_argument("--reuse", type=Path, metavar="OUT", help="score an output folder that is there already")
    parser.add_argument("--jobs", type=int, default=2, help="worker processes (default: 2)")
    parser.add_argument("--peer-limit", type=int, default=4, help="files of each kind for the peers (default: 4)")
    parser.add_argument("--pages", type=int, help="pages for speed and profile (default: 12), memory (default: 2000)")
    parser.add_argument("--threads", type=int, action="append", help="for speed; may be repeated (default: 1 and 2)")
    parser.add_argument("--rounds", type=int, default=3, help="for speed: how often each page is read (default: 3)")
    parser.add_argument("--truth", type=Path, metavar="DIR", help="for texts: the folder of what each text holds")
    parser.add_argument("--records", type=int, help="for downstream: records to load (default: 100000)")
    return parser


def _cases(options: argparse.Namespace, default: str = "bench") -> tuple[Case, ...]:
    folder = make_set(options.set or default, OUT / "sets")
    return choose(load_set(folder), options.kind, options.limit)


def _scans(options: argparse.Namespace) -> str:
    cases, name = _cases(options), options.set or "bench"
    out, usage = options.reuse, None
    if out is None:
        out = OUT / "records" / name
        usage = run_product([gather(cases, OUT / "input" / name)], out, options.jobs)
    output = read_output(out)
    files = score_scans(cases, output)
    misses = OUT / f"misses-{name}.tsv"
    count = write_misses(misses, files, output.records)
    (OUT / f"{name}.json").write_text(_figures(files, usage), encoding="utf-8")
    parts = [
        scores_table(files),
        _usage(usage, sum(case.pages for case in cases)),
        accepted_faults(files),
        stages_table(cases, output),
        evidence_table(cases, output),
        f"{count} wrong values, each in {misses}",
    ]
    return "\n\n".join(part for part in parts if part)


def _usage(usage: Usage | None, pages: int) -> str:
    if usage is None:
        return ""
    memory = "unknown" if usage.peak_mb is None else f"{usage.peak_mb:.0f} MiB"
    return (
        f"{pages} pages in {usage.seconds:.0f} s by the clock, {usage.seconds / max(pages, 1):.2f} s a page; "
        f"most memory held by one process: {memory}"
    )


def _figures(files: Sequence[FileScore], usage: Usage | None) -> str:
    kinds = {kind: [f for f in files if f.kind == kind] for kind in sorted({f.kind for f in files})}
    figures = {name: dataclasses.asdict(total(part)) for name, part in {**kinds, "all": files}.items()}
    process = dataclasses.asdict(usage) if usage else None
    return json.dumps({"kinds": figures, "process": process}, ensure_ascii=False, indent=2) + "\n"


def _fresh(options: argparse.Namespace) -> str:
    from bench import fresh

    request = fresh.Request(options.seed, options.scans or fresh.SCANS, options.kind, options.jobs, options.reuse)
    try:
        return fresh.report(request, OUT)
    except fresh.NotLoggedError as error:
        return str(error)


def _digits(options: argparse.Namespace) -> str:
    from bench import digits

    return digits.report(options.scans or digits.FORMS, options.seed or 1)


def _seeds(_options: argparse.Namespace) -> str:
    from bench import fresh

    return fresh.standing()


def _peers(options: argparse.Namespace) -> str:
    return peers.report(_cases(options), options.peer_limit)


def _texts(options: argparse.Namespace) -> str:
    from bench import texts

    if options.truth is None or not options.truth.is_dir():
        return "skipped: --truth names no folder"
    return texts.report(options.truth)


def _tables(_options: argparse.Namespace) -> str:
    from bench import tables

    return tables.report()


def _fiscal(options: argparse.Namespace) -> str:
    from bench import fiscal

    return fiscal.report(options.kind, options.limit)


def _skew(_options: argparse.Namespace) -> str:
    from bench import skew

    return skew.report()


def _faults(_options: argparse.Namespace) -> str:
    return faults.report()


def _ray(_options: argparse.Namespace) -> str:
    from bench import machines

    return machines.report()


def _scale(options: argparse.Namespace) -> str:
    from bench import scale

    return scale.report(_sample(options, options.pages or SPEED_PAGES))


def _inputs(_options: argparse.Namespace) -> str:
    return inputs.report()


def _sample(options: argparse.Namespace, count: int) -> tuple[Path, ...]:
    from bench.speed import sample

    return sample(_cases(options, "committed"), count)


def _speed(options: argparse.Namespace) -> str:
    from bench import speed

    pages = _sample(options, options.pages or SPEED_PAGES)
    return speed.report(pages, options.threads or (1, 2), options.rounds, OUT / "speed")


def _memory(options: argparse.Namespace) -> str:
    from bench import batches

    return batches.memory(_sample(options, SPEED_PAGES), options.pages or MEMORY_PAGES)


def _profile(options: argparse.Namespace) -> str:
    from bench import hotspots

    return hotspots.report(_sample(options, options.pages or SPEED_PAGES), OUT / "profile.txt")


def _downstream(options: argparse.Namespace) -> str:
    from bench import volume

    return volume.report(options.records or volume.RECORDS, OUT / "workbooks")


SECTIONS: dict[str, Callable[[argparse.Namespace], str]] = {
    "scans": _scans,
    "fresh": _fresh,
    "seeds": _seeds,
    "digits": _digits,
    "texts": _texts,
    "tables": _tables,
    "fiscal": _fiscal,
    "skew": _skew,
    "faults": _faults,
    "ray": _ray,
    "inputs": _inputs,
    "peers": _peers,
    "speed": _speed,
    "memory": _memory,
    "profile": _profile,
    "scale": _scale,
    "downstream": _downstream,
}
ON_REQUEST = ("fresh", "seeds", "digits", "texts", "memory", "profile", "scale")
SPEED_PAGES = 12
MEMORY_PAGES = 2000


if __name__ == "__main__":
    sys.exit(main())
