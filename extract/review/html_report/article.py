"""What the page says of one file."""

from __future__ import annotations

import base64
from html import escape
from urllib.parse import quote

from extract.errors import ExitCode
from extract.formatting import counted, visible
from extract.records.outcomes import Entry, Outcome, RecordSummary
from extract.review.issues import Doubt, doubts
from extract.storage.output_dir import OutputDir

MOST_DOUBTS = 12
"""Doubts shown of one file."""

COPY = "copy"
"""The state of a file whose content another file has as well."""


def state(entry: Entry) -> str:
    """How a file stands, whenever it was read: failed, review, ok, or a copy of another."""
    if entry.records:
        return Outcome.OK if entry.exit_code is ExitCode.OK else Outcome.REVIEW
    return COPY if entry.same_as is not None else Outcome.FAILED


def article(store: OutputDir, entry: Entry, scan: str | None) -> str:
    """A file that needs a person, with its picture and all its reasons; `scan` is the address of the file."""
    parts = [f"<h3>{_name(entry, scan)} {_state(entry)}</h3>", *(f"<p>{said}</p>" for said in _message(entry))]
    parts += [f'<p class="warning">{_text(warning)}</p>' for warning in entry.warnings]
    parts.append(_table(doubts(store, entry)))
    parts += map(_record, entry.records)
    picture = _picture(store.picture(entry.path), entry, scan)
    return f'<article data-state="{state(entry)}">{picture}<div>{"".join(parts)}</div></article>\n'


def row(entry: Entry, scan: str | None) -> str:
    """A file on one line."""
    warnings = (f'<span class="warning">{_text(warning)}</span>' for warning in entry.warnings)
    parts = [_name(entry, scan), *_message(entry), *warnings, *map(_record, entry.records)]
    return f'<li data-state="{state(entry)}">{_state(entry)}<div>{" ".join(parts)}</div></li>\n'


def _text(text: str) -> str:
    return escape(visible(text))


def _name(entry: Entry, scan: str | None) -> str:
    name = f"<bdi>{_text(entry.path)}</bdi>"
    return name if scan is None else f'<a href="{escape(scan)}">{name}</a>'


def _state(entry: Entry) -> str:
    found = state(entry)
    code = f" <code>{escape(entry.code)}</code>" if entry.code and not entry.records and found != COPY else ""
    return f'<span class="state {found}">{found}{code}</span>'


def _message(entry: Entry) -> list[str]:
    remedy = f' <span class="remedy">{_text(entry.remedy)}</span>' if entry.remedy else ""
    return [_text(entry.message) + remedy] if entry.message else []


def _record(record: RecordSummary) -> str:
    href = escape(quote(record.path, errors="replace"))
    doubts = f", {counted(record.doubts, 'doubt')}" if record.doubts else ""
    said = escape(f"{record.form}, {record.status}, {counted(record.fields, 'value')}{doubts}")
    return f'<div><a href="{href}"><bdi>{_text(record.path)}</bdi></a>: {said}</div>'


def _table(found: list[Doubt]) -> str:
    if not found:
        return ""
    head = "<thead><tr><th>Page<th>Value<th>Read as<th>Why it is in doubt</thead>"
    rows = "".join(map(_doubt, found[:MOST_DOUBTS]))
    more = len(found) - MOST_DOUBTS
    rest = f'<p class="more">and {more} more in the record</p>' if more > 0 else ""
    return f"<table>{head}<tbody>{rows}</tbody></table>{rest}"


def _doubt(doubt: Doubt) -> str:
    read = "" if doubt.actual is None else f"<bdi>{_text(doubt.actual)}</bdi>"
    return (
        f'<tr><td>{doubt.page or ""}<td title="{_text(doubt.pointer)}">{_text(_in_words(doubt.pointer))}<td>{read}<td>'
        f'<span class="{escape(doubt.severity)}">{escape(doubt.severity)}</span> {_text(doubt.message)}'
        f" <code>{escape(doubt.code)}</code>\n"
    )


def _in_words(pointer: str) -> str:
    """A JSON pointer as people say it, rows counted from 1 as on paper."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return ", ".join(f"row {int(step) + 1}" if step.isdecimal() else step.replace("_", " ") for step in steps)


def _picture(jpeg: bytes | None, entry: Entry, scan: str | None) -> str:
    if jpeg is None:
        return ""
    alt = escape(f"Small picture of {visible(entry.path)}, doubtful values framed in red")
    image = f'<img alt="{alt}" loading="lazy" src="data:image/jpeg;base64,{base64.b64encode(jpeg).decode("ascii")}">'
    linked = image if scan is None else f'<a href="{escape(scan)}" tabindex="-1">{image}</a>'
    return f"<figure>{linked}</figure>"
