"""A font that shows nothing: each character has a width and a Unicode value, and no shape."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name, Object, Pdf

UNITS = 1000
"""Units of the em in PDF's own measure."""

ASCENT, DESCENT = 850, -150
"""Where the box of a line ends above and below its baseline; about what Chinese fonts have."""


def width(character: str) -> int:
    """1000 for what takes a full em in Chinese print, 500 for the rest."""
    return UNITS if unicodedata.east_asian_width(character) in "WFA" else UNITS // 2


@dataclass(frozen=True)
class Font:
    """A font in a document, and the code of each of its characters."""

    dictionary: Object
    codes: Mapping[str, int]

    def encode(self, text: str) -> str:
        """The text as the hexadecimal string of a PDF operator."""
        return f"<{''.join(f'{self.codes[character]:04X}' for character in text)}>"


def embed(pdf: Pdf, characters: Iterable[str]) -> Font:
    """Put the font for some characters into a document: ISO 32000-1, 9.7 (composite fonts) and 9.10 (ToUnicode)."""
    known = sorted(set(characters))
    codes = dict(zip(known, range(1, len(known) + 1), strict=True))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.ZhibiaoInvisible,
        FontFile2=pdf.make_stream(_glyphless()),
        Flags=4,
        FontBBox=Array([0, DESCENT, UNITS, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.ZhibiaoInvisible,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=UNITS,
        W=Array([1, Array([width(character) for character in known])]),
        CIDToGIDMap=pdf.make_stream(b"".join(_glyph(character) for character in ("", *codes))),
    )
    outer = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.ZhibiaoInvisible,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]),
        ToUnicode=pdf.make_stream(_to_unicode(codes)),
    )
    return Font(pdf.make_indirect(outer), codes)


@cache
def _glyphless() -> bytes:
    """A TrueType font whose glyphs are lines from corner to corner of their boxes: they have an extent and no area.

    PDFium drops a sideways text whose glyphs have no extent.
    """
    builder = FontBuilder(UNITS, isTTF=True)
    glyphs = {".notdef": Glyph(), "full": _diagonal(UNITS), "half": _diagonal(UNITS // 2)}
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({0x20: "half"})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({".notdef": (UNITS, 0), "full": (UNITS, 0), "half": (UNITS // 2, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": "ZhibiaoInvisible", "styleName": "Regular", "psName": "ZhibiaoInvisible"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    file = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(file)
    return file.getvalue()


def _diagonal(right: int) -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((right, ASCENT))
    pen.closePath()
    return pen.glyph()


def _glyph(character: str) -> bytes:
    """The number of a character's glyph; the code 0 has none."""
    return b"\0\0" if not character else (b"\0\1" if width(character) == UNITS else b"\0\2")


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    """The CMap from codes to UTF-16, in blocks of at most 100 as ISO 32000-1, 9.10.3 asks."""
    lines = [f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, code in codes.items()]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
