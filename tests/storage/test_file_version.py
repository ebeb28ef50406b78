"""Whether a file is still what it was."""

import hashlib
import os
from pathlib import Path

from extract.storage.file_version import is_folder, sha256, stamp


def test_a_file_that_is_written_again_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    before = stamp(path)
    assert before == stamp(path)
    path.write_bytes(b"2")
    os.utime(path, ns=(0, 1))
    assert stamp(path) != before


def test_a_file_that_is_replaced_by_its_like_has_another_stamp(tmp_path: Path) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    for one in (path, other):
        one.write_bytes(b"1")
        os.utime(one, ns=(5, 5))
    before = stamp(path)
    other.replace(path)
    assert stamp(path) != before


def test_what_is_gone_or_no_file_has_none(tmp_path: Path) -> None:
    assert stamp(tmp_path / "none") is None
    assert stamp(tmp_path) is None


def test_a_path_that_cannot_be_looked_at_leads_to_no_folder(tmp_path: Path) -> None:
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / ("x" * 300))


def test_the_hash_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    assert sha256(tmp_path / "a") == hashlib.sha256(b"content").hexdigest()
