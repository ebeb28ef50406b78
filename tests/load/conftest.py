"""Shared by the tests of the load stage: one page of a file, and tiny PDFs written by hand."""

import base64
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from extract.load import open_document
from extract.model import Page
from extract.settings.defaults import LoadSettings

XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)O-"
        "NKx6#nj=dCm`x&gd9uB*Q>fW<<4V<2(z>S|nDBBBauE5thmjk}b@#X%|FoENUUxqKy?nKU7k!S_FnIf*=@+RzVRIv`}B?oOv&1rU"
        "@J<L3`hD&pY?rbM8Iw+;e~Cy_$@qNAJ{3BM%99FlPl&k|k4A0!}3iYPT$Aou{9Q<zi7G;HQZ!G4Lq#(#Lbi^F0lX+umnHf%jC}(1"
        "(`Zp03yeVypPjuGoi0<)z%yxJIQ6)#6u$&?7=Ch29d~$3mM#azSV#>88~IOqwnAo9#T_ujA5IMpWUx*t`|V22|k%=ke)_Dx+&)OY"
        "&&@u_fP7>n+6?C<&Uodb*Na58(!{=>bA~UHo_&QA&?7e79o2H)kJs8gu0fD_0=-"
        "k6gL$4{|?(1?2&F3(A8u<@xf<+6xT9I;?oHq{z0<o5`HLTp252R$<2sR)8D0kmkt9=YEp+A0(1!qg*=~<nu%Jn{dv46OvU}O0*N@"
        "!bfB+hROYzn_s7Pb+np?L^332Oy(q7$!@{I8MYwfGC2K#&Mu%{EY=D=E4?lkzD8)2(w?4mtyMO&eOPqPNoyUAvq|vUT$RPICO-"
        "9P_k-Hh2XhVa<IU5jqT_GOQN$?{oe~FyVKk@)b@dA4q3Jx8y=T1>TK(Jp<=0``cgsF*%Q1_fuo0mXQsd}wd{|%Q>3b*&N_NMc*N5"
        "t!pZ{V$A)bAzM8*0+6~(2y+P2kswubhLEJE6YI%v<sMv|}>Y!#8d+18V1J3+DVh(@MwL;TEr4@3Iq5k5*Jv{-"
        "06%`_6a0{5ialy&D=h@4Ts=wi(oRWN6GmL#eu6jc{4T)1%I!o~jzC3mmPjhXL8hJC;C+23_$sm!^bNtP`3pqG9p=r7+k^w2Yjfui"
        "zf84Tt0rRHhld@p3|qtTP-Mu+&(U3C7^{a9tc&%6!8e{TsDJN{fTe*WX}e*y;t6xI"
    )
)
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
def xls() -> bytes:
    """A workbook of the old kind: numbers, a date, merged cells, a hidden sheet."""
    return XLS


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
