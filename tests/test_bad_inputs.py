"""Bad and odd files with good ones among them, in one run: a code and a sentence each, and no harm done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bench import faults, inputs
from extract.records import outcomes

SAMPLE = 22
MOST_SECONDS = 120
MOST_MEGABYTES = 1500

Entries = Mapping[str, Mapping[str, Any]]


def public_files() -> list[Path]:
    """A sample spread over the public files, the bombs always among them; none where they are not."""
    files = sorted(file for folder in inputs.FOLDERS for file in (inputs.PUBLIC / folder).glob("*"))
    step = max(1, len(files) // SAMPLE)
    return files[::step] + [file for file in files if "bomb" in file.name or "dos" in file.name]


def made_files(folder: Path) -> Iterator[Path]:
    """Broken files made from whole ones."""
    whole = faults.SCAN.read_bytes()
    contents = {
        "empty.pdf": b"",
        "half.tif": whole[: len(whole) // 2],
        "zeros.tif": bytes(len(whole)),
        "only-a-name.pdf": b"%PDF-1.7\n",
        "letter.docx": b"PK\x03\x04 no archive",
        "named-wrong.png": whole,
        "program.exe": b"MZ" + bytes(100),
        "binary.txt": bytes(range(256)) * 20,
        "poem.txt": "床前明月光\n疑是地上霜\n".encode("gb18030"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        yield folder / name


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "made").mkdir()
    good = faults.EXPORTS[:2]
    files = dict.fromkeys([*public_files(), *made_files(folder / "made")])
    found, usage = inputs.through(list(files), good, folder)
    assert usage.seconds < MOST_SECONDS
    assert (usage.peak_mb or 0) < MOST_MEGABYTES
    assert sorted(path.name for path in folder.iterdir()) == ["in", "made", "out", "out.log"]
    assert len(found) == len(files) + len(good)
    shutil.rmtree(folder / "in")
    return found


def test_good_files_come_out(entries: Entries) -> None:
    good = {path: len(entry["records"]) for path, entry in entries.items() if path.startswith("good/")}
    assert set(good.values()) == {5, 7}


def test_each_bad_file_has_a_code_a_sentence_and_a_remedy(entries: Entries) -> None:
    for path, entry in entries.items():
        if entry["outcome"] == "failed":
            assert entry["code"], path
            assert entry["message"].endswith("."), path
            assert entry["remedy"].endswith("."), path


def test_nothing_is_a_fault_of_ours(entries: Entries) -> None:
    bugs = {path: entry["message"] for path, entry in entries.items() if entry["code"] == outcomes.BUG}
    died = {path: entry["message"] for path, entry in entries.items() if entry["code"] == "worker-died"}
    assert not bugs
    assert not died


def test_made_files_are_called_what_they_are(entries: Entries) -> None:
    codes = {Path(path).name: entry["code"] for path, entry in entries.items() if path.startswith("made/")}
    assert codes == {
        "empty.pdf": "empty",
        "half.tif": "truncated",
        "zeros.tif": "truncated",
        "only-a-name.pdf": "truncated",
        "letter.docx": "truncated",
        "named-wrong.png": None,
        "program.exe": "unsupported",
        "binary.txt": "unreadable",
        "poem.txt": "not-a-form",
    }
