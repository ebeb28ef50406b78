"""What a run leaves behind when it is killed, starved of disk or fed with files that change or hang.

The rule in all cases: no file that is half written at any moment, and after one undisturbed run to the end the same
bytes as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.text import markdown

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPORTS = sorted((FIXTURES / "exports").glob("*.txt"))
SCAN = FIXTURES / "scans" / "fax" / "fax-01.tif"
KILLS = 100
CANNOT_WRITE = 6
RUN_S = 300.0
"""Longest that a small run may take, hung or not."""

Records = dict[str, bytes]


@dataclass
class Toll:
    """Kills and runs of one disturbed output folder."""

    parents: int = 0
    workers: int = 0
    runs: int = 0

    @property
    def kills(self) -> int:
        """Processes that were killed."""
        return self.parents + self.workers


def report(kills: int = KILLS) -> str:
    """The outcome of every fault, as Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = make_inputs(folder / "in", copies=3, scans=(SCAN,))
        whole = finish(inputs, folder / "whole")
        toll = kill_often(inputs, folder / "killed", whole, kills, random.Random(1))
        after = finish(inputs, folder / "killed")
        rows = [(f"kill -9, {toll.parents} of the parent, {toll.workers} of workers, {toll.runs} runs", after == whole)]
        if can_mount():
            rows.append(("disk full, then not", starved(inputs, folder / "full", whole)))
        cut_short(inputs, folder / "cut", inputs / SCAN.name)
        rows.append(("scan cut short while it is read, then put back", finish(inputs, folder / "cut") == whole))
        (inputs / "endless.pdf").write_bytes(endless_pdf())
        limited = finish(inputs, folder / "endless", "--set", "batch.max_seconds=60")
        rows.append(("a page that takes years to render", limited == whole))
    cells = [(fault, "same bytes" if held else "DIFFERENT") for fault, held in rows]
    return markdown(("fault", "after an undisturbed run"), cells)


def make_inputs(folder: Path, copies: int, scans: Sequence[Path] = ()) -> Path:
    """A folder of text exports, each so often with other white space behind it, and of scans."""
    folder.mkdir(parents=True)
    for number in range(copies):
        for export in EXPORTS:
            text = export.read_text(encoding="utf-8") + "\n" * number
            (folder / f"{export.stem}-{number}.txt").write_text(text, encoding="utf-8")
    for scan in scans:
        shutil.copy(scan, folder)
    return folder


def command(inputs: Path, out: Path, *options: str) -> list[str]:
    """The run that is disturbed: two workers, so that one can die beside another."""
    return [sys.executable, "-m", "extract", "run", str(inputs), "-o", str(out), "--jobs", "2", *options]


def finish(inputs: Path, out: Path, *options: str) -> Records:
    """The records after a run to the end. Raises AssertionError when it leaves anything unfinished."""
    done = subprocess.run(command(inputs, out, *options), capture_output=True, text=True, timeout=RUN_S)
    assert done.returncode in (0, 1, 3), done.stderr[-3000:]
    assert not list((out / ".zhibiao" / "unfinished").iterdir())
    json.loads((out / "report.json").read_text(encoding="utf-8"))
    return records(out)


def records(out: Path) -> Records:
    """Every file below records/, by path."""
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in (out / "records").rglob("*") if p.is_file()}


