"""The records of an output folder, good and bad."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from extract.errors import BadRecord, MissingFile
from extract.records import outcomes
from extract.records.outcomes import RecordSummary
from extract.storage.ledger import Ledger
from extract.storage.ledger_rows import LedgerRow
from extract.storage.output_dir import OutputDir
from extract.storage.record_reader import read_all, record_reader
from tests.records.test_decode import content


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "records" / "b").mkdir(parents=True)
    for name, status in (("c.1.json", "review"), ("b/a.1.json", "accepted"), ("b/a.2.json", "review")):
        (tmp_path / "records" / name).write_bytes(content(status=status))
    (tmp_path / "records" / "note.txt").touch()
    return tmp_path


def test_all_records_of_a_folder_by_name(output: Path) -> None:
    with record_reader(output) as reader:
        assert list(reader.paths()) == ["records/b/a.1.json", "records/b/a.2.json", "records/c.1.json"]
        assert [record.status for record in reader.read_all(only_accepted=True)] == ["accepted"]
    assert len(list(read_all(output))) == 3


def test_a_folder_without_records(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="no records folder"), record_reader(tmp_path):
        pass


def test_a_bad_record_is_refused_and_the_rest_go_on(output: Path) -> None:
    (output / "records" / "b" / "a.2.json").write_bytes(b"{")
    refused: list[BadRecord] = []
    with record_reader(output) as reader:
        assert len(list(reader.read_all(refused.append))) == 2
    (error,) = refused
    assert "a.2.json is not a record" in str(error)


def test_a_record_that_was_altered_is_refused(output: Path) -> None:
    OutputDir(output).prepare()
    file = output / "records" / "c.1.json"
    with closing(Ledger(OutputDir(output).ledger)) as ledger:
        written = RecordSummary("records/c.1.json", "f", "review", 1, 0, hashlib.sha256(file.read_bytes()).hexdigest())
        ledger.add(LedgerRow("sha", "identity", Path("/c"), None, outcomes.completed("c", [written])))
    with record_reader(output) as reader:
        assert reader.read("records/c.1.json").is_as_written
        assert not reader.read("records/b/a.1.json").is_as_written
        file.write_bytes(file.read_bytes().replace(b'"review"', b'"accepted"'))
        with pytest.raises(BadRecord, match="was altered after"):
            reader.read("records/c.1.json")
