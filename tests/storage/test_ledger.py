import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from extract.errors import ExitCode, OutputError, UsageError
from extract.records import outcomes
from extract.records.outcomes import RecordSummary
from extract.storage.ledger import MAX_PATH_BYTES, Ledger, LedgerView, faults_inside, peek, run_ids, viewed
from extract.storage.ledger_rows import LedgerRow
from tests.records.test_outcomes import DOUBTFUL, GOOD

ENTRY = outcomes.completed("盒/a.tif", [GOOD, DOUBTFUL], pages=2, seconds={"load": 0.5}, warnings=("w",))
KNOWN = LedgerRow("sha", "identity", Path("/scans/盒/a.tif"), "tag", ENTRY)


def test_entries_come_back_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.add(KNOWN)
    known = ledger.known("盒/a.tif")
    assert known is not None
    assert known.entry == ENTRY
    assert known.entry.exit_code is ExitCode.REVIEW
    assert list(ledger.of_this_run()) == [ENTRY]
    ledger.close()
    assert peek(tmp_path / "ledger.sqlite", "盒/a.tif") == known


def test_a_run_lists_its_own_files_only(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    first = Ledger(path)
    first.add(KNOWN)
    first.close()
    second = Ledger(path)
    assert list(second.of_this_run()) == []
    assert list(second.entries()) == [ENTRY]
    assert second.known("盒/a.tif") is not None


def test_first_with_the_same_content(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    assert ledger.first_with("sha", "a") == "a"
    assert ledger.first_with("sha", "b") == "a"
    assert ledger.first_with("other", "b") == "b"


@pytest.mark.parametrize("content", [b"this is no database" * 100, b""])
def test_a_damaged_ledger_is_started_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    ledger = Ledger(path)
    ledger.add(KNOWN)
    assert ledger.known("盒/a.tif") is not None


def test_unwritable_place(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        Ledger(tmp_path / "none" / "ledger.sqlite")


def test_a_path_that_sqlite_cannot_open_is_said(tmp_path: Path) -> None:
    folder = tmp_path
    while len(os.fsencode(folder)) < MAX_PATH_BYTES:
        folder = folder / ("表" * 30)
    folder.mkdir(parents=True)
    with pytest.raises(OutputError, match=f"at most {MAX_PATH_BYTES}") as raised:
        Ledger(folder / "ledger.sqlite")
    assert "shorter path" in raised.value.remedy


def test_the_longest_path_that_sqlite_can_open(tmp_path: Path) -> None:
    folder = tmp_path
    while (room := MAX_PATH_BYTES - len(os.fsencode(folder)) - 1) > 200:
        folder = folder / ("x" * 100)
    folder.mkdir(parents=True)
    Ledger(folder / ("x" * room)).close()


def test_peek_where_nothing_is(tmp_path: Path) -> None:
    assert peek(tmp_path / "ledger.sqlite", "a") is None
    (tmp_path / "ledger.sqlite").write_bytes(b"rubbish" * 1000)
    assert peek(tmp_path / "ledger.sqlite", "a") is None


def of_another_version(path: Path) -> Path:
    """A ledger as it was written before objects had tags, made of the one that is there, if any."""
    Ledger(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE files DROP COLUMN tag")
    return path


def test_of_a_ledger_of_another_version_nothing_is_known(tmp_path: Path) -> None:
    path = of_another_version(tmp_path / "ledger.sqlite")
    assert peek(path, "盒/a.tif") is None
    assert run_ids(path) == []
    with pytest.raises(UsageError, match=f"{path}: it is a ledger of another version") as caught, viewed(path):
        pass
    assert "zhibiao run" in caught.value.remedy


@pytest.mark.parametrize("column", ["run", "entry"])
def test_a_ledger_of_another_version_is_started_anew(column: str, tmp_path: Path) -> None:
    path = of_another_version(tmp_path / "ledger.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"ALTER TABLE files RENAME COLUMN {column} TO other")
    ledger = Ledger(path)
    ledger.add(KNOWN)
    assert ledger.known("盒/a.tif") == KNOWN


def test_a_ledger_that_is_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path)
    ledger.add(KNOWN)
    ledger.close()
    content = path.read_bytes()
    at = content.index("盒/a.tif".encode())
    page = at // 4096 * 4096
    path.write_bytes(content[:page] + b"\xff" * 100 + content[page + 100 :])
    assert peek(path, "盒/a.tif") is None


def test_runs_have_names_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    assert run_ids(path) == []
    for _ in range(2):
        Ledger(path).close()
    assert len(set(run_ids(path))) == 2


def test_a_copy_stands_alone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.add(KNOWN)
    (tmp_path / "copy").mkdir()
    ledger.copy(tmp_path / "copy" / "ledger.sqlite")
    with viewed(tmp_path / "copy" / "ledger.sqlite") as view:
        assert list(view.entries()) == [ENTRY]
    assert run_ids(tmp_path / "copy" / "ledger.sqlite") == run_ids(tmp_path / "ledger.sqlite")
    assert [file.name for file in (tmp_path / "copy").iterdir()] == ["ledger.sqlite"]


def a_thousand(path: Path) -> None:
    with closing(Ledger(path)) as ledger:
        ledger.remember_root(("file", "scans"))
        for number in range(1000):
            entry = outcomes.completed(
                f"{number:04}.tif", [RecordSummary(f"records/{number:04}.json", "f", "ok", 1, 0)]
            )
            ledger.add(LedgerRow(f"sha {number}", "identity", Path(f"/scans/{number:04}.tif"), None, entry))


def test_of_a_ledger_with_a_damaged_page_all_other_rows_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    a_thousand(path)
    content = path.read_bytes()
    page = content.index(b'"path": "0500.tif"') // 4096 * 4096
    path.write_bytes(content[:page] + b"\xff" * 4096 + content[page + 4096 :])
    with closing(Ledger(path)) as ledger:
        kept = [entry.path for entry in ledger.entries()]
        assert ledger.roots() == {("file", "scans")}
        owner = ledger.owner("records/0007.json")
        assert owner is not None
        assert owner.sha256 == "sha 7"
        assert ledger.at(Path("/scans/0999.tif")) is not None
        assert ledger.known("0500.tif") is None
    assert 970 < len(kept) < 1000
    assert faults_inside(path) == []


@pytest.mark.parametrize(
    ("column", "broken"),
    [
        ("entry", '"{"'),
        ("entry", "'{}'"),
        ("entry", "NULL"),
        ("exit_code", "99"),
        ("source", "''"),
        ("sha256", "x'00'"),
    ],
)
def test_one_broken_row_is_a_file_that_is_not_known(column: str, broken: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    a_thousand(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE other AS SELECT * FROM files")
        connection.execute("DROP TABLE files")
        connection.execute("ALTER TABLE other RENAME TO files")
        connection.execute(f"UPDATE files SET {column} = {broken} WHERE name = '0500.tif'")
    with closing(sqlite3.connect(path)) as connection:
        view = LedgerView(connection)
        assert view.known("0500.tif") is None
        assert len(list(view.rows())) == 999
        assert view.damaged() == 1


def test_paths_that_differ_in_bytes_only_are_two(tmp_path: Path) -> None:
    raw, written = Path(os.fsdecode(b"/scans/bad\xff.txt")), Path("/scans/bad\\xff.txt")
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        for name, source in (("a", raw), ("b", written)):
            ledger.add(LedgerRow(name, "identity", source, None, outcomes.completed(name, [GOOD])))
        for name, source in (("a", raw), ("b", written)):
            row = ledger.at(source)
            assert row is not None
            assert (row.entry.path, row.source) == (name, source)
