"""`report.html`: a run for the eye, the files that need a person first; one file that needs no server."""

from __future__ import annotations

import base64
import heapq
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote

from extract.doubts import Doubt, doubts
from extract.errors import ExitCode
from extract.report import Entry, Outcome, RecordSummary, Tally
from extract.store import Store

MOST_FILES = 500
"""Files shown at most, the worst ones: with their thumbnails some 6 MB."""

MOST_DOUBTS = 12
"""Doubts shown of one file."""

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Zhibiao: report</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px/1.45 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em;
  color: #222; }
h1 { font-size: 1.4em; } h2 { font-size: 1em; margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; } td, th { padding: .15em 1em .15em 0; text-align: left; vertical-align: top; }
td.n { text-align: right; } article { display: flex; gap: 1em; border-top: 1px solid #ccc; padding: 1em 0; }
article > div { flex: 1; min-width: 0; } figure { margin: 0; width: 240px; } img { border: 1px solid #bbb; }
ul { margin: .3em 0; padding-left: 1.2em; } code { font-size: .9em; overflow-wrap: anywhere; }
.failed, .error { color: #b01818; } .review, .warning { color: #a06000; } .ok { color: #067a3c; }
.remedy, .more { color: #666; }
</style></head><body>
"""


def page(store: Store, tally: Tally, entries: Iterable[Entry]) -> Iterator[str]:
    """The page in pieces; holds no more entries than it shows."""
    yield _HEAD
    yield f"<h1>{escape(tally.sentence())}</h1>\n<table>\n"
    for outcome, count in tally.outcomes.items():
        if count:
            yield f'<tr><td class="{outcome}">{outcome}</td><td class="n">{count}</td></tr>\n'
    yield "</table>\n"
    worst = heapq.nlargest(MOST_FILES, filter(_needs_a_person, entries), key=_gravity)
    for entry in worst:
        yield _article(store, entry)
    if len(worst) == MOST_FILES:
        yield f'<p class="more">The worst {MOST_FILES} files; report.json has them all.</p>\n'
    if not worst:
        yield "<p>No file needs a person.</p>\n"
    yield "</body></html>\n"


def _needs_a_person(entry: Entry) -> bool:
    return entry.exit_code is not ExitCode.OK


def _gravity(entry: Entry) -> tuple[int, int]:
    """Files without a record first, then by how much is in doubt."""
    return (int(entry.exit_code), entry.doubts)


def _article(store: Store, entry: Entry) -> str:
    state = Outcome.REVIEW if entry.records else Outcome.FAILED
    parts = [f'<h2>{escape(entry.path)} <span class="{state}">{escape(entry.code or state)}</span></h2>']
    if entry.message:
        remedy = f' <span class="remedy">{escape(entry.remedy or "")}</span>'
        parts.append(f"<p>{escape(entry.message)}{remedy}</p>")
    parts += [f'<p class="warning">{escape(warning)}</p>' for warning in entry.warnings]
    parts += [_record(record) for record in entry.records]
    parts.append(_list(doubts(store, entry)))
    return f"<article>{_picture(store.picture(entry.path))}<div>{''.join(parts)}</div></article>\n"


def _record(record: RecordSummary) -> str:
    href = escape(quote(record.path, errors="replace"))
    said = escape(f"{record.form}, {record.status}, {record.fields} values, {record.doubts} doubts")
    return f'<div><a href="{href}">{escape(record.path)}</a>: {said}</div>'


def _list(found: list[Doubt]) -> str:
    items = [
        f'<li><code>{escape(doubt.pointer)}</code> <span class="{escape(doubt.severity)}">{escape(doubt.code)}</span>'
        f" {escape(doubt.message)}</li>"
        for doubt in found[:MOST_DOUBTS]
    ]
    more = len(found) - len(items)
    if more > 0:
        items.append(f'<li class="more">and {more} more</li>')
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _picture(content: bytes | None) -> str:
    if content is None:
        return "<figure></figure>"
    data = base64.b64encode(content).decode("ascii")
    return f'<figure><img alt="" width="240" src="data:image/jpeg;base64,{data}"></figure>'
