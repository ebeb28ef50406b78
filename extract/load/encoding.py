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
_MAX_STRAY_CONTROLS, _MAX_STRAY_SHARE = 3, 0.05
"""So many are damage, in a short text no more than this share of it."""

_EIGHT_BIT = ("utf-8", "gb18030")
_MIN_ONE_SIDED = 0.9
_MAX_STRAY_ZEROS = 0.05
"""Of the bytes of a text of 8-bit units; in UTF-16, every tab, digit and line end has a zero."""


def decode(data: bytes) -> str:
    """The text of a file: by its byte order mark, else as UTF-8, else as GB 18030 (which holds GBK and GB 2312).

    What is none of these goes to charset-normalizer. A few stray control characters, NUL too, stay where they are.
    Raises InputError for what is no text in any encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(_strict(data, encoding))
    if _is_utf16(data):
        return _checked(_strict(data, _utf16_order(data)))
    for encoding in _EIGHT_BIT:
        try:
            return _checked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise InputError("The file is no text in any known encoding.")
    return _checked(str(best))


def _is_utf16(data: bytes) -> bool:
    """Whether bytes without a mark are UTF-16: zeros on one side of the pairs, more than an 8-bit text would have."""
    zeros, odd = data.count(0), data[1::2].count(0)
    if not zeros or max(odd, zeros - odd) < _MIN_ONE_SIDED * zeros:
        return False
    return zeros > _MAX_STRAY_ZEROS * len(data) or not any(_fits(data, name) for name in _EIGHT_BIT)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


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
    controls = len(_CONTROL.findall(text))
    strays = min(_MAX_STRAY_CONTROLS, _MAX_STRAY_SHARE * len(text))
    if controls > max(strays, _MAX_CONTROL_SHARE * len(text)):
        raise InputError("The file is no text: it is full of control characters.")
    return text