def kill_often(inputs: Path, out: Path, whole: Records, kills: int, chance: random.Random) -> Toll:
    """Run again and again, killing the parent or a worker at random moments; every record seen must be whole.

    Raises AssertionError for one that is not. A folder that came to its end is begun anew.
    """
    toll = Toll()
    while toll.kills < kills:
        toll.runs += 1
        with subprocess.Popen(command(inputs, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while toll.kills < kills and _wait(run, chance.uniform(0.1, 4.0)):
                _kill_one(run, toll, chance)
            if toll.kills >= kills:
                run.kill()
        found = records(out)
        assert found == {path: whole[path] for path in found}
        if run.returncode in (0, 1, 3):
            shutil.rmtree(out)
    return toll


def _wait(run: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process still runs after so long."""
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _kill_one(run: subprocess.Popen[bytes], toll: Toll, chance: random.Random) -> None:
    """Kill the parent, or (twice as often) one of its workers where there are any."""
    workers = workers_of(run.pid)
    if chance.random() < 1 / 3:
        run.kill()
        run.wait()
        toll.parents += 1
        return
    if not workers:
        return
    try:
        os.kill(chance.choice(workers), signal.SIGKILL)
        toll.workers += 1
    except ProcessLookupError:
        return


def workers_of(parent: int) -> list[int]:
    """The reading processes of a run."""
    found = []
    for listing in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in listing.read_text(encoding="ascii").split():
            try:
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
            except OSError:
                continue
    return found


def can_mount() -> bool:
    """Whether a small disk of one's own can be mounted here."""
    return shutil.which("unshare") is not None and _on_disk(["true"], Path(tempfile.gettempdir()), "size=8k") == 0


def starved(inputs: Path, out: Path, whole: Records) -> bool:
    """Whether a run that fills its disk says so, leaves whole records only, and goes on when there is room.

    The disk is a tmpfs in a mount namespace of its own; what is on it is carried to another folder before it is gone.
    """
    carried = out.with_suffix(".carried")
    script = f'"$@"; code=$?; cp -r "{out}" "{carried}"; exit $code'
    out.mkdir()
    code = _on_disk(["sh", "-c", script, "sh", *command(inputs, out)], out, "size=300k")
    assert code == CANNOT_WRITE, f"exit code {code} on a full disk"
    found = records(carried)
    assert found == {path: whole[path] for path in found}
    return finish(inputs, carried) == whole


def read_only(inputs: Path, out: Path) -> int:
    """The exit code of a run whose output folder cannot be written."""
    out.mkdir()
    return _on_disk(command(inputs, out), out, "ro")


def _on_disk(arguments: Sequence[str], mountpoint: Path, options: str) -> int:
    """The exit code of a command for which a folder is a disk of its own."""
    mount = f'mount -t tmpfs -o {options} none "{mountpoint}" && exec "$@"'
    space = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    return subprocess.run([*space, *arguments], capture_output=True, timeout=RUN_S, check=False).returncode


def cut_short(inputs: Path, out: Path, victim: Path) -> str | None:
    """The error code of a file that is cut to half its length while it is read; it is put back afterwards."""
    content = victim.read_bytes()
    with subprocess.Popen(command(inputs, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while not any(_reads(pid, victim) for pid in workers_of(run.pid)) and run.poll() is None:
            time.sleep(0.01)
        os.truncate(victim, len(content) // 2)
        run.wait(RUN_S)
    victim.write_bytes(content)
    return code_of(out, victim.name)


def _reads(pid: int, file: Path) -> bool:
    """Whether a process has a file open."""
    try:
        return any(link.readlink() == file for link in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def code_of(out: Path, name: str) -> str | None:
    """What the report says is wrong with a file."""
    files = json.loads((out / "report.json").read_text(encoding="utf-8"))["files"]
    return next((file["code"] for file in files if file["path"] == name), None)


def endless_pdf() -> bytes:
    """A page that paints a form ten times, which paints a form ten times, nine levels deep: years of rendering."""
    levels, width = 9, 10
    box = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /XObject << /F 5 0 R >> >> >>",
        _stream("", "/F Do"),
        *(
            _stream(f"{box} /Resources << /XObject << /F {6 + level} 0 R >> >>", "/F Do " * width)
            for level in range(levels)
        ),
        _stream(box, "0 0 500 700 re f"),
    ]
    objects = "".join(f"{number} 0 obj\n{body}\nendobj\n" for number, body in enumerate(bodies, 1))
    return f"%PDF-1.4\n{objects}trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\n%%EOF\n".encode("ascii")


def _stream(entries: str, content: str) -> str:
    return f"<< {entries} /Length {len(content)} >>\nstream\n{content}\nendstream"
