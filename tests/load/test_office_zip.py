from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from extract.errors import EncryptedFile, TooLarge
from extract.load.office_zip import opened
from extract.settings.defaults import LoadSettings


def test_a_zip_bomb_is_refused_whatever_size_it_states(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 20_000_000)
    with pytest.raises(TooLarge), opened(path, LoadSettings(max_unpacked_megabytes=10)):
        pass


def test_an_encrypted_part_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", b"x")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(EncryptedFile), opened(path, LoadSettings()):
        pass
