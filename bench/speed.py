"""Seconds a page: the whole product, its bare networks, and other readers, on the same pages in the same run."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from bench import contest
from bench.contest import BARE, OURS, Answer, Contest
from bench.sets import Case
from bench.text import markdown, percent, seconds

IMAGES = {".jpg", ".png"}
"""What every reader opens."""

TITLES = {
    OURS: "Zhibiao {zhibiao}: file to checked record",
    BARE: "its networks alone",
    "paddleocr": "PaddleOCR {paddleocr} pipeline: lines",
    "faster-paddle": "faster-paddle {faster-paddle}: lines",
    "rapidocr": "rapidocr {rapidocr}: lines",
    "img2table": "img2table {img2table} + rapidocr: tables",
}
PACKAGES = {"paddleocr": "paddleocr", "faster-paddle": "faster-paddle", "rapidocr": "rapidocr", "img2table": "img2table"}


def sample(cases: Sequence[Case], count: int) -> tuple[Path, ...]:
    """Single-page images of all kinds in turn, `count` of them."""
    single = [case for case in cases if case.pages == 1 and case.path.suffix in IMAGES]
    place = {case.name: sum(c.kind == case.kind for c in single[:n]) for n, case in enumerate(single)}
    return tuple(case.path for case in sorted(single, key=lambda c: (place[c.name], c.name))[:count])


def report(pages: Sequence[Path], threads: Sequence[int], rounds: int, folder: Path) -> str:
    """The tables, as Markdown."""
    parts = [machine(), f"{len(pages)} pages, {rounds} rounds: " + ", ".join(page.name for page in pages)]
    for count in threads:
        held = contest.hold(contest.available(), pages, count, rounds, folder / str(count))
        parts += [f"{count} thread(s):", readers_table(held), stages_table(held), faults(held)]
    return "\n\n".join(part for part in parts if part)


def machine() -> str:
    """Processor, cores and what runs the networks."""
    model = platform.processor()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, onnxruntime {version('onnxruntime')}, load before the run {load:.1f}"


def readers_table(held: Contest) -> str:
    """One line per reader: seconds a page and how many times ours that is."""
    head = ("reader", "s/page", "CPU s/page", "x ours", "least", "most", "x ours, CPU", "start s", "peak MiB")
    lines = []
    for name in held.readers:
        wall, cpu = (ratios(held, name, OURS, of) for of in (_wall, _cpu))
        lines.append((
            name,
            seconds(_mean(held.of(name), _wall)), seconds(_mean(held.of(name), _cpu)),
            *(f"{value:.2f}" for value in (statistics.median(wall), min(wall), max(wall), statistics.median(cpu))),
            seconds(held.start_seconds[name]), f"{held.peak_mb[name]:.0f}",
        ))  # fmt: skip
    return markdown(head, lines)


def ratios(held: Contest, reader: str, other: str, of: Callable[[Answer], float]) -> list[float]:
    """Round by round, how many times as long one reader takes for all pages as another one."""
    rounds = sorted({answer.round for answer in held.answers})
    spent = {
        (name, number): sum(of(a) for a in held.of(name) if a.round == number)
        for name in (reader, other)
        for number in rounds
    }
    return [spent[reader, number] / spent[other, number] for number in rounds]


def stages_table(held: Contest) -> str:
    """Where our time goes, and how much of it is the networks'."""
    ours, bare = held.of(OURS), held.of(BARE)
    stages = list(dict.fromkeys(stage for answer in ours for stage in answer.told.get("stages", {})))
    whole = _mean(ours, _wall)
    rows: list[tuple[object, ...]] = [
        (stage, seconds(_mean(ours, _part("stages", stage))), "", percent(100 * _mean(ours, _part("stages", stage)) / whole))
        for stage in stages
    ]
    for kind in ("detection", "recognition"):
        inside = _mean(ours, _part("networks", kind))
        runs, inputs = _mean(ours, _part("runs", kind)), _mean(ours, _part("inputs", kind))
        rows.append((f"in {kind}: {runs:.1f} runs, {inputs:.1f} inputs", seconds(inside), seconds(_mean(bare, _part("networks", kind))), percent(100 * inside / whole)))
    rows.append(("whole", seconds(whole), seconds(_mean(bare, _wall)), "100"))
    wall, cpu = (ratios(held, OURS, BARE, of) for of in (_wall, _cpu))
    said = f"whole / bare networks: {statistics.median(wall):.2f} ({min(wall):.2f} to {max(wall):.2f}), CPU {statistics.median(cpu):.2f}"
    return f"{markdown(('s/page', 'ours', 'bare', '% of ours'), rows)}\n\n{said}"


def faults(held: Contest) -> str:
    """What could not be read, one line each."""
    lines = {f"- {a.reader}: {a.path.name}: {a.told['fault']}" for a in held.answers if "fault" in a.told}
    return "\n".join(sorted(lines))


def _wall(answer: Answer) -> float:
    return answer.seconds


def _cpu(answer: Answer) -> float:
    return answer.cpu


def _part(group: str, key: str) -> Callable[[Answer], float]:
    return lambda answer: float(answer.told.get(group, {}).get(key, 0.0))


def _mean(answers: Iterable[Answer], of: Callable[[Answer], float]) -> float:
    return statistics.fmean(map(of, answers))
