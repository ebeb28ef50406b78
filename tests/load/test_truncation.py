from __future__ import annotations

from pathlib import Path

import pytest

from extract.load.sniff import Kind
from extract.load.truncation import breaks_off


@pytest.mark.parametrize(
    ("kind", "whole", "cut"),
    [
        (Kind.PNG, b"...IEND\xaeB`\x82", b"...IDAT"),
        (Kind.JPEG, b"\xff\xd8..\xff\xd9", b"\xff\xd8.."),
        (Kind.BMP, b"BM\x0a\0\0\0....", b"BM\x0b\0\0\0...."),
        (Kind.WEBP, b"RIFF\x04\0\0\0WEBP", b"RIFF\x05\0\0\0WEBP"),
        (Kind.TIFF, b"II*\0\x08\0\0\0..", b"MM\0*\0\0\0\x08"),
        (Kind.PDF, b"%PDF-1.4 %%EOF\n", b"%PDF-1.4 1 0 obj"),
        (Kind.GIF, b"GIF89a", b""),
    ],
)
def test_end_marks_and_stated_sizes(tmp_path: Path, kind: Kind, whole: bytes, cut: bytes) -> None:
    (tmp_path / "a").write_bytes(whole)
    assert not breaks_off(tmp_path / "a", kind)
    (tmp_path / "a").write_bytes(cut)
    assert breaks_off(tmp_path / "a", kind) is (kind is not Kind.GIF)
