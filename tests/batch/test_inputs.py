import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.batch.inputs import content_hash, find_inputs
from extract.errors import MissingFile, UsageError
from extract.settings.defaults import LoadSettings

PATH_MAX = 4096


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    return folder


@pytest.fixture
def deep(scans: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a file whose path is longer than the system takes, made step by step."""
    with monkeypatch.context() as patch:
        patch.chdir(scans)
        while len(os.fsencode(Path.cwd())) <= PATH_MAX - 20:
            room = min(200, PATH_MAX - 10 - len(os.fsencode(Path.cwd())) - 1)
            Path("d" * room).mkdir()
            os.chdir("d" * room)
        Path("too_long_a_name.txt").write_text("b")
    yield scans
    shutil.rmtree(scans)


@pytest.mark.parametrize("out", ["in", ".", "in/../in"])
def test_an_output_folder_that_holds_the_input(scans: Path, out: str) -> None:
    with pytest.raises(UsageError, match="is, or holds,"):
        find_inputs((scans,), scans.parent / out)


def test_a_link_to_the_input_is_the_input(scans: Path) -> None:
    (scans.parent / "link").symlink_to(scans)
    with pytest.raises(UsageError, match="is, or holds,"):
        find_inputs((scans,), scans.parent / "link")


def test_a_path_too_long_costs_one_entry(deep: Path) -> None:
    sources = find_inputs((deep,), deep.parent / "out")
    hashes = []
    for source in sources:
        try:
            hashes.append(content_hash(source, LoadSettings()))
        except MissingFile:
            hashes.append("none")
    assert [source.name.rpartition("/")[2] for source in sources] == ["a.txt", "too_long_a_name.txt"]
    assert [len(found) for found in hashes] == [64, 4]
