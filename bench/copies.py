"""Copies of a page image that look the same and are other files: a comment tells them apart."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

from PIL import Image

A4_PX = 3508
"""The longer side of A4 at 300 dpi."""

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_PNG_HEADER_END = 33
"""Signature (8 bytes) and IHDR (25)."""


def commented(image: bytes, comment: str) -> bytes:
    """A JPEG or PNG with a comment more. Raises ValueError for other formats."""
    text = comment.encode("ascii")
    if image.startswith(JPEG):
        return JPEG + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + image[len(JPEG) :]
    if image.startswith(PNG):
        body = b"tEXtComment\0" + text
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        return image[:_PNG_HEADER_END] + chunk + image[_PNG_HEADER_END:]
    raise ValueError("neither JPEG nor PNG")


def at_a4(path: Path) -> bytes:
    """The page as a JPEG of A4 at 300 dpi."""
    sink = io.BytesIO()
    with Image.open(path) as image:
        ratio = A4_PX / max(image.size)
        size = (round(image.width * ratio), round(image.height * ratio))
        exif = image.getexif()
        grey = image if image.mode in {"L", "RGB"} else image.convert("L")
        grey.resize(size, Image.Resampling.LANCZOS).save(sink, "JPEG", quality=85, dpi=(300, 300), exif=exif)
    return sink.getvalue()
