"""Traditional characters of mainland forms are misreadings of the simplified ones: the same word, other strokes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

_HAN = range(0x4E00, 0xA000)


def simplified(character: str) -> str:
    """The simplified form of a character that is traditional and nothing else; any other as it is.

    Pairs are those of OpenCC. A character of GB 2312 is in use in simplified texts, whatever else it stands for.
    """
    return _pairs().get(character, character)


@cache
def _pairs() -> Mapping[str, str]:
    from opencc import OpenCC

    traditional = [char for char in map(chr, _HAN) if not _in_use(char)]
    plain = OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    return {a: b for a, b in zip(traditional, plain, strict=True) if a != b and len(b) == 1 and _in_use(b)}


def _in_use(character: str) -> bool:
    """Whether GB 2312, the character set of simplified Chinese, has a character."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
