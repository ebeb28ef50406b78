from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace

import docx
import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from extract.errors import (
    EmptyFile,
    EncryptedFile,
    InputError,
    MissingFile,
    TooLarge,
    TruncatedFile,
    UnsupportedFile,
)
from extract.load import open_document
from extract.settings.defaults import LoadSettings
from tests.paths import ROOT


def picture(format_: str, **options: object) -> bytes:
    pixels = np.tile(np.arange(64, dtype=np.uint8) * 4, (48, 1))
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format_, **options)
    return out.getvalue()


def word() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("text")
    document.add_table(2, 2).cell(0, 0).text = "a"
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = 1.5
    book.active.merge_cells("A1:B2")
    book.save(out)
    return out.getvalue()


def assert_pages_or_our_error(path: Path, limits: LoadSettings = LoadSettings()) -> None:
    """Any exception but ours fails the test by itself."""
    found: InputError | None = None
    try:
        list(open_document(path, limits))
    except InputError as error:
        found = error
    assert found is None or (str(found).endswith(".") and found.remedy)


@pytest.fixture(scope="module")
def files(pdf: SimpleNamespace, xls: bytes) -> dict[str, bytes]:
    return {**valid_files(pdf), "a.xls": xls}


def valid_files(pdf: SimpleNamespace) -> dict[str, bytes]:
    return {
        "a.png": picture("PNG"),
        "a.jpg": picture("JPEG"),
        "a.tif": picture("TIFF", compression="tiff_lzw"),
        "b.tif": picture("TIFF", save_all=True, append_images=[Image.new("1", (30, 20))]),
        "a.bmp": picture("BMP"),
        "a.webp": picture("WEBP", lossless=True),
        "a.gif": picture("GIF"),
        "a.pdf": pdf.build(["10 10 m 500 10 l S\n" + pdf.text("甲乙", 50, 700)]),
        "a.docx": word(),
        "a.xlsx": workbook(),
        "a.txt": "甲\t乙\n丙".encode("gb18030"),
        "a.csv": "a,b\n".encode("utf-16"),
        "a.html": b"<table><tr><td colspan=2>a<table><tr><td>b</table></table>",
        "a.md": b"# a\n\n| b | c |\n|---|---|\n",
    }


def test_every_valid_file_gives_pages(tmp_path: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert list(open_document(tmp_path / name)), name


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_foreign_exception_leaks_for_mutated_files(
    data: st.DataObject, tmp_path: Path, files: dict[str, bytes]
) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        content = content or bytearray(b"x")
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    path = tmp_path / name
    path.write_bytes(content)
    assert_pages_or_our_error(path, LoadSettings(max_megapixels=2, max_pages=20))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    head=st.sampled_from(
        [b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"PK\x03\x04", b"BM", b"\xff\xd8\xff"]
    ),
    name=st.sampled_from(["a.pdf", "a.png", "a.txt", "a.csv", "a.md", "a.html", "a.xls", "a.docx", "a.json", "a"]),
)
def test_no_foreign_exception_leaks_for_any_bytes(content: bytes, head: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(head + content)
    assert_pages_or_our_error(path)


def error_of(path: Path, limits: LoadSettings = LoadSettings()) -> type[InputError]:
    with pytest.raises(InputError) as caught:
        list(open_document(path, limits))
    return caught.type


def test_errors_name_what_is_wrong(tmp_path: Path, pdf: SimpleNamespace) -> None:
    def file(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    assert error_of(tmp_path / "none.pdf") is MissingFile
    assert error_of(file("empty.pdf", b"")) is EmptyFile
    assert error_of(file("zeros.tif", bytes(9000))) is TruncatedFile
    assert error_of(file("words.png", b"hello")) is InputError
    assert error_of(file("data.json", b"{}")) is UnsupportedFile
    assert error_of(file("a.zip", b"Rar!\x1a\x07\0")) is UnsupportedFile
    assert error_of(file("blank.txt", b" \n\t\n")) is EmptyFile
    assert error_of(file("noise.txt", bytes(range(32)) * 9 + b"\xff")) is InputError
    assert error_of(file("cut.png", picture("PNG")[:-30])) is TruncatedFile
    assert error_of(file("cut.jpg", picture("JPEG")[:-200])) is TruncatedFile
    assert error_of(file("cut.tif", picture("TIFF")[:1000])) is TruncatedFile
    assert error_of(file("cut.bmp", picture("BMP")[:1000])) is TruncatedFile
    assert error_of(file("cut.pdf", pdf.build([""])[:60])) is TruncatedFile
    assert error_of(file("cut.docx", word()[:-100])) is TruncatedFile
    assert error_of(
        file("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    ) is (EncryptedFile)
    assert error_of(file("big.txt", b"a" * 2000), LoadSettings(max_text_megabytes=0.001)) is TooLarge
    assert error_of(file("big.png", picture("PNG")), LoadSettings(max_file_megabytes=0.00001)) is TooLarge


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    png = bytearray(picture("PNG"))
    png[16:24] = struct.pack(">II", 60000, 60000)
    (tmp_path / "bomb.png").write_bytes(png)
    assert error_of(tmp_path / "bomb.png") in (TooLarge, TruncatedFile, InputError)
    png[29:33] = struct.pack(">I", zlib.crc32(png[12:29]))
    (tmp_path / "bomb.png").write_bytes(png)
    assert error_of(tmp_path / "bomb.png") is TooLarge


def test_content_decides_before_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(picture("PNG"))
    (tmp_path / "a.xls").write_bytes(b"<html><table><tr><td>1</table></html>")
    assert [page.ref.page for page in open_document(tmp_path / "a.pdf")] == [1]
    assert [page.ref.page for page in open_document(tmp_path / "a.xls")] == [1]


def test_importing_the_package_loads_no_decoder() -> None:
    decoders = ("PIL", "cv2", "pypdfium2", "openpyxl", "lxml", "xlrd")
    code = f"import sys, extract.load; print([m for m in {decoders} if m in sys.modules])"
    root = ROOT
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert out.stdout.strip() == "[]"
