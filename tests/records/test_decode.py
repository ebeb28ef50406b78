"""Records as they are read back."""

import json
from decimal import Decimal
from typing import Any

import pytest

from extract.errors import BadRecord
from extract.records.decode import decode, value

PLAIN: dict[str, Any] = {
    "form": "f",
    "form_version": "1",
    "status": "accepted",
    "source": {"path": "a.png", "sha256": "00", "pages": [1, 2], "index": 0},
    "data": {"score": 9.71, "deep": {"key": None}},
    "evidence": {"/score": {"page": 1, "text": "9.71", "origin": "ocr", "confidence": 0.997, "quad": [[1, 2]]}},
    "checks": [],
    "issues": [],
    "engine": {"ocr": "none", "extract": "0"},
}


def content(**changes: Any) -> bytes:
    return json.dumps({**PLAIN, **changes}, ensure_ascii=False).encode()


def test_numbers_are_exact() -> None:
    record = decode(content(), "a.json")
    assert record.data["score"] == Decimal("9.71")
    assert record.evidence["/score"].confidence == Decimal("0.997")
    assert record.evidence["/score"].points() == [[1, 2]]
    assert record.accepted
    assert not decode(content(status="review"), "a.json").accepted


def test_a_copy_of_a_scan_gives_the_same_digest_and_another_value_another() -> None:
    moved = content(source={**PLAIN["source"], "path": "b/c.png"})
    assert decode(moved, "x").digest == decode(content(), "y").digest
    assert decode(content(data={"score": 9.72}), "x").digest != decode(content(), "y").digest


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"{}", b"\xff", content(status=3), content(data={"a": "\0"})])
def test_what_is_no_record_is_named(broken: bytes) -> None:
    with pytest.raises(BadRecord, match=r"a\.json"):
        decode(broken, "a.json")


def test_a_way_into_the_data_ends_at_null() -> None:
    assert value({"a": {"b": 1}}, ("a", "b")) == 1
    assert value({"a": None}, ("a", "b")) is None
    assert value({}, ("a",)) is None
