"""A batch on a Ray cluster whose nodes come and go: the same bytes, each file once."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import faults
from bench.nodes import Node, Nodes, cluster
from bench.text import markdown

COPIES = 40
"""Of each text export; with the scan, the batch has three times as many files and one."""

RUN_S = 600.0


@dataclass
class Watched:
    """A run on the cluster while it goes on."""

    run: subprocess.Popen[bytes]
    log: Path
    nodes: dict[str, Node] = field(default_factory=dict)

    def done(self) -> list[str]:
        """The files that have come to an end, in that order."""
        if not self.log.exists():
            return []
        lines = (line for line in self.log.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n"))
        return [entry["path"] for entry in map(json.loads, lines) if entry["event"] == "file"]

    def wait(self, reached: Callable[[], bool]) -> bool:
        """Whether something came to pass before the run ended."""
        while self.run.poll() is None:
            if reached():
                return True
            time.sleep(0.05)
        return False


def report() -> str:
    """The outcome of each disturbance, as Markdown."""
    with tempfile.TemporaryDirectory() as name, cluster() as nodes:
        folder = Path(name)
        inputs = faults.make_inputs(folder / "in", COPIES, (faults.SCAN,))
        start = time.monotonic()
        whole = faults.finish(inputs, folder / "local")
        rows = [("two processes of this machine", len(list(inputs.iterdir())), time.monotonic() - start, "", "")]
        rows += _on_nodes(nodes, inputs, folder, whole)
    cells = [(what, files, f"{spent:.0f}", held, once) for what, files, spent, held, once in rows]
    return markdown(("read on", "files", "seconds", "records", "each file"), cells)


def _on_nodes(
    nodes: Nodes, inputs: Path, folder: Path, whole: faults.Records
) -> Iterator[tuple[str, int, float, str, str]]:
    files = {path.name for path in inputs.iterdir()}
    for what, disturb in (("two nodes", None), ("two nodes, one lost, another joins", _lose_and_add)):
        first, second = nodes.add(), nodes.add()
        out, log = folder / what, folder / f"{what}.log"
        options = ("--engine", "ray", "--address", nodes.address, "--log", str(log))
        command = [sys.executable, "-m", "extract", "run", str(inputs), "-o", str(out), *options]
        start = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            watched = Watched(run, log, {"stays": first, "goes": second})
            if disturb is not None:
                disturb(nodes, watched, len(files))
            run.wait(RUN_S)
        spent = time.monotonic() - start
        for node in watched.nodes.values():
            nodes.lose(node)
        held = "same bytes" if faults.records(out) == whole else "DIFFERENT"
        once = "once" if Counter(watched.done()) == dict.fromkeys(files, 1) else "NOT ONCE"
        yield what, len(files), spent, held, once


def _lose_and_add(nodes: Nodes, watched: Watched, files: int) -> None:
    """Lose a node that is reading when a third is done; when another reads in its place, the run is left alone.

    Raises AssertionError when the run ends before that.
    """
    assert watched.wait(lambda: len(watched.done()) > files // 3)
    watched.nodes["goes"].wait_for_reading()
    nodes.lose(watched.nodes.pop("goes"))
    comes = watched.nodes["comes"] = nodes.add()
    assert watched.wait(lambda: comes.reading() is not None), "nothing was read on the node that joined"
