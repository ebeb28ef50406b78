import os
from pathlib import Path

from extract.batch.folder_watcher import Watcher
from extract.batch.inputs import InputFile


def sources(folder: Path) -> list[InputFile]:
    return [InputFile(path, path.name) for path in sorted(folder.iterdir())]


def names(watcher: Watcher, folder: Path, now: float) -> list[str]:
    return [source.name for source in watcher.ready(sources(folder), now)]


def test_a_file_is_ready_once_it_stopped_growing(tmp_path: Path) -> None:
    watcher, file = Watcher(5), tmp_path / "a.tif"
    file.write_bytes(b"1")
    assert names(watcher, tmp_path, 0) == []
    assert names(watcher, tmp_path, 4) == []
    file.write_bytes(b"12")
    assert names(watcher, tmp_path, 6) == []
    assert names(watcher, tmp_path, 10) == []
    assert names(watcher, tmp_path, 11) == ["a.tif"]
    assert names(watcher, tmp_path, 99) == []


def test_a_file_that_changes_is_given_out_again(tmp_path: Path) -> None:
    watcher, file = Watcher(1), tmp_path / "a.tif"
    file.write_bytes(b"1")
    names(watcher, tmp_path, 0)
    assert names(watcher, tmp_path, 1) == ["a.tif"]
    os.utime(file, ns=(1, 1))
    assert names(watcher, tmp_path, 2) == []
    assert names(watcher, tmp_path, 3) == ["a.tif"]


def test_what_is_gone_or_no_file_is_passed_over(tmp_path: Path) -> None:
    watcher = Watcher(0)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    gone = InputFile(tmp_path / "gone.tif", "gone.tif")
    assert watcher.ready([*sources(tmp_path), gone], 0) == []
