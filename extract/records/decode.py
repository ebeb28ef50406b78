"""The records of an output folder as they are read back: typed, numbers exact, one at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from extract.errors import BadRecord

RECORDS = "records"
"""Folder of the records below the output folder."""


class RecordSource(msgspec.Struct, frozen=True, gc=False):
    """Where a record comes from."""

    path: str
    sha256: str
    pages: tuple[int, ...]
    index: int


class StoredRegion(msgspec.Struct, frozen=True, gc=False):
    """One part of a value that a page end cuts."""

    page: int
    quad: tuple[tuple[float, float], ...]
    dpi: Decimal | None = None


class StoredEvidence(msgspec.Struct, frozen=True, gc=False):
    """The evidence of a value; the quad stays the text that the record has, as databases keep it so."""

    page: int
    text: str
    origin: str
    confidence: Decimal | None = None
    quad: msgspec.Raw = msgspec.Raw(b"null")
    dpi: Decimal | None = None
    regions: tuple[StoredRegion, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def quad_text(self) -> str | None:
        """The quad as JSON on one line, None where there is none."""
        text = str(self.quad, "utf-8")
        return None if text == "null" else text

    def points(self) -> list[list[float]]:
        """The corners of the quad, none where there is none."""
        text = self.quad_text
        return [] if text is None else msgspec.json.decode(text, type=list[list[float]])


class StoredCheck(msgspec.Struct, frozen=True, gc=False):
    """The outcome of a rule."""

    id: str
    status: str
    message: str
    pointers: tuple[str, ...] | None = None


class StoredIssue(msgspec.Struct, frozen=True, gc=False):
    """A doubt."""

    code: str
    severity: str
    pointer: str
    message: str
    expected: str | None = None
    actual: str | None = None


class StoredRecord(msgspec.Struct, frozen=True, gc=False):
    """A record as its file has it.

    `digest` is a hash of all but its scan's path, `file` where it lies; `is_as_written` where the ledger has the hash
    of its content.
    """

    form: str
    form_version: str
    status: str
    source: RecordSource
    data: dict[str, Any]
    evidence: dict[str, StoredEvidence]
    checks: tuple[StoredCheck, ...]
    issues: tuple[StoredIssue, ...]
    engine: dict[str, str | None]
    digest: str = ""
    file: str = ""
    is_as_written: bool = False

    @property
    def accepted(self) -> bool:
        """Whether every required value was read, no check failed and no issue is an error; warnings may stand."""
        return self.status == "accepted"


_decimal = lru_cache(maxsize=32_768)(Decimal)
"""Confidences and resolutions come again and again."""

_decoder = msgspec.json.Decoder(StoredRecord, float_hook=_decimal)


def decode(content: bytes, file: str, is_as_written: bool = False) -> StoredRecord:
    """A record file's content. Raises BadRecord where it is none."""
    try:
        record = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRecord(f"{file} is not a record that `zhibiao run` wrote: {error}") from error
    if b"\\u0000" in content:
        raise BadRecord(f"{file} holds a NUL character, which no database takes as text")
    return msgspec.structs.replace(
        record, digest=_digest(content, record.source.path), file=file, is_as_written=is_as_written
    )


def _digest(content: bytes, path: str) -> str:
    """The SHA-256 of a record but for the path of its scan: a copy of a scan gives the same."""
    own = json.dumps(path, ensure_ascii=False).encode()
    return hashlib.sha256(content.replace(own, b"", 1)).hexdigest()


def value(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """What stands below a row of keys; None where one of them leads to null or nowhere."""
    found: Any = data
    for key in path:
        if found is None:
            return None
        found = found.get(key)
    return found
