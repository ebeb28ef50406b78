from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import InputError
from extract.load.encoding import decode

WORDS = "绩效\t≥90%\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk"])
def test_common_encodings(encoding: str) -> None:
    assert decode(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_zero_bytes(encoding: str) -> None:
    assert decode("a\t1\n".encode(encoding)) == "a\t1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_stray_nul_makes_no_text_utf16(encoding: str) -> None:
    text = "项目支出绩效自评表\t年度\t2021\n项目名称\t金额\t1\x002\n"
    assert decode(text.encode(encoding)) == text


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="control"):
        decode(b"\x01\x02abc")
    with pytest.raises(InputError, match="UTF-16"):
        decode(b"\xff\xfe\x00\xd8\x00")


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), min_size=1))
def test_utf8_and_gb18030_survive(text: str) -> None:
    assert decode(text.encode()) == text


@settings(deadline=None)  # the first call loads charset-normalizer
@given(st.binary(max_size=60))
def test_any_bytes_give_text_or_our_error(data: bytes) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(decode(data), str)
