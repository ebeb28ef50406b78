"""`zhibiao run`: what it prints, writes and leaves when it is stopped."""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from extract.cli.run import terminable
from extract.errors import ExitCode
from tests.batch.test_run import OTHER, slow_file
from tests.commands import ZHIBIAO, interruptible, wait_until, zhibiao


def test_run_prints_its_table_and_nothing_else(scans: Path, tmp_path: Path) -> None:
    (scans / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    done = zhibiao("run", scans, "-o", tmp_path / "out")
    assert done.returncode == ExitCode.INPUT
    header, *rows = (line for line in done.stdout.splitlines() if line.strip() and "─" not in line)
    assert header.split() == ["file", "form", "status", "fields", "doubts", "seconds"]
    assert rows[0].split()[:2] == ["乙.txt", "project_self_evaluation"]
    assert rows[1].split()[:2] == ["坏.pdf", "failed:"]
    assert rows[2].startswith("2 files: ")
    assert done.stderr.startswith("坏.pdf: ")


def test_run_prints_json(scans: Path, tmp_path: Path) -> None:
    done = zhibiao("run", scans, "-o", tmp_path / "out", "--report", "json")
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))


def test_dry_run_writes_nothing(scans: Path, tmp_path: Path) -> None:
    done = zhibiao("run", scans, "-o", tmp_path / "out", "--dry-run")
    assert (done.returncode, done.stdout) == (ExitCode.OK, "read  乙.txt\n")
    assert not (tmp_path / "out").exists()


def test_dry_run_knows_what_is_done(scans: Path, digitised: Path) -> None:
    shutil.copy(OTHER, scans / "甲.txt")
    assert zhibiao("run", scans, "-o", digitised, "--dry-run").stdout == "skip  乙.txt\nread  甲.txt\n"


def test_missing_input_is_one_entry(scans: Path, tmp_path: Path) -> None:
    done = zhibiao("run", scans / "乙.txt", scans / "无.tif", "-o", tmp_path / "out")
    assert done.returncode == ExitCode.INPUT
    assert "not-found" in done.stdout


def test_output_that_cannot_be_written(scans: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert zhibiao("run", scans, "-o", tmp_path / "file").returncode == ExitCode.USAGE
    assert zhibiao("run", scans, "-o", tmp_path / "file" / "out").returncode == ExitCode.OUTPUT


def test_a_signal_that_is_to_be_ignored_is_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminable():
            signal.raise_signal(signal.SIGHUP)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGHUP, 130), (signal.SIGKILL, -9)],
)
def test_an_interrupt_leaves_whole_records(scans: Path, tmp_path: Path, sent: signal.Signals, code: int) -> None:
    slow_file(scans, "最后.txt")
    shutil.copy(OTHER, scans / "丙.txt")
    out = tmp_path / "out"
    command = [*ZHIBIAO, "run", str(scans), "-o", str(out), "--jobs", "1"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=interruptible
    )
    wait_until(lambda: (out / "records" / "乙.txt.4.json").exists())
    time.sleep(0.5)
    running.send_signal(sent)
    running.communicate(timeout=20)
    assert running.returncode == code
    for path in (out / "records").rglob("*"):
        json.loads(path.read_text(encoding="utf-8"))
    assert (out / "report.json").exists() == (sent is not signal.SIGKILL)
    (scans / "最后.txt").unlink()
    again = zhibiao("run", scans, "-o", out)
    assert again.returncode in {ExitCode.OK, ExitCode.REVIEW}
    assert again.stdout.count("skipped (") == 2
    assert not list((out / ".zhibiao" / "unfinished").iterdir())
