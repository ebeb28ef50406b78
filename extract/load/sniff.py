"""What a file is, judged by its bytes; the name breaks ties between text formats only."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from extract.errors import (
    EmptyFile,
    EncryptedFile,
    InputError,
    MissingFile,
    TooLarge,
    TruncatedFile,
    UnsupportedFile,
)
from extract.settings.defaults import LoadSettings


class Kind(StrEnum):
    """A format that can be read; the value is how a message calls it."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WebP"
    GIF = "GIF"
    PDF = "PDF"
    TEXT = "text"
    CSV = "CSV"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    DOCX = "DOCX"
    XLSX = "XLSX"
    XLS = "XLS"


HEAD_BYTES = 4096

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
)

_TEXT_SUFFIX: dict[str, Kind] = {
    "": Kind.TEXT,
    ".txt": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".tab": Kind.TEXT,
    ".xls": Kind.TEXT,
    ".doc": Kind.TEXT,
    ".csv": Kind.CSV,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
}
"""`.xls` and `.doc` stand here because many systems export text or HTML under these names."""

_NAMED_FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".webp": "WebP",
    ".gif": "GIF",
    ".pdf": "PDF",
    ".docx": "DOCX",
    ".xlsx": "XLSX",
}

_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (4, b"ftypheic", "an HEIC photograph"),
    (4, b"ftypheix", "an HEIC photograph"),
    (4, b"ftypmif1", "an HEIC photograph"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"jP  ", "a JPEG 2000 picture"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"AT&TFORM", "a DjVu document"),
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(path: Path, settings: LoadSettings) -> Kind:
    """The kind of a file by its first bytes (for containers, by their table of contents).

    Raises MissingFile, EmptyFile, TooLarge, TruncatedFile (nothing but zero bytes), EncryptedFile (office files),
    UnsupportedFile, and InputError where the name promises a format that the content is not.
    """
    head = _head(path, settings)
    kind = _kind_of_bytes(path, head)
    if kind is not None:
        return kind
    for offset, magic, name in _FOREIGN:
        if head[offset : offset + len(magic)] == magic:
            raise UnsupportedFile(f"This is {name}, which is not read.")
    return _kind_of_text(path, head)


def check_size(size: int, settings: LoadSettings) -> None:
    """Raise EmptyFile or TooLarge for a file of so many bytes that it need not be opened."""
    if size == 0:
        raise EmptyFile("The file is empty: it holds zero bytes.")
    if size > settings.max_file_megabytes * 1e6:
        limit = f"{settings.max_file_megabytes:.0f} MB"
        raise TooLarge(f"The file has {size / 1e6:.0f} MB; the limit is {limit}.")


def _head(path: Path, settings: LoadSettings) -> bytes:
    if not path.exists():
        raise MissingFile("There is no such file.")
    if path.is_dir():
        raise InputError("The folder may not be listed: permission is missing.")
    if not path.is_file():
        raise MissingFile("This is not a file.")
    check_size(path.stat().st_size, settings)
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\0"):
        raise TruncatedFile("The file begins with nothing but zero bytes: it was never written to the end.")
    return head


def _kind_of_bytes(path: Path, head: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[:2] == b"BM" and (head[6:10] == bytes(4) or path.suffix.lower() in (".bmp", ".dib")):
        return Kind.BMP
    if b"%PDF-" in head[:1024]:  # readers search the first 1024 bytes (ISO 32000-1, Annex H.3, note 13)
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    return None


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
        if path.suffix.lower() in (".docx", ".xlsx"):
            raise TruncatedFile("The office file breaks off: its table of contents, at its end, is missing.") from error
        raise InputError("The file is a damaged archive.") from error
    if "word/document.xml" in names:
        return Kind.DOCX
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "OFD.xml" in names:
        raise UnsupportedFile("This is an OFD document, which is not read.")
    if "ppt/presentation.xml" in names:
        raise UnsupportedFile("This is a PowerPoint file, which is not read.")
    if "mimetype" in names and "content.xml" in names:
        raise UnsupportedFile("This is an OpenDocument file, which is not read.")
    if "xl/workbook.bin" in names:
        raise UnsupportedFile("This is a binary Excel workbook (XLSB), which is not read.")
    raise UnsupportedFile("This is a ZIP archive, which is not read: unpack it first.")


def _kind_of_ole(path: Path) -> Kind:
    """Which program wrote an OLE container, told by the names of its streams (UTF-16 in its directory)."""
    data = path.read_bytes()

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise EncryptedFile("The office file asks for a password.")
    if holds("WordDocument"):
        raise UnsupportedFile("This is a Word document of the old kind (DOC or WPS), which is not read.")
    if holds("PowerPoint Document"):
        raise UnsupportedFile("This is a PowerPoint file, which is not read.")
    if holds("Workbook") or holds("Book"):
        return Kind.XLS
    raise UnsupportedFile("This is an office file of an unknown kind.")


def _kind_of_text(path: Path, head: bytes) -> Kind:
    suffix = path.suffix.lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if suffix in _TEXT_SUFFIX:
        if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
            return Kind.HTML
        return _TEXT_SUFFIX[suffix]
    if suffix in _NAMED_FORMATS:
        name = _NAMED_FORMATS[suffix]
        raise InputError(f"The name says {name}, but the content does not: the file is damaged or misnamed.")
    raise UnsupportedFile(f"The format {suffix or 'of this file'} is not read.")
