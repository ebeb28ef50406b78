import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from extract.errors import StorageError
from extract.storage import temp_files
from extract.storage.temp_files import at_hand, scratch_file, sweep

HOLD = """
import sys
from extract.storage.temp_files import scratch_file
with scratch_file(".tif") as path:
    print(path, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(temp_files, "_folder", temp_files._folder.__wrapped__)


def test_a_scratch_file_is_gone_after_its_block() -> None:
    with pytest.raises(ZeroDivisionError), scratch_file(".tif") as path:
        assert path.suffix == ".tif"
        assert path.is_file()
        raise ZeroDivisionError
    assert not path.exists()


def test_a_path_is_at_hand(tmp_path: Path) -> None:
    with at_hand(tmp_path / "a.tif") as path:
        assert path == tmp_path / "a.tif"


def test_what_the_dead_leave_is_swept_and_what_the_living_have_is_not(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        path = Path(os.fsdecode(holder.stdout.readline().strip()))
        assert path.parent.parent == tmp_path
        sweep()
        assert path.exists()
        holder.kill()
    assert path.exists()
    sweep()
    assert list(tmp_path.iterdir()) == []


def test_no_room_for_scratch_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(StorageError, match="no scratch file"), scratch_file():
        pass
