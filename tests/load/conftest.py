"""Shared by the tests of the load stage: one page of a file, and tiny PDFs written by hand."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from extract.load import open_document
from extract.model import Page
from extract.settings import LoadSettings

OpenPage = Callable[..., Page]

GB1_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880/Descent -120/CapHeight 700"
    b"/ItalicAngle 0/StemV 80/FontBBox[-25 -254 1000 880]>>>>]>>"
)
LATIN_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def text(words: str, x: float, y: float, size: float = 10, matrix: str = "1 0 0 1", mode: int = 0) -> str:
    """The operators that show Chinese words with their baseline at x, y."""
    code = words.encode("utf-16-be").hex()
    return f"BT /G {size} Tf {mode} Tr {matrix} {x} {y} Tm <{code}> Tj ET\n"


def image(width: int, height: int, data: bytes) -> bytes:
    """A grey image object."""
    head = f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
    return head.encode() + b"/Length %d>>stream\n%s\nendstream" % (len(data), data)


def build(
    contents: Sequence[str],
    media_box: str = "0 0 595 842",
    page_extra: str = "",
    image_object: bytes = b"null",
) -> bytes:
    """A PDF with one page per content stream; fonts /G (GB1) and /F (Helvetica), image /I."""
    first = 6
    kids = " ".join(f"{first + 2 * i} 0 R" for i in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>".encode(),
        GB1_FONT,
        LATIN_FONT,
        image_object,
    ]
    for i, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[{media_box}]{page_extra}/Contents {first + 2 * i + 1} 0 R"
            "/Resources<</Font<</G 3 0 R/F 4 0 R>>/XObject<</I 5 0 R>>>>>>".encode()
        )
        stream = content.encode()
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


@pytest.fixture(scope="session")
def pdf() -> SimpleNamespace:
    """The makers of PDFs: `build`, `text`, `image`."""
    return SimpleNamespace(build=build, text=text, image=image)


@pytest.fixture
def open_page(tmp_path: Path) -> OpenPage:
    """Writes bytes to a file of a name and gives its only page."""

    def opened(data: bytes, name: str, settings: LoadSettings = LoadSettings()) -> Page:
        path = tmp_path / name
        path.write_bytes(data)
        (page,) = open_document(path, settings)
        assert isinstance(page, Page)
        return page

    return opened
