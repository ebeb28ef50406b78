import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from extract.batch.inputs import find_inputs
from extract.batch.run import Plan, open_run
from extract.batch.session import Session
from extract.errors import ExitCode, OutputError, UsageError
from extract.records.outcomes import Entry, Outcome
from extract.settings.layers import parse_assignments
from extract.storage.output_dir import STATE
from tests.paths import ROOT

EXPORTS = ROOT / "fixtures" / "exports"
SMALL = EXPORTS / "004_f0530d8e76d96007.txt"
OTHER = EXPORTS / "002_f974810bc026f243.txt"
REPEATS = 100
"""Copies of an export in one file: enough to keep a worker busy for seconds."""


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "档案 2021"
    (folder / "盒7").mkdir(parents=True)
    shutil.copy(SMALL, folder / "b.txt")
    shutil.copy(OTHER, folder / "盒7" / "表.txt")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def plan(scans: Path, out: Path, *settings: str, jobs: int = 1, force: bool = False) -> Plan:
    return Plan((scans,), out, Session(command=parse_assignments(settings)), jobs, force)


def run(made: Plan) -> dict[str, Entry]:
    return {entry.path: entry for entry in entries(made)}


def entries(made: Plan) -> Iterator[Entry]:
    with open_run(made) as opened:
        yield from opened.entries(iter(find_inputs(made.paths, made.output)))


def slow_file(folder: Path, name: str = "slow.txt", repeats: int = REPEATS) -> Path:
    path = folder / name
    path.write_text(SMALL.read_text(encoding="utf-8") * repeats, encoding="utf-8")
    return path


def records(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted((out / "records").rglob("*.json"))}


