"""Reading ahead in another process gives what reading here gives."""

import multiprocessing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from extract.downstream.database import parallel_reader
from extract.errors import BadRecord, MissingFile
from extract.forms.spec import FormSpec
from tests.downstream import samples

Folder = Callable[[Sequence[dict[str, Any]]], Path]


def test_many_records_are_the_same_as_few(form: FormSpec, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    output = folder([samples.record(f"{n}.tif") for n in range(parallel_reader.BATCH + 1)])
    here = [one for batch in parallel_reader.batches(output, [form], 7, "sqlite") for one in batch]
    monkeypatch.setattr(parallel_reader, "MANY", 1)
    there = [one for batch in parallel_reader.batches(output, [form], 7, "sqlite") for one in batch]
    told = {one.sha256: (one.digest, one.form, one.accepted) for one in here}
    assert told == {one.sha256: (one.digest, one.form, one.accepted) for one in there}
    assert [one.number for one in here] == list(range(7, 7 + len(here)))
    assert len({one.number for one in there}) == len(here) == len(there)


def test_faults_come_back_from_there(form: FormSpec, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_reader, "MANY", 1)
    output = folder([samples.record()])
    (output / "records" / "z.json").write_bytes(b"\xff")
    with pytest.raises(BadRecord, match="z.json"):
        list(parallel_reader.batches(output, [form], 7, "sqlite"))


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
    with pytest.raises(BadRecord):
        list(parallel_reader.batches(output, [form], 7, "sqlite"))


def test_values_that_do_not_fit_their_column(form: FormSpec, folder: Folder) -> None:
    for name, value in (("amount", 10**14), ("people", 2**63), ("signed", "2021-02-30"), ("status", 5), ("share", "x")):
        output = folder([samples.record(data=samples.data(**{name: value}))])
        with pytest.raises(BadRecord, match=f"/{name}: .* does not fit"):
            list(parallel_reader.batches(output, [form], 7, "sqlite"))


def test_folders_without_records(form: FormSpec, tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="zhibiao run"):
        parallel_reader.batches(tmp_path, [form], 1, "sqlite")
