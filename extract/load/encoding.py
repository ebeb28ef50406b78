"""Bytes of a text file to characters, never by guess where a strict reading succeeds."""

from __future__ import annotations

import codecs
import re

from extract.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 before UTF-16, whose mark its own begins with."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MAX_CONTROL_SHARE = 0.001


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, else as UTF-8, else as GB 18030 (which holds GBK and GB 2312).

    What is none of these goes to charset-normalizer. Raises InputError for what is no text in any encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    if b"\0" in data:
        return _checked(_strict(data, _utf16_order(data)))
    for encoding in ("utf-8", "gb18030"):
        try:
            return _checked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise InputError("The file is no text in any known encoding.")
    return _checked(str(best))


def _utf16_order(data: bytes) -> str:
    """The byte order of UTF-16 without a mark: tabs, digits and line ends have their zero byte on one side."""
    low, high = data[1::2].count(0), data[0::2].count(0)
    return "utf-16-le" if low >= high else "utf-16-be"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"The file is damaged: it is not the {encoding.upper()} text it begins as.") from error


def _checked(text: str) -> str:
    if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise InputError("The file is no text: it is full of control characters.")
    return text
