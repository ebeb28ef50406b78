"""Every scan of an output folder as a PDF that can be searched."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf

from extract.downstream.export.whole import unfinished
from extract.downstream.records import Stored, decode, read_all
from extract.downstream.scans import scan_of
from extract.downstream.searchable.font import embed
from extract.downstream.searchable.layer import Placed, operators, turn
from extract.downstream.searchable.pages import as_pdf, pages_of
from extract.errors import InputError
from extract.geometry import Quad
from extract.model import Origin, Page
from extract.text import join


@dataclass(frozen=True)
class Made:
    """What became of a scan: the PDF that was written, or why there is none."""

    scan: str
    pdf: Path | None
    texts: int = 0
    reason: str = ""


def searchable(output: Path, target: Path) -> Iterator[Made]:
    """Write `TARGET/<path of the scan>.pdf` for each scan, one at a time; text exports have no page and are left out.

    Raises MissingFile for a folder without records, OutputError where the target cannot be written.
    """
    for name, records in _by_scan(output):
        if not any(entry.quad_text for record in records for entry in record.evidence.values()):
            continue
        scan = scan_of(records[0])
        if scan is None:
            yield Made(name, None, reason="the scan is not where it was read, or is another file now")
            continue
        try:
            yield _make(name, scan, records, target)
        except InputError as error:
            yield Made(name, None, reason=str(error))


def _by_scan(output: Path) -> Iterator[tuple[str, Sequence[Stored]]]:
    """The records of each scan; only their paths are held."""
    files: dict[str, list[str]] = defaultdict(list)
    for record in read_all(output):
        files[record.source.path].append(record.file)
    for name in sorted(files):
        yield name, [decode(Path(file).read_bytes(), file) for file in files[name]]


def _make(name: str, scan: Path, records: Sequence[Stored], target: Path) -> Made:
    pages = {page.ref.page: page for page in pages_of(scan)}
    placed = _placed(records, pages)
    path = target / (name if name.lower().endswith(".pdf") else f"{name}.pdf")
    with unfinished(path) as files, as_pdf(scan, list(pages.values())) as pdf:
        _lay(pdf, placed)
        content = io.BytesIO()  # QPDF ends the process where a disk is full
        pdf.save(content, deterministic_id=True)
        files.file().write_bytes(content.getbuffer())
        files.finish()
    return Made(name, path, sum(map(len, placed.values())))


def _placed(records: Sequence[Stored], pages: Mapping[int, Page]) -> Mapping[int, Sequence[Placed]]:
    """The texts by page, each piece of ink once; pages with a text layer of their own need none."""
    found: dict[int, dict[str, Placed]] = defaultdict(dict)
    layered = set()
    for record in records:
        for entry in record.evidence.values():
            if entry.origin == Origin.TEXT_LAYER:
                layered.add(entry.page)
            quad, text = entry.quad_text, join(entry.text.splitlines())
            if quad is not None and text and entry.page in pages:
                height, width = pages[entry.page].image.shape[:2]
                points = Quad.of(entry.points()).array() / np.array([width, height])
                found[entry.page].setdefault(quad, Placed(text, points))
    return {number: list(texts.values()) for number, texts in found.items() if number not in layered}


def _lay(pdf: pikepdf.Pdf, placed: Mapping[int, Sequence[Placed]]) -> None:
    characters = {character for texts in placed.values() for one in texts for character in one.text}
    if not characters:
        return
    font = embed(pdf, characters)
    for number, texts in placed.items():
        page = pdf.pages[number - 1]
        name = page.add_resource(font.dictionary, pikepdf.Name.Font)
        page.contents_add(b"q", prepend=True)  # what the page leaves changed must not move the text
        page.contents_add(b"Q\n" + operators(page, texts, font, str(name)))
        page.rotate(turn(texts), relative=True)
