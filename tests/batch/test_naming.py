"""A record is never overwritten by another scan, and a scan has one record, whatever folder a run was told."""

import json
import shutil
from pathlib import Path

import pytest

from extract.records.outcomes import Outcome
from extract.storage.output_dir import STATE
from tests.batch.test_run import OTHER, SMALL, out, plan, records, run

__all__ = ["out"]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Two folders, each with another scan of the same name."""
    for folder, scan in (("A", SMALL), ("B", OTHER)):
        (tmp_path / "in" / folder).mkdir(parents=True)
        shutil.copy(scan, tmp_path / "in" / folder / "1.txt")
    return tmp_path / "in"


def report(out: Path) -> dict[str, dict[str, object]]:
    files = json.loads((out / "report.json").read_text(encoding="utf-8"))["files"]
    return {entry["path"]: entry for entry in files}


def test_two_scans_of_one_name_have_two_records(papers: Path, out: Path) -> None:
    run(plan(papers / "A", out))
    first = records(out)
    (entry,) = run(plan(papers / "B", out)).values()
    assert entry.path.startswith("1~")
    assert entry.path.endswith(".txt")
    after = records(out)
    assert {path: after[path] for path in first} == first
    assert len(after) == 11
    assert set(report(out)) == {"1.txt", entry.path}
    (again,) = run(plan(papers / "B", out)).values()
    assert (again.path, again.code) == (entry.path, "unchanged")


def test_a_lost_ledger_does_not_let_a_record_be_overwritten(papers: Path, out: Path) -> None:
    run(plan(papers / "A", out))
    first = records(out)
    shutil.rmtree(out / STATE)
    run(plan(papers / "B", out))
    assert {path: records(out)[path] for path in first} == first
    shutil.rmtree(out / STATE)
    assert set(run(plan(papers / "A", out))) == {"1.txt"}


def test_a_file_a_folder_and_a_parent_folder_name_a_scan_alike(papers: Path, out: Path) -> None:
    assert set(run(plan(papers / "A" / "1.txt", out))) == {"1.txt"}
    assert set(run(plan(papers / "A", out))) == {"1.txt"}
    found = run(plan(papers, out))
    assert set(found) == {"1.txt", "B/1.txt"}
    assert found["1.txt"].code == "unchanged"
    assert set(run(plan(papers / "B" / "1.txt", out))) == {"B/1.txt"}


def test_what_a_partial_run_did_not_name_stays_in_the_reports(papers: Path, out: Path) -> None:
    run(plan(papers, out))
    (papers / "B" / "2.txt").write_bytes(b"")
    run(plan(papers / "B" / "2.txt", out))
    assert set(report(out)) == {"A/1.txt", "B/1.txt", "B/2.txt"}
    assert "A/1.txt" in (out / "report.html").read_text(encoding="utf-8")
    summary = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (summary["summary"]["files"], summary["last_run"]["files"]) == (3, 1)


def test_a_scan_under_two_names_is_one(papers: Path, out: Path) -> None:
    run(plan(papers / "A", out))
    shutil.copy(papers / "A" / "1.txt", papers / "B" / "copy.txt")
    found = run(plan(papers / "B" / "copy.txt", out))["copy.txt"]
    assert (found.code, found.same_as) == ("duplicate", "1.txt")
    forced = run(plan(papers / "B" / "copy.txt", out, force=True))["copy.txt"]
    assert len(forced.records) == 4
    assert len(records(out)) == 4
    assert report(out)["1.txt"]["same_as"] == "copy.txt"


def test_a_scan_that_was_moved_keeps_its_record(papers: Path, out: Path) -> None:
    run(plan(papers, out))
    before = records(out)
    (papers / "C").mkdir()
    (papers / "A" / "1.txt").rename(papers / "C" / "9.txt")
    found = run(plan(papers, out))
    assert {name: entry.code for name, entry in found.items()} == {"A/1.txt": "unchanged", "B/1.txt": "unchanged"}
    assert records(out) == before
    assert report(out)["A/1.txt"]["gone"] is False


def test_the_records_of_a_scan_that_is_gone_stand_and_are_listed(papers: Path, out: Path) -> None:
    run(plan(papers, out))
    before = records(out)
    (papers / "A" / "1.txt").unlink()
    run(plan(papers, out))
    assert records(out) == before
    assert report(out)["A/1.txt"]["gone"] is True
    (missing,) = run(plan(papers / "A" / "1.txt", out)).values()
    assert (missing.outcome, missing.code) == (Outcome.FAILED, "not-found")
    assert records(out) == before
    shutil.copy(SMALL, papers / "A" / "1.txt")
    assert run(plan(papers, out))["A/1.txt"].code == "unchanged"
    assert report(out)["A/1.txt"]["gone"] is False


def test_a_failed_file_that_is_gone_is_forgotten(papers: Path, out: Path) -> None:
    (papers / "A" / "bad.txt").write_bytes(b"")
    run(plan(papers, out))
    assert "A/bad.txt" in report(out)
    (papers / "A" / "bad.txt").unlink()
    run(plan(papers / "B", out))
    assert "A/bad.txt" in report(out)
    run(plan(papers, out))
    assert set(report(out)) == {"A/1.txt", "B/1.txt"}


def test_copies_of_a_file_that_failed_are_read(papers: Path, out: Path) -> None:
    for name in ("x.pdf", "y.pdf", "z.pdf"):
        (papers / name).write_bytes(b"%PDF-1.7 and no more")
    found = run(plan(papers, out))
    assert {found[name].outcome for name in ("x.pdf", "y.pdf", "z.pdf")} == {Outcome.FAILED}


def test_copies_of_what_is_another_scan_now_are_read(papers: Path, out: Path) -> None:
    shutil.copy(papers / "A" / "1.txt", papers / "B" / "copy.txt")
    assert run(plan(papers, out))["B/copy.txt"].same_as == "A/1.txt"
    (papers / "A" / "1.txt").write_text(SMALL.read_text(encoding="utf-8") + "\n尾\n", encoding="utf-8")
    found = run(plan(papers / "A", out))
    assert len(found["B/copy.txt"].records) == 4
    assert len(records(out)) == 15


@pytest.mark.parametrize("damage", [b"", b"{}", None])
def test_a_record_that_was_altered_is_made_again(damage: bytes | None, papers: Path, out: Path) -> None:
    run(plan(papers, out))
    before = records(out)
    path = out / "records" / "A" / "1.txt.2.json"
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    found = run(plan(papers, out))
    assert found["A/1.txt"].code != "unchanged"
    assert found["B/1.txt"].code == "unchanged"
    assert records(out) == before


def test_a_copied_archive_with_its_output_folder_goes_on_as_it_was(papers: Path, out: Path, tmp_path: Path) -> None:
    run(plan(papers, out))
    before = records(out)
    shutil.copytree(papers, tmp_path / "elsewhere")
    found = run(plan(tmp_path / "elsewhere", out))
    assert {name: entry.code for name, entry in found.items()} == {"A/1.txt": "unchanged", "B/1.txt": "unchanged"}
    assert records(out) == before
