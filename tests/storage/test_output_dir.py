import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from extract.errors import BadName, OutputError
from extract.storage.output_dir import MAX_PATH_BYTES, STATE, OutputDir, cannot_write, lines_path, record_path
from tests.records.test_encode import RECORD


@pytest.fixture
def store(tmp_path: Path) -> OutputDir:
    made = OutputDir(tmp_path / "out")
    made.prepare()
    return made


def test_records_go_below_records(store: OutputDir) -> None:
    written = store.write_records("盒 7/a.tif", [RECORD, RECORD])
    assert [file.path for file in written] == ["records/盒 7/a.tif.1.json", "records/盒 7/a.tif.2.json"]
    assert all(store.holds(file.path, file.sha256) for file in written)
    assert not store.holds(written[0].path, "0" * 64)
    assert list(store.records()) == [file.path for file in written]
    assert (store.root / "records/盒 7/a.tif.2.json").read_text(encoding="utf-8").startswith("{")


def test_records_no_longer_given_are_removed(store: OutputDir) -> None:
    store.write_records("a.tif", [RECORD] * 4)
    store.write_records("a.tif", [RECORD])
    assert sorted(p.name for p in (store.root / "records").iterdir()) == ["a.tif.1.json"]
    store.write_records("a.tif", [])
    assert not list((store.root / "records").iterdir())


def test_other_scans_records_stay(store: OutputDir) -> None:
    store.write_records("a.tif", [RECORD])
    store.write_records("a.tif.1", [RECORD])
    store.write_records("a.tif", [])
    assert [p.name for p in (store.root / "records").iterdir()] == ["a.tif.1.1.json"]


def test_lines_are_written_and_removed(store: OutputDir) -> None:
    store.write_lines("盒/a.tif", b"x")
    assert store.read(lines_path("盒/a.tif")) == b"x"
    for _ in range(2):
        store.write_lines("盒/a.tif", None)
        assert store.read(lines_path("盒/a.tif")) is None


def test_a_failed_write_leaves_the_old_file(store: OutputDir) -> None:
    store.write_text("report.json", "old")
    with pytest.raises(ZeroDivisionError), store.writing("report.json") as file:
        file.write("half")
        raise ZeroDivisionError
    assert store.read("report.json") == b"old"
    assert not list((store.root / STATE / "unfinished").iterdir())


def test_leftovers_of_a_killed_run_are_cleared(store: OutputDir) -> None:
    (store.root / STATE / "unfinished" / "half").write_text("{")
    store.prepare()
    assert not list((store.root / STATE / "unfinished").iterdir())


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "", "a//b", "."])
def test_nothing_leaves_the_folder(name: str) -> None:
    with pytest.raises(OutputError):
        record_path(name, 1)


def test_long_names_are_cut_and_kept_apart(store: OutputDir) -> None:
    names = ["表" * 84 + ".pdf", "表" * 84 + ".png"]
    paths = [store.write_records(name, [RECORD])[0].path for name in names]
    assert len(set(paths)) == 2
    assert all(len(os.fsencode(Path(path).name)) <= 255 for path in paths)


def test_deep_folders_are_cut_and_kept_apart(store: OutputDir) -> None:
    shelf = "/".join(["表" * 70] * 18)
    names = [f"{shelf}/{box}/a.tif" for box in ("盒1", "盒2")]
    paths = [store.write_records(name, [RECORD])[0].path for name in names]
    assert len(set(paths)) == 2
    assert all(len(os.fsencode(path)) <= MAX_PATH_BYTES for path in paths)
    assert all(path.endswith("/a.tif.1.json") and path.startswith("records/表") for path in paths)
    assert record_path(f"{shelf}/盒1/b.tif", 1).rpartition("/")[0] == paths[0].rpartition("/")[0]
    assert all(map(store.has, paths))


def test_a_name_that_the_disk_does_not_take_costs_its_file(store: OutputDir) -> None:
    """Here a folder has the name of another scan's record."""
    store.write_records("a.tif", [RECORD])
    with pytest.raises(BadName, match=r"records/a\.tif\.1\.json/b\.tif\.1\.json"):
        store.write_records("a.tif.1.json/b.tif", [RECORD])
    assert store.write_records("a.tif.1.json/b.tif", []) == ()
    assert store.has("records/a.tif.1.json")


def _link(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("name", "put"),
    [
        ("out", Path.touch),
        ("out", _link),
        ("out/records", Path.touch),
        ("out/report.json", Path.mkdir),
        ("out/report.html", Path.mkdir),
        (f"out/{STATE}", Path.touch),
        (f"out/{STATE}/unfinished/x", Path.mkdir),
    ],
)
def test_what_is_in_the_way_is_said(name: str, put: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    put(tmp_path / name)
    with pytest.raises(OutputError, match=name) as raised:
        OutputDir(tmp_path / "out").prepare()
    assert "move it away" in raised.value.remedy


def test_a_folder_with_too_long_a_path(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as raised:
        OutputDir(tmp_path / ("x" * 256)).prepare()
    assert "shorter path" in raised.value.remedy


@pytest.mark.parametrize(
    ("code", "said"), [(errno.EACCES, "right to write"), (errno.ENOSPC, "disk space"), (errno.EMFILE, "ulimit")]
)
def test_every_fault_has_its_remedy(code: int, said: str) -> None:
    failure = cannot_write("out", OSError(code, os.strerror(code)))
    assert str(failure) == f"cannot write out: {os.strerror(code)}"
    assert said in failure.remedy


def test_written_files_follow_the_umask(store: OutputDir) -> None:
    before = os.umask(0o027)
    try:
        store.write_text("x.txt", "x")
    finally:
        os.umask(before)
    assert (store.root / "x.txt").stat().st_mode & 0o777 == 0o640
