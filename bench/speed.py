"""Seconds a page: the whole product, its bare networks, and other readers, on the same pages in the same run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from bench import contest
from bench.batches import rates
from bench.contest import BARE, OURS, SMALL, Answer, Contest
from bench.networks import DETECTION, RECOGNITION
from bench.sets import ROOT, Case
from bench.text import markdown, percent, seconds

IMAGES = {".jpg", ".png"}
"""What every reader opens."""

HELP_RUNS = 5

Measure = Callable[[Answer], float]


def sample(cases: Sequence[Case], count: int) -> tuple[Path, ...]:
    """Single-page images, `count` of them, of all kinds in turn."""
    single = [case for case in cases if case.pages == 1 and case.path.suffix in IMAGES]
    turn = {case.name: sum(other.kind == case.kind for other in single[:n]) for n, case in enumerate(single)}
    return tuple(case.path for case in sorted(single, key=lambda case: (turn[case.name], case.name))[:count])


def report(pages: Sequence[Path], threads: Sequence[int], rounds: int, folder: Path) -> str:
    """All tables as Markdown; the readers' logs go to `folder`."""
    listed = f"{len(pages)} pages, {rounds} rounds: {', '.join(page.name for page in pages)}"
    parts = [_machine(), listed, f"`--help`: {help_seconds():.2f} s", rates(pages, rounds, (1, 2))]
    for count in threads:
        held = contest.hold(contest.available(), pages, count, rounds, folder / str(count))
        parts += [f"### {count} thread(s) each", readers_table(held), stages_table(held), faults(held)]
    return "\n\n".join(part for part in parts if part)


def _machine() -> str:
    """Processor, cores, what runs the networks, and what else the machine does."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    runtime = f"onnxruntime {version('onnxruntime')}"
    return f"{models[0]}, {os.cpu_count()} cores, {runtime}, load {os.getloadavg()[0]:.1f} before the run"


def help_seconds() -> float:
    """How long `zhibiao --help` takes, the median of a few."""
    spent = []
    for _ in range(HELP_RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "extract", "--help"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def readers_table(held: Contest) -> str:
    """One line per reader: seconds a page, and how many times ours that is by the clock and in CPU time."""
    header = (
        "reader", "texts/page", "s/page", "CPU s/page", "x ours", "least", "most", "x ours, CPU", "start s", "peak MiB",
    )  # fmt: skip
    lines = []
    for name, title in held.titles.items():
        own, wall, cpu = held.of(name), ratios(held, name, OURS, _wall), ratios(held, name, OURS, _cpu)
        shares = (statistics.median(wall), min(wall), max(wall), statistics.median(cpu))
        lines.append((
            title, f"{_mean(own, _texts):.0f}", seconds(_mean(own, _wall)), seconds(_mean(own, _cpu)),
            *(f"{share:.2f}" for share in shares), seconds(held.start_seconds[name]), f"{held.peak_mb[name]:.0f}",
        ))  # fmt: skip
    return markdown(header, lines)


def ratios(held: Contest, reader: str, other: str, measure: Measure) -> list[float]:
    """Round by round, how many times as long a reader takes for all pages as another one."""

    def spent(name: str, number: int) -> float:
        return sum(measure(answer) for answer in held.of(name) if answer.round == number)

    return [spent(reader, n) / spent(other, n) for n in sorted({answer.round for answer in held.answers})]


def stages_table(held: Contest) -> str:
    """Where our time goes, how much of it is the networks', and what they take alone."""
    ours, bare = held.of(OURS), held.of(BARE)
    whole = _mean(ours, _wall)
    stages = dict.fromkeys(stage for answer in ours for stage in answer.told.get("stages", ()))
    rows = [(stage, _mean(ours, _part("stages", stage)), "") for stage in stages]
    for network in (DETECTION, RECOGNITION):
        runs, inputs = (_mean(ours, _part(count, network)) for count in ("runs", "inputs"))
        name = f"inside {network} ({inputs:.1f} inputs in {runs:.1f} runs)"
        rows.append((name, _mean(ours, _part("networks", network)), seconds(_mean(bare, _part("networks", network)))))
    rows.append(("whole", whole, seconds(_mean(bare, _wall))))
    lines = [(name, seconds(spent), percent(100 * spent / whole), alone) for name, spent, alone in rows]
    px = _mean(ours, lambda answer: float(answer.told.get("text_px", 0)))
    said = f"Whole / its networks alone: {_ratio(held, BARE)}; {px:.0f} px of text a page"
    if held.of(SMALL):
        said += f"\n\nWhole / the small networks alone on all lines: {_ratio(held, SMALL)}"
    return f"{markdown(('s/page', 'ours', '%', 'networks alone'), lines)}\n\n{said}"


def _ratio(held: Contest, other: str) -> str:
    """How many times as long ours takes as another reader: by the clock with the extremes, and in CPU time."""
    wall, cpu = (ratios(held, OURS, other, measure) for measure in (_wall, _cpu))
    return (
        f"{statistics.median(wall):.2f} ({min(wall):.2f} to {max(wall):.2f}), in CPU time {statistics.median(cpu):.2f}"
    )


def faults(held: Contest) -> str:
    """What could not be read, one a line."""
    found = {(a.reader, a.path.name, a.told["fault"]) for a in held.answers if "fault" in a.told}
    return "\n".join(f"- {reader}, {page}: {fault}" for reader, page, fault in sorted(found))


def _wall(answer: Answer) -> float:
    return answer.seconds


def _cpu(answer: Answer) -> float:
    return answer.cpu


def _texts(answer: Answer) -> float:
    return float(answer.told.get("texts", 0))


def _part(group: str, key: str) -> Measure:
    return lambda answer: float(answer.told.get(group, {}).get(key, 0.0))


def _mean(answers: Iterable[Answer], measure: Measure) -> float:
    return statistics.fmean(map(measure, answers))
