"""Records over and over, each as if read from another scan."""

from pathlib import Path

from bench.volume import multiply
from extract.storage.record_reader import read_all
from tests.downstream import samples
from tests.downstream.conftest import write


def test_each_is_of_another_scan(tmp_path: Path) -> None:
    output = write(tmp_path / "out", [samples.record("a.tif"), samples.record("b.tif")])
    multiply(output, tmp_path / "many", 5)
    found = list(read_all(tmp_path / "many"))
    assert len({one.source.sha256 for one in found}) == len({one.source.path for one in found}) == 5
    assert all(one.data == next(read_all(output)).data for one in found)
