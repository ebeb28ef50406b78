import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extract.batch.inputs import find_inputs
from extract.batch.run import open_run
from extract.errors import OutputGone
from extract.storage.ledger import Ledger
from extract.storage.location import Url
from extract.storage.output_dir import STATE, OutputDir
from extract.storage.output_guard import OutputGuard
from tests.batch.test_run import out, plan, scans

__all__ = ["out", "scans"]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Path, OutputGuard]]:
    """An output folder that a run holds."""
    store = OutputDir(tmp_path / "held")
    store.prepare()
    with closing(Ledger(store.ledger)), closing(OutputGuard(store)) as guard:
        yield tmp_path / "held", guard


def _begun_anew(folder: Path) -> None:
    shutil.rmtree(folder)
    store = OutputDir(folder)
    store.prepare()
    Ledger(store.ledger).close()


def _ledger_removed(folder: Path) -> None:
    (folder / STATE / "ledger.sqlite").unlink()


def _records_removed(folder: Path) -> None:
    (folder / "records").rmdir()
    (folder / "records").mkdir()


def _moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


@pytest.mark.parametrize("befallen", [shutil.rmtree, _begun_anew, _ledger_removed, _records_removed, _moved])
def test_what_befalls_a_folder_is_noticed(held: tuple[Path, OutputGuard], befallen: Callable[[Path], object]) -> None:
    folder, guard = held
    guard.check()
    befallen(folder)
    with pytest.raises(OutputGone, match="removed or replaced"):
        guard.check()


def test_what_is_written_to_a_folder_is_none_of_it(held: tuple[Path, OutputGuard]) -> None:
    folder, guard = held
    (folder / "records" / "a").write_text("a")
    os.utime(folder / "records", (0, 0))
    guard.check()


def test_behind_a_url_nothing_is_held() -> None:
    with closing(OutputGuard(OutputDir(Url("s3://bucket/out")))) as guard:
        guard.check()


def test_a_run_without_its_folder_ends(scans: Path, out: Path) -> None:
    with pytest.raises(OutputGone), open_run(plan(scans, out)) as opened:
        shutil.rmtree(out)
        list(opened.entries(iter(find_inputs((scans,), out))))
    assert not (out / "report.json").exists()


def test_a_watch_without_its_folder_ends(scans: Path, out: Path) -> None:
    with pytest.raises(OutputGone), open_run(plan(scans, out)) as opened:
        opened.rest()
        shutil.rmtree(out)
        opened.rest()
