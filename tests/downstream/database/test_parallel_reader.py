"""Reading ahead in another process gives what reading here gives."""

import multiprocessing
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from extract.downstream.database import parallel_reader
from extract.downstream.database.parallel_reader import LoadableRecord
from extract.errors import BadRecord, MissingFile
from extract.forms.spec import FormSpec
from tests.downstream import samples

Folder = Callable[[Sequence[dict[str, Any]]], Path]


def loadable(output: Path, form: FormSpec) -> list[LoadableRecord]:
    batches = parallel_reader.batches(output, [form], 7, "sqlite")
    return [one for batch in batches for one in batch if isinstance(one, LoadableRecord)]


def bad(output: Path, form: FormSpec) -> BadRecord:
    """What is wrong with the only bad record of a folder."""
    batches = parallel_reader.batches(output, [form], 7, "sqlite")
    (found,) = [one for batch in batches for one in batch if isinstance(one, BadRecord)]
    return found


def test_many_records_are_the_same_as_few(form: FormSpec, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    output = folder([samples.record(f"{n}.tif") for n in range(parallel_reader.BATCH + 1)])
    here = loadable(output, form)
    monkeypatch.setattr(parallel_reader, "MANY", 1)
    there = loadable(output, form)
    told = {one.sha256: (one.digest, one.form, one.accepted) for one in here}
    assert told == {one.sha256: (one.digest, one.form, one.accepted) for one in there}
    assert [one.number for one in here] == list(range(7, 7 + len(here)))
    assert len({one.number for one in there}) == len(here) == len(there)


def test_faults_come_back_from_there(form: FormSpec, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_reader, "MANY", 1)
    output = folder([samples.record()])
    (output / "records" / "z.json").write_bytes(b"\xff")
    assert len(loadable(output, form)) == 1
    assert "z.json" in str(bad(output, form))


def test_a_reader_that_is_killed_is_told(form: FormSpec, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_reader, "MANY", 1)
    output = folder([samples.record(f"{n}.tif") for n in range(3 * parallel_reader.BATCH)])
    found = parallel_reader.batches(output, [form], 1, "postgresql")
    next(found)
    for reader in multiprocessing.active_children():
        reader.kill()
    with pytest.raises(parallel_reader.ReaderDied, match="nothing was changed"):
        list(found)


@pytest.mark.parametrize("text", ["[]", "{}", '{"form": 1}', '{"a": "\\u0000"}'])
def test_files_that_are_no_records(text: str, form: FormSpec, folder: Folder) -> None:
    output = folder([])
    (output / "records").mkdir(parents=True)
    (output / "records" / "a.json").write_text(text, encoding="utf-8")
    assert "a.json" in str(bad(output, form))


def test_values_that_do_not_fit_their_column(form: FormSpec, folder: Folder) -> None:
    for name, value in (("amount", 10**14), ("people", 2**63), ("signed", "2021-02-30"), ("status", 5), ("share", "x")):
        output = folder([samples.record(data=samples.data(**{name: value}))])
        assert re.search(f"/{name}: .* does not fit", str(bad(output, form)))


def test_folders_without_records(form: FormSpec, tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="zhibiao run"):
        parallel_reader.batches(tmp_path, [form], 1, "sqlite")
