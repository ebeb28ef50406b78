import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extract.batch import run
from extract.batch.inputs import find_sources
from extract.errors import OutputGone
from extract.storage.ledger import Ledger
from extract.storage.location import Url
from extract.storage.output_dir import STATE, Store
from extract.storage.output_guard import Standing
from tests.batch.test_run import out, plan, scans

__all__ = ["out", "scans"]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Path, Standing]]:
    """An output folder that a run holds."""
    store = Store(tmp_path / "held")
    store.prepare()
    with closing(Ledger(store.ledger)), closing(Standing(store)) as standing:
        yield tmp_path / "held", standing


def _begun_anew(folder: Path) -> None:
    shutil.rmtree(folder)
    store = Store(folder)
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
def test_what_befalls_a_folder_is_noticed(held: tuple[Path, Standing], befallen: Callable[[Path], object]) -> None:
    folder, standing = held
    standing.check()
    befallen(folder)
    with pytest.raises(OutputGone, match="removed or replaced"):
        standing.check()


def test_what_is_written_to_a_folder_is_none_of_it(held: tuple[Path, Standing]) -> None:
    folder, standing = held
    (folder / "records" / "a").write_text("a")
    os.utime(folder / "records", (0, 0))
    standing.check()


def test_behind_a_url_nothing_is_held() -> None:
    with closing(Standing(Store(Url("s3://bucket/out")))) as standing:
        standing.check()


def test_a_run_without_its_folder_ends(scans: Path, out: Path) -> None:
    with pytest.raises(OutputGone), run.opened(plan(scans, out)) as opened:
        shutil.rmtree(out)
        list(opened.entries(iter(find_sources((scans,), out))))
    assert not (out / "report.json").exists()


def test_a_watch_without_its_folder_ends(scans: Path, out: Path) -> None:
    with pytest.raises(OutputGone), run.opened(plan(scans, out)) as opened:
        opened.rest()
        shutil.rmtree(out)
        opened.rest()
