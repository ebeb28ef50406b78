"""Inputs and outputs behind URLs, against a server that speaks S3."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from bench.faults import SCAN
from extract.batch.inputs import find_inputs
from extract.batch.run import Plan, open_run
from extract.batch.session import Session
from extract.errors import ExitCode, OutputError, StorageError
from extract.records.outcomes import Entry, Outcome
from extract.storage.ledger import Ledger, viewed
from extract.storage.ledger_rows import LedgerRow
from extract.storage.ledger_sync import INTERVAL_SECONDS, Checkpoint
from extract.storage.location import place
from extract.storage.output_dir import LEDGER, OutputDir, lines_path
from extract.storage.output_lock import locked
from tests import s3 as server
from tests.batch.test_run import OTHER, SMALL
from tests.batch.test_run import records as local_records
from tests.commands import zhibiao


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "盒 7#?").mkdir(parents=True)
    shutil.copy(SMALL, folder / "b.txt")
    shutil.copy(SMALL, folder / "copy.txt")
    shutil.copy(OTHER, folder / "盒 7#?" / "表 %41.txt")
    (folder / "空.pdf").write_bytes(b"")
    return folder


def plan(source: object, out: object, *, force: bool = False) -> Plan:
    return Plan((place(str(source)),), place(str(out)), Session(), 1, force)


def run(made: Plan) -> dict[str, Entry]:
    with open_run(made) as opened:
        return {entry.path: entry for entry in opened.entries(iter(find_inputs(made.paths, made.output)))}


def outcomes(found: dict[str, Entry]) -> dict[str, Outcome]:
    return {name: entry.outcome for name, entry in found.items()}


def records(url: str) -> dict[str, bytes]:
    return {path: content for path, content in server.get_folder(url).items() if path.startswith("records/")}


def test_the_same_bytes_wherever_they_come_from_and_go(scans: Path, s3: str, tmp_path: Path) -> None:
    shutil.copy(SCAN, scans)
    server.put_folder(scans, f"{s3}/in")
    run(plan(scans, tmp_path / "out"))
    wanted = local_records(tmp_path / "out")
    found = run(plan(f"{s3}/in", f"{s3}/out"))
    assert records(f"{s3}/out") == wanted
    assert found[SCAN.name].seconds["fetch"] > 0
    there = server.get_folder(f"{s3}/out")
    assert b"data:image/jpeg" in there["report.html"]
    assert there[lines_path(SCAN.name)] == (tmp_path / "out" / lines_path(SCAN.name)).read_bytes()
    names = [entry["path"] for entry in json.loads(there["report.json"])["files"]]
    assert names == sorted(found)


def test_file_urls_are_paths(scans: Path, tmp_path: Path) -> None:
    run(plan(scans, tmp_path / "out"))
    run(plan(scans.as_uri(), (tmp_path / "there").as_uri()))
    assert local_records(tmp_path / "out") == local_records(tmp_path / "there")


def test_what_is_unchanged_is_not_even_fetched(scans: Path, s3: str) -> None:
    server.put_folder(scans, f"{s3}/in")
    first = run(plan(f"{s3}/in", f"{s3}/out"))
    assert outcomes(first)["copy.txt"] is Outcome.SKIPPED
    before = records(f"{s3}/out")
    server.put(f"{s3}/in/b.txt", SMALL.read_bytes()[:-1] + b" ")
    second = run(plan(f"{s3}/in", f"{s3}/out"))
    assert outcomes(second) == {
        "b.txt": Outcome.OK,
        "copy.txt": Outcome.OK,
        "盒 7#?/表 %41.txt": Outcome.SKIPPED,
        "空.pdf": Outcome.FAILED,
    }
    assert set(before) < set(records(f"{s3}/out"))


def test_records_no_longer_given_are_removed(s3: str) -> None:
    server.put(f"{s3}/in/a.txt", OTHER.read_bytes())
    run(plan(f"{s3}/in", f"{s3}/out"))
    assert len(records(f"{s3}/out")) == 7
    server.put(f"{s3}/in/a.txt", SMALL.read_bytes())
    run(plan(f"{s3}/in/a.txt", f"{s3}/out"))
    assert len(records(f"{s3}/out")) == 4
    server.remove(f"{s3}/out/records/a.txt.2.json")
    run(plan(f"{s3}/in", f"{s3}/out"))
    assert len(records(f"{s3}/out")) == 4


def test_an_object_that_is_gone_costs_one_entry(scans: Path, s3: str, tmp_path: Path) -> None:
    server.put_folder(scans, f"{s3}/in")
    made = plan(f"{s3}/in", tmp_path / "out")
    sources = find_inputs(made.paths, made.output)
    server.remove(f"{s3}/in/b.txt")
    server.put(f"{s3}/in/copy.txt", b"rewritten")
    with open_run(made) as opened:
        found = {entry.path: entry for entry in opened.entries(iter(sources))}
    assert (found["b.txt"].code, found["copy.txt"].code) == ("not-found", "changed")
    assert len(local_records(tmp_path / "out")) == len(found["盒 7#?/表 %41.txt"].records) == 7


def test_the_rules_for_folders_hold_for_urls(s3: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    names = ("b.tif", "a/2.tif", "a/10.tif", ".hidden", "a/.git/x", "Thumbs.db", "a/~$x.docx", "old/report.json")
    for name in (*names, "old/records/x.json", "old/more.tif", "records/kept.tif"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    server.put_folder(folder, f"{s3}/in")
    here = [one.name for one in find_inputs((folder,), tmp_path / "out")]
    assert here == ["a/10.tif", "a/2.tif", "b.tif", "records/kept.tif"]
    assert [one.name for one in find_inputs((place(f"{s3}/in"),), place(f"{s3}/in/records"))] == here[:3]
    assert [one.name for one in find_inputs((place(f"{s3}/in"),), place(f"{s3}/out"))] == here


def test_names_of_several_places_tell_them_apart(scans: Path, s3: str) -> None:
    server.put_folder(scans, f"{s3}/in")
    out = place(f"{s3}/out")
    below = [one.name for one in find_inputs((place(f"{s3}/in/b.txt"), place(f"{s3}/in/盒 7#?")), out)]
    assert below == ["b.txt", "盒 7#?/表 %41.txt"]
    mixed = find_inputs((place(f"{s3}/in/b.txt"), scans / "b.txt"), out)
    assert [one.name for one in mixed] == [f"s3/{s3[5:]}/in/b.txt", f"file{scans}/b.txt"]


def test_a_run_goes_on_from_another_machine(scans: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run(plan(scans, f"{s3}/out"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(scans.parent / "other"))
    assert outcomes(run(plan(scans, f"{s3}/out")))["b.txt"] is Outcome.SKIPPED
    (scans / "b.txt").write_bytes(OTHER.read_bytes() + b"\n")
    assert len(run(plan(scans, f"{s3}/out"))["b.txt"].records) == 7
    shutil.copy(SMALL, scans / "b.txt")
    monkeypatch.setenv("XDG_CACHE_HOME", str(scans.parent / "cache"))
    found = run(plan(scans, f"{s3}/out"))["b.txt"]
    assert found.same_as == "copy.txt", "the first machine's own ledger is out of date"
    server.remove(f"{s3}/out/.zhibiao/ledger.sqlite")
    assert outcomes(run(plan(scans, f"{s3}/out")))["b.txt"] is not Outcome.SKIPPED


def test_the_ledger_is_copied_once_a_minute(s3: str, tmp_path: Path) -> None:
    store, now = OutputDir(place(f"{s3}/out")), [0.0]

    def copied() -> int:
        (tmp_path / "copy").write_bytes(server.get_folder(f"{s3}/out")[LEDGER])
        with viewed(tmp_path / "copy") as view:
            return len(list(view.entries()))

    with locked(store) as claim:
        store.prepare()
        with closing(Ledger(store.ledger)) as ledger:
            checkpoint = Checkpoint(store, ledger, claim, lambda: now[0])
            for seconds, files in ((0, 1), (INTERVAL_SECONDS - 1, 1), (INTERVAL_SECONDS, 3)):
                now[0] = seconds
                ledger.add(LedgerRow("sha", "", Path("/a"), None, Entry(f"{seconds}.tif", Outcome.OK)))
                checkpoint.save_if_due()
                assert copied() == files


def test_two_runs_do_not_share_a_url(scans: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_run(plan(scans, f"{s3}/out")):
        with pytest.raises(OutputError, match="another run"):
            run(plan(scans, f"{s3}/out"))
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("XDG_CACHE_HOME", str(scans.parent / "other"))
            with pytest.raises(OutputError, match=f"process {os.getpid()} of .* since") as refused:
                run(plan(scans, f"{s3}/out"))
            assert refused.value.remedy.endswith(f"remove {s3}/out/.zhibiao/lock")
    assert ".zhibiao/lock" not in server.get_folder(f"{s3}/out")


def test_a_run_whose_lock_was_given_away_ends(scans: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match="has taken"), open_run(plan(scans, f"{s3}/out")):
        server.remove(f"{s3}/out/.zhibiao/lock")
        monkeypatch.setenv("XDG_CACHE_HOME", str(scans.parent / "other"))
        run(plan(scans, f"{s3}/out"))
        after = server.get_folder(f"{s3}/out")
    assert server.get_folder(f"{s3}/out") == after


def test_killed_and_resumed(scans: Path, s3: str, tmp_path: Path) -> None:
    """The parent is killed while it reads the last file: from here and from elsewhere the next run goes on."""
    text = SMALL.read_text(encoding="utf-8")
    (scans / "slow.txt").write_text(3 * text, encoding="utf-8")
    run(plan(scans, tmp_path / "out"))
    server.put_folder(scans, f"{s3}/in")
    command = [sys.executable, "-m", "extract", "run", f"{s3}/in", "-o", f"{s3}/out", "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        while not records(f"{s3}/out"):
            assert killed.poll() is None
            time.sleep(0.05)
        killed.send_signal(signal.SIGKILL)
    part = records(f"{s3}/out")
    whole = local_records(tmp_path / "out")
    assert part == {path: whole[path] for path in part}
    elsewhere = zhibiao(*command[3:], env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "other")})
    assert elsewhere.returncode == ExitCode.OUTPUT
    assert f"remove {s3}/out/.zhibiao/lock" in elsewhere.stderr
    assert outcomes(run(plan(f"{s3}/in", f"{s3}/out")))["b.txt"] is Outcome.SKIPPED
    assert records(f"{s3}/out") == whole


def test_status_and_preview(scans: Path, s3: str) -> None:
    server.put_folder(scans, f"{s3}/in")
    run(plan(f"{s3}/in", f"{s3}/out"))
    done = zhibiao("status", f"{s3}/out")
    assert done.returncode == ExitCode.INPUT
    assert "failed  空.pdf\n        empty" in done.stdout
    assert "review  盒 7#?/表 %41.txt\n" in done.stdout
    assert "        warning source-contradiction /" in done.stdout
    before = server.get_folder(s3)
    preview = zhibiao("run", "--dry-run", f"{s3}/in", "-o", f"{s3}/out").stdout.splitlines()
    assert preview == ["skip  b.txt", "read  copy.txt", "skip  盒 7#?/表 %41.txt", "read  空.pdf"]
    assert server.get_folder(s3) == before


def test_report_json_is_printed(scans: Path, s3: str) -> None:
    done = zhibiao("run", scans / "b.txt", "-o", f"{s3}/out", "--report", "json")
    assert done.stdout.encode() == server.get_folder(f"{s3}/out")["report.json"]


@pytest.mark.parametrize(
    ("source", "out", "environment", "code", "says"),
    [
        ("{scans}", "s3://none/out", {}, ExitCode.OUTPUT, "bucket does not exist"),
        ("s3://none/in", "{scans}/out", {}, ExitCode.INPUT, "There is no such object, folder or bucket."),
        ("{s3}/in", "{scans}/out", {"AWS_SECRET_ACCESS_KEY": "x"}, ExitCode.OUTPUT, "cannot be listed: Forbidden"),
        ("{scans}", "{s3}/out", {"AWS_SECRET_ACCESS_KEY": "x"}, ExitCode.OUTPUT, "Check the address"),
        ("{s3}/in", "{scans}/out", {"AWS_ACCESS_KEY_ID": ""}, ExitCode.OUTPUT, "credentials"),
        ("{scans}", "{s3}/out", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, ExitCode.OUTPUT, "Could not connect"),
        ("s3+x://a/in", "{scans}/out", {}, ExitCode.USAGE, "s3+x:// is no kind of storage that is known"),
        ("s3://", "{scans}/out", {}, ExitCode.USAGE, "names no bucket"),
        ("file://host/in", "{scans}/out", {}, ExitCode.USAGE, "is no file URL"),
    ],
)
def test_what_is_wrong_is_said(
    scans: Path, s3: str, source: str, out: str, environment: dict[str, str], code: ExitCode, says: str
) -> None:
    locked = {"AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(scans)}
    paths = [text.format(scans=scans, s3=s3) for text in (source, out)]
    done = zhibiao("run", paths[0], "-o", paths[1], env={**os.environ, **locked, **environment})
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr


def test_a_missing_library_is_named() -> None:
    """As where zhibiao is installed without the extra."""
    program = "import sys; sys.modules['fsspec'] = None; from extract.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "run", "s3://a/in", "-o", "s3://a/out"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == ExitCode.USAGE
    assert "pip install 'zhibiao[s3]'" in done.stderr


def test_doctor_tries_a_bucket(s3: str) -> None:
    done = zhibiao("doctor", "-o", f"{s3}/out")
    assert f"ok   output       {s3}/out can be written" in done.stdout
    assert server.get_folder(s3) == {}
    assert "BAD  output       s3://none/out cannot be written" in zhibiao("doctor", "-o", "s3://none/out").stdout


def test_a_url_is_not_watched(s3: str, tmp_path: Path) -> None:
    done = zhibiao("watch", f"{s3}/in", "-o", tmp_path / "out")
    assert done.returncode == ExitCode.USAGE
    assert "cannot be watched" in done.stderr


def test_a_bucket_that_is_lost_during_a_run_ends_it(scans: Path, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = OutputDir(place(f"{s3.replace('zhibiao', 'none')}/out"))
    with pytest.raises(OutputError, match="bucket does not exist"):
        store.write_text("report.json", "{}")
    with pytest.raises(StorageError), open_run(plan(scans, store.root)):
        pass
