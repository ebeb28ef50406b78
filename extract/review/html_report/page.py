"""`report.html`: a run for the eye, the files that need a person first; one file that needs no server."""

from __future__ import annotations

import heapq
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from extract.formatting import counted, duration
from extract.records.outcomes import Entry, Outcome, Tally
from extract.review.html_report.article import COPY, article, row, state
from extract.review.html_report.style import HEAD, TAIL
from extract.storage.ledger import viewed_if_readable
from extract.storage.location import Location
from extract.storage.output_dir import OutputDir

MOST_FILES = 500
"""Files shown with picture and reasons at most, the worst ones: some 10 MB."""

MOST_ROWS = 10_000
"""Further files listed at most, each on one line: some 4 MB."""


def page(store: OutputDir, tally: Tally, entries: Iterable[Entry], pages: int, seconds: float) -> Iterator[str]:
    """The page in pieces; holds no more entries than it shows. The last run read so many `pages` in `seconds`."""
    found = _Found()
    listed = heapq.nlargest(MOST_FILES + MOST_ROWS, found.counted(entries), key=_gravity)
    worst = [entry for entry in listed[:MOST_FILES] if _needs_a_person(entry)]
    rest = listed[len(worst) :]
    yield HEAD
    yield f"<header><h1>{escape(tally.sentence())}</h1>\n<p>{_pace(pages, seconds)}</p></header>\n"
    yield _form(found.states)
    with viewed_if_readable(store.ledger) as ledger:

        def scan(entry: Entry) -> str | None:
            last = ledger.known(entry.path)
            return None if last is None else _address(last.source, store.root)

        yield "<main>"
        if worst:
            yield "<section><h2>To scan again or to check, the worst first</h2>\n"
            yield from (article(store, entry, scan(entry)) for entry in worst)
            yield "</section>\n"
        else:
            yield "<p>No file needs a person.</p>\n"
        if rest:
            yield "<section><h2>Other files</h2>\n<ul>"
            yield from (row(entry, scan(entry)) for entry in rest)
            yield "</ul></section>\n"
    yield _bounds(tally.files, len(listed))
    yield "</main>\n"
    yield TAIL


@dataclass
class _Found:
    """What is counted as the entries come by."""

    states: Counter[str] = field(default_factory=Counter)

    def counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.states[state(entry)] += 1
            yield entry


def _needs_a_person(entry: Entry) -> bool:
    return state(entry) in {Outcome.FAILED, Outcome.REVIEW}


def _gravity(entry: Entry) -> tuple[int, int]:
    """Files without a record first, then by how much is in doubt."""
    return (int(entry.exit_code), entry.doubts)


def _pace(pages: int, seconds: float) -> str:
    now = datetime.now().astimezone().isoformat(sep=" ", timespec="minutes")
    rate = f", {pages / seconds:.2g} a second" if pages and seconds > 0 else ""
    return f"{counted(pages, 'page')} read in {duration(seconds)}{rate}; written <time>{now}</time>"


def _form(states: Counter[str]) -> str:
    """What to show; it stays hidden where no script runs."""
    kinds = [("all", states.total()), *((kind, states[kind]) for kind in (*_REAL_OUTCOMES, COPY) if states[kind])]
    radios = "".join(
        f'<label><input type="radio" name="state" value="{kind}"{" checked" if kind == "all" else ""}> '
        f'<span class="{kind}">{kind}</span> {count:,}</label>'
        for kind, count in kinds
    )
    return (
        f"<form hidden><fieldset><legend>Show</legend>{radios}</fieldset>"
        '<label>Search <input type="search" name="search" autocomplete="off"></label><output></output></form>\n'
    )


_REAL_OUTCOMES = (Outcome.FAILED, Outcome.REVIEW, Outcome.OK)


def _bounds(files: int, listed: int) -> str:
    if listed == files:
        return ""
    return f'<p class="more">The worst {listed:,} of {files:,} files; report.json has them all.</p>\n'


def _address(source: Location, root: Location) -> str | None:
    """Where a browser that shows the page finds a scan; None for a scan or a page that is no file.

    Relative while the two have a folder in common, so that both may be moved or looked at over the network.
    """
    if not isinstance(source, Path) or not isinstance(root, Path):
        return None
    here, there = root.absolute(), source.absolute()
    if here.parts[:2] != there.parts[:2]:
        return there.as_uri()
    return quote(os.fsencode(os.path.relpath(there, here)))  # a name need not be Unicode
