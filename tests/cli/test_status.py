"""What a run leaves behind for people and machines: `status`, `report.html`, the log."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from bench import faults
from extract.errors import ExitCode
from extract.records.outcomes import Entry, Outcome
from extract.storage.ledger import Ledger
from extract.storage.ledger_rows import LedgerRow
from extract.storage.output_dir import STATE
from tests.batch.test_run import OTHER, SMALL
from tests.browser import ask
from tests.commands import ZHIBIAO, zhibiao


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two exports, one of them with contradictions, and a broken scan, digitised into out/ with a log."""
    folder = tmp_path_factory.mktemp("status")
    (folder / "in").mkdir()
    shutil.copy(SMALL, folder / "in" / "好.txt")
    shutil.copy(OTHER, folder / "in" / "看.txt")
    (folder / "in" / "坏<b>.pdf").write_bytes(b"")
    zhibiao("run", folder / "in", "-o", folder / "out", "--log", folder / "log.jsonl")
    return folder


def status(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return zhibiao("status", folder / "out", *options)


def test_status_lists_what_needs_a_person(folder: Path) -> None:
    done = status(folder)
    assert done.returncode == ExitCode.INPUT
    assert "failed  坏<b>.pdf\n        empty: " in done.stdout
    assert "review  看.txt\n" in done.stdout
    assert "        warning source-contradiction /" in done.stdout
    assert "好.txt" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("3 files: 1 ok, 1 review, 1 failed")


def test_status_lists_one_kind_only(folder: Path) -> None:
    assert "review" not in status(folder, "--failed").stdout.rpartition("3 files")[0]
    assert "failed" not in status(folder, "--review").stdout.rpartition("3 files")[0]


def test_status_as_json(folder: Path) -> None:
    files = json.loads(status(folder, "--report", "json").stdout)["files"]
    assert {file["path"]: bool(file["issues"]) for file in files} == {"坏<b>.pdf": False, "看.txt": True}


@pytest.mark.skipif(not faults.can_mount(), reason="no disk can be mounted here")
@pytest.mark.parametrize("killed", [False, True])
def test_status_of_a_share_that_cannot_be_written(folder: Path, tmp_path: Path, killed: bool) -> None:
    """Also when the run was killed, and what it did last stands beside the ledger."""
    out = tmp_path / "out"
    shutil.copytree(folder / "out", out, ignore=shutil.ignore_patterns("*-wal"))
    if killed:
        ledger = Ledger(out / STATE / "ledger.sqlite")
        ledger.add(LedgerRow("sha", "", Path("/a"), None, Entry("a.tif", Outcome.OK)))
        shutil.copytree(out, tmp_path / "share")
        ledger.close()
        out = tmp_path / "share"
    (out / STATE / "ledger.sqlite-shm").unlink(missing_ok=True)
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    space = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(out)]
    done = subprocess.run([*space, *ZHIBIAO, "status", str(out)], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1].startswith("4 files: 2 ok" if killed else "3 files: 1 ok"), done.stderr


def test_status_of_any_folder(folder: Path) -> None:
    assert zhibiao("status", folder / "in").returncode == ExitCode.USAGE


def test_the_log_has_every_file(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["start", "file", "file", "file", "end"]
    assert {line["path"] for line in lines[1:-1]} == {"坏<b>.pdf", "好.txt", "看.txt"}
    assert lines[-1]["exit_code"] == ExitCode.INPUT
    assert all("time" in line for line in lines)


def test_the_page_speaks_of_the_same_files_and_leads_to_them(folder: Path, tmp_path: Path) -> None:
    script = """return [...page.querySelectorAll("article, li")].map(item => [item.dataset.state,
        item.querySelector("bdi").textContent, ...[...item.querySelectorAll("a")].map(link => link.href)]);"""
    found = ask(folder / "out" / "report.html", tmp_path, script)
    named = [(state, name) for state, name, *_ in found]
    assert named == [("failed", "坏<b>.pdf"), ("review", "看.txt"), ("ok", "好.txt")]
    assert [len(links) > 1 for _, _, *links in found] == [False, True, True]
    assert all(Path(unquote(urlsplit(link).path)).is_file() for _, _, *links in found for link in links)


def test_a_log_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    done = zhibiao("run", folder / "in", "-o", tmp_path / "out", "--log", tmp_path / "none" / "log")
    assert done.returncode == ExitCode.OUTPUT
    assert not (tmp_path / "out").exists()
