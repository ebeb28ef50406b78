"""An output folder that is not as it was written."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from extract.errors import ExitCode
from extract.storage.backends import exists
from tests.batch.test_run import out, plan, run, scans
from tests.commands import zhibiao

__all__ = ["out", "scans"]


def damage(out: Path, scans: Path) -> dict[str, str]:
    """Do one of everything; returns the faults by path."""
    records = out / "records"
    (records / "b.txt.1.json").unlink()
    (records / "b.txt.2.json").write_bytes(b"")
    edited = records / "b.txt.3.json"
    edited.write_text(edited.read_text(encoding="utf-8").replace('"status": "review"', '"status": "accepted"'))
    edited.write_bytes(edited.read_bytes() + b" ")
    shutil.copy(records / "b.txt.4.json", records / "stray.txt.1.json")
    (scans / "盒7" / "表.txt").unlink()
    return {
        "records/b.txt.1.json": "missing",
        "records/b.txt.2.json": "altered",
        "records/b.txt.3.json": "altered",
        "records/stray.txt.1.json": "orphaned",
        str(scans / "盒7" / "表.txt"): "gone",
    }


def test_every_fault_is_found(scans: Path, out: Path) -> None:
    run(plan(scans, out))
    sound = zhibiao("verify", str(out))
    assert (sound.returncode, sound.stdout) == (ExitCode.OK, "11 records: all as they were written\n")
    done = damage(out, scans)
    before = {path: path.read_bytes() for path in out.rglob("*.json")}
    found = zhibiao("verify", str(out), "--report", "json")
    assert found.returncode == ExitCode.INPUT
    told = json.loads(found.stdout)
    assert {finding["path"]: finding["fault"] for finding in told["findings"]} == done
    assert told["summary"]["altered"] == 2
    assert {path: path.read_bytes() for path in out.rglob("*.json")} == before
    lines = zhibiao("verify", str(out)).stdout.splitlines()
    assert lines[-1] == "11 records: 1 missing, 2 altered, 1 orphaned, 1 gone"


def test_a_scan_that_is_gone_is_no_damage(scans: Path, out: Path) -> None:
    run(plan(scans, out))
    (scans / "b.txt").unlink()
    assert zhibiao("verify", str(out)).returncode == ExitCode.REVIEW
    run(plan(scans, out))
    assert "gone    b.txt\n" in zhibiao("status", str(out)).stdout


@pytest.mark.parametrize("harm", [lambda page: b"\xff" * len(page), lambda page: page[:-100] + b"\0" * 100])
def test_a_damaged_ledger_is_said_and_mended_by_the_next_run(
    harm: Callable[[bytes], bytes], scans: Path, out: Path
) -> None:
    run(plan(scans, out))
    ledger = out / ".zhibiao" / "ledger.sqlite"
    content = ledger.read_bytes()
    begin = content.index(b'"path": "b.txt"') // 4096 * 4096
    ledger.write_bytes(content[:begin] + harm(content[begin : begin + 4096]) + content[begin + 4096 :])
    said = zhibiao("verify", str(out))
    assert said.returncode == ExitCode.INPUT
    assert "ledger" in said.stdout
    assert "Traceback" not in said.stderr
    run(plan(scans, out))
    assert zhibiao("verify", str(out)).returncode == ExitCode.OK


def test_where_nothing_was_run(tmp_path: Path) -> None:
    assert zhibiao("verify", str(tmp_path)).returncode == ExitCode.USAGE


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "1.txt").touch()
    assert exists(tmp_path / "1.txt")
    assert not exists(tmp_path)
    assert not exists(tmp_path / "2.txt")