def workers() -> list[int]:
    """Processes that this one started to read files."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            continue
        if parent == os.getpid() and b"spawn_main" in command:
            found.append(int(folder.name))
    return found


def test_records_lie_as_the_scans_do(scans: Path, out: Path) -> None:
    found = run(plan(scans, out))
    assert set(found) == {"b.txt", "盒7/表.txt"}
    assert [r.path for r in found["b.txt"].records] == [f"records/b.txt.{n}.json" for n in range(1, 5)]
    assert set(records(out)) == {r.path for entry in found.values() for r in entry.records}
    assert sorted(p.name for p in out.iterdir()) == [STATE, "records", "report.html", "report.json"]
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [entry["path"] for entry in report["files"]] == ["b.txt", "盒7/表.txt"]
    assert report["summary"]["files"] == 2
    assert not workers()


def test_unchanged_work_is_skipped(scans: Path, out: Path) -> None:
    first = run(plan(scans, out))
    before = records(out)
    second = run(plan(scans, out))
    assert {entry.outcome for entry in second.values()} == {Outcome.SKIPPED}
    assert [e.exit_code for e in second.values()] == [first[name].exit_code for name in second]
    assert records(out) == before


def test_what_changes_results_is_read_again(scans: Path, out: Path) -> None:
    run(plan(scans, out))
    assert run(plan(scans, out, "batch.max_seconds=99"))["b.txt"].outcome is Outcome.SKIPPED
    assert run(plan(scans, out, "load.render_dpi=250"))["b.txt"].outcome is not Outcome.SKIPPED
    assert run(plan(scans, out, "load.render_dpi=250", force=True))["b.txt"].outcome is not Outcome.SKIPPED
    shutil.copy(SMALL, scans / "盒7" / "表.txt")
    (scans / "b.txt").write_bytes(OTHER.read_bytes())
    changed = run(plan(scans, out, "load.render_dpi=250"))
    assert len(changed["b.txt"].records) == 7
    assert len(changed["盒7/表.txt"].records) == 4
    assert len(records(out)) == 11


def test_a_missing_record_is_made_again(scans: Path, out: Path) -> None:
    run(plan(scans, out))
    before = records(out)
    (out / "records" / "b.txt.2.json").unlink()
    found = run(plan(scans, out))
    assert [found[name].outcome is Outcome.SKIPPED for name in ("b.txt", "盒7/表.txt")] == [False, True]
    assert records(out) == before


def test_same_content_is_read_once(scans: Path, out: Path) -> None:
    shutil.copy(scans / "b.txt", scans / "c.txt")
    for _ in range(2):
        entry = run(plan(scans, out))["c.txt"]
        assert (entry.outcome, entry.code, entry.same_as) == (Outcome.SKIPPED, "duplicate", "b.txt")
    assert "records/c.txt.1.json" not in records(out)


def test_a_bad_file_costs_one_entry(scans: Path, out: Path) -> None:
    run(plan(scans, out))
    (scans / "b.txt").write_bytes(b"")
    (scans / "a.pdf").write_bytes(b"%PDF-1.7 and no more")
    found = run(plan(scans, out))
    assert (found["b.txt"].outcome, found["b.txt"].code) == (Outcome.FAILED, "empty")
    assert found["a.pdf"].outcome is Outcome.FAILED
    assert found["盒7/表.txt"].outcome is Outcome.SKIPPED
    assert not [path for path in records(out) if path.startswith("records/b.txt")]


def test_a_name_that_the_disk_does_not_take_costs_one_entry(scans: Path, out: Path) -> None:
    """A folder that is called as another scan's record is."""
    run(plan(scans, out))
    before = records(out)
    (scans / "b.txt.1.json").mkdir()
    (scans / "b.txt.1.json" / "c.txt").write_text(SMALL.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found = run(plan(scans, out))
    assert {name: entry.code for name, entry in found.items()} == {
        "b.txt": "unchanged",
        "b.txt.1.json/c.txt": "bad-name",
        "盒7/表.txt": "unchanged",
    }
    assert records(out) == before


def test_same_bytes_with_any_number_of_workers(scans: Path, out: Path, tmp_path: Path) -> None:
    run(plan(scans, out))
    run(plan(scans, tmp_path / "two", jobs=2))
    assert records(out) == records(tmp_path / "two")


def test_the_output_folder_is_no_input(scans: Path) -> None:
    out = scans / "out"
    run(plan(scans, out))
    (out / "report.json").unlink()
    assert set(run(plan(scans, out))) == {"b.txt", "盒7/表.txt"}


def test_several_paths_are_named_below_their_common_folder(scans: Path, out: Path) -> None:
    found = find_inputs((scans / "b.txt", scans / "盒7"), out)
    assert sorted(source.name for source in found) == ["b.txt", "盒7/表.txt"]


def test_names_that_are_not_unicode(scans: Path, out: Path) -> None:
    raw = os.fsencode(scans) + b"/" + "表格.txt".encode("gbk")
    Path(os.fsdecode(raw)).write_bytes(SMALL.read_bytes() + b"\n")
    found = run(plan(scans, out))
    (name,) = set(found) - {"b.txt", "盒7/表.txt"}
    assert name == r"\xb1\xed\xb8\xf1.txt"
    assert len(found[name].records) == 4


def test_no_files_is_a_usage_error(tmp_path: Path, out: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        find_inputs((tmp_path / "empty",), out)


def test_two_runs_do_not_share_a_folder(scans: Path, out: Path) -> None:
    with open_run(plan(scans, out)), pytest.raises(OutputError, match="another run"):
        run(plan(scans, out))


def test_bad_settings_write_nothing(scans: Path, out: Path) -> None:
    with pytest.raises(UsageError), open_run(plan(scans, out, "load.nonsense=1")):
        pass
    assert not out.exists()


def test_time_limit(scans: Path, out: Path) -> None:
    slow_file(scans, repeats=2 * REPEATS)
    found = run(plan(scans, out, "batch.max_seconds=12"))
    assert (found["slow.txt"].code, found["slow.txt"].exit_code) == ("timeout", ExitCode.INPUT)
    assert len(found["b.txt"].records) == 4
    assert len(found["盒7/表.txt"].records) == 7


def test_workers_are_replaced_after_their_share(scans: Path, out: Path) -> None:
    found = run(plan(scans, out, "batch.max_worker_files=1"))
    assert all(entry.records for entry in found.values())


def kill_while_busy(stream: Iterator[Entry], times: int) -> list[Entry]:
    """Go through a run, killing its worker `times` times, each while it reads the slow file."""
    killer = os.fork()
    if killer == 0:
        try:
            _kill_busy_children(os.getppid(), times)
        finally:
            os._exit(0)  # whatever happened: this is a copy of the test run, which must not go on
    try:
        return list(stream)
    finally:
        os.waitpid(killer, 0)


def _kill_busy_children(parent: int, times: int) -> None:
    killed: set[int] = set()
    deadline = time.monotonic() + 120
    while len(killed) < times and os.getppid() == parent and time.monotonic() < deadline:
        for pid in children_of(parent) - killed - {os.getpid()}:
            if busy(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        time.sleep(0.02)


def children_of(parent: int) -> set[int]:
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.add(int(folder.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def busy(pid: int) -> bool:
    """Whether a worker reads the slow file: it has worked for longer than it takes to start."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    seconds = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return b"spawn_main" in command and seconds > 2.0


def test_a_worker_that_dies_costs_a_retry(scans: Path, out: Path) -> None:
    shutil.rmtree(scans / "盒7")
    (scans / "b.txt").unlink()
    slow_file(scans)
    (entry,) = kill_while_busy(entries(plan(scans, out)), times=1)
    assert len(entry.records) == 4 * REPEATS


def test_a_worker_that_dies_twice_costs_the_file(scans: Path, out: Path) -> None:
    slow_file(scans, "a.txt")
    found = {entry.path: entry for entry in kill_while_busy(entries(plan(scans, out)), times=2)}
    assert found["a.txt"].code == "worker-died"
    assert len(found["b.txt"].records) == 4
    assert len(found["盒7/表.txt"].records) == 7


def test_memory_limit(tmp_path: Path, out: Path) -> None:
    """A page that needs more memory than a worker may have costs one entry, and the next file is read."""
    folder = tmp_path / "scans"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), np.full((9000, 10000, 3), 255, np.uint8))
    shutil.copy(SMALL, folder / "b.txt")
    found = run(plan(folder, out, "batch.max_worker_megabytes=400"))
    assert found["a.png"].code in {"too-large", "worker-died"}
    assert len(found["b.txt"].records) == 4
