"""Every scan of an output folder as a PDF that can be searched."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf

from extract.downstream.searchable.font import embed
from extract.downstream.searchable.layer import operators, turn
from extract.downstream.searchable.pages import as_pdf, is_pdf, pages_of
from extract.downstream.searchable.texts import PageTexts, of_lines, of_records
from extract.downstream.tables.atomic_file import unfinished
from extract.errors import BadRecord, InputError
from extract.records.decode import RECORDS, StoredRecord
from extract.records.page_text import ScanLines
from extract.records.page_text import decode as lines_from
from extract.review.explain import find_scan
from extract.storage.output_dir import LINES, lines_path
from extract.storage.record_reader import Refused, record_reader, refuse_none

_GONE = (
    "the scan is not where it was read, or is another file now, or OUT has no ledger of this version "
    "(`zhibiao run` writes it)"
)


@dataclass(frozen=True)
class SearchablePdf:
    """What became of a scan: the PDF that was written, or why there is none."""

    scan: str
    pdf: Path | None
    texts: int = 0
    reason: str = ""


@dataclass(frozen=True)
class _ScanTexts:
    """What is known of a scan: its records and the lines of its pages, of which there may be either."""

    name: str
    sha256: str
    records: Sequence[StoredRecord] = ()
    lines: ScanLines | None = None


def searchable(output: Path, target: Path, refused: Refused = refuse_none) -> Iterator[SearchablePdf]:
    """Write `TARGET/<path of the scan>.pdf` for each scan that was read, one at a time; text exports have no page.

    Raises MissingFile for a folder without records, OutputError where the target cannot be written.
    """
    for read in _scans(output, refused):
        scan = find_scan(output / RECORDS, {"path": read.name, "sha256": read.sha256})
        if scan is None:
            yield SearchablePdf(read.name, None, reason=_GONE)
            continue
        try:
            yield _make(read, scan, target)
        except InputError as error:
            yield SearchablePdf(read.name, None, reason=str(error))


def _scans(output: Path, refused: Refused) -> Iterator[_ScanTexts]:
    """The scans with records, then those that gave none; of the records only their paths are held."""
    files: dict[str, list[str]] = defaultdict(list)
    with record_reader(output) as reader:
        for path in reader.paths():
            try:
                files[reader.read(path).source.path].append(path)
            except BadRecord as error:
                refused(error)
        for name in sorted(files):
            records = [reader.read(path) for path in files[name]]
            read = _ScanTexts(name, records[0].source.sha256, records, _lines(output / lines_path(name)))
            if read.lines is not None and read.lines.sha256 != read.sha256:
                read = replace(read, lines=None)
            if read.lines or any(entry.quad_text for record in records for entry in record.evidence.values()):
                yield read
    with_records = {Path(lines_path(name)).name for name in files}
    for file in sorted((output / LINES).glob("*.gz")):
        lines = None if file.name in with_records else _lines(file)
        if lines is not None:
            yield _ScanTexts(lines.name, lines.sha256, lines=lines)


def _lines(file: Path) -> ScanLines | None:
    """The lines in a file; none where there is no such file, or a damaged one."""
    return lines_from(file.read_bytes()) if file.is_file() else None


def _make(read: _ScanTexts, scan: Path, target: Path) -> SearchablePdf:
    pages = () if read.lines is not None and is_pdf(scan) else pages_of(scan)
    texts = of_records(read.records, pages) if read.lines is None else of_lines(read.lines)
    path = target / (read.name if read.name.lower().endswith(".pdf") else f"{read.name}.pdf")
    with unfinished(path) as files, as_pdf(scan, pages) as pdf:
        _lay(pdf, texts)
        content = io.BytesIO()  # QPDF ends the process where a disk is full
        pdf.save(content, deterministic_id=True)
        files.file().write_bytes(content.getbuffer())
        files.finish()
    return SearchablePdf(read.name, path, sum(len(page.texts) for page in texts.values()))


def _lay(pdf: pikepdf.Pdf, pages: Mapping[int, PageTexts]) -> None:
    characters = {character for laid in pages.values() for one in laid.texts for character in one.text}
    if not characters:
        return
    font = embed(pdf, characters)
    for number, laid in pages.items():
        page = pdf.pages[number - 1]
        name = page.add_resource(font.dictionary, pikepdf.Name.Font)
        page.contents_add(b"q", prepend=True)  # what the page leaves changed must not move the text
        page.contents_add(b"Q\n" + operators(page, laid.texts, font, str(name)))
        if not laid.layered:
            page.rotate(turn(laid.texts), relative=True)
