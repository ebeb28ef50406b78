"""Plain text, tab-separated, comma-separated and Markdown files to paragraphs and tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from extract.errors import EmptyFile, InputError, TooLarge
from extract.load.encoding import decode
from extract.load.markdown import is_ruler, plain, split_pipes, strip_heading
from extract.load.sniff import Kind
from extract.model import PageRef, TextCell, TextPage, TextTable
from extract.settings.defaults import LoadSettings

Block = str | TextTable

_LINE_END = re.compile(r"\r\n|\n|\r|\f")
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_CHARS = 65536


def read(path: Path, settings: LoadSettings, kind: Kind) -> Iterator[TextPage]:
    """One text page. Raises EmptyFile, TooLarge, InputError for what is no text."""
    text = read_text(path, settings)
    if text.count("\t") > settings.max_cells:  # said before they are taken apart: a cell needs 100 bytes
        raise TooLarge(f"The text has more than {settings.max_cells} cells, which is the limit.")
    blocks = _of_csv(text) if kind is Kind.CSV else _of_lines(text, kind is Kind.MARKDOWN)
    if not blocks:
        raise EmptyFile("The file holds no text.")
    yield TextPage(PageRef(path, 1), tuple(blocks), "" if kind in (Kind.CSV, Kind.MARKDOWN) else text)


def read_text(path: Path, settings: LoadSettings) -> str:
    """The decoded text of a file. Raises TooLarge before reading it, EmptyFile where there is only white space."""
    size = path.stat().st_size
    if size > settings.max_text_megabytes * 1e6:
        raise TooLarge(f"The text has {size / 1e6:.0f} MB; the limit is {settings.max_text_megabytes:.0f} MB.")
    text = decode(path.read_bytes())
    if not text.strip():
        raise EmptyFile("The file holds no text: nothing but white space.")
    return text


def table(rows: Sequence[Sequence[str]]) -> TextTable:
    """A table of cells without spans."""
    return TextTable(tuple(tuple(TextCell(cell) for cell in row) for row in rows))


def _of_lines(text: str, is_markdown: bool) -> list[Block]:
    """Blocks of lines: runs of tabbed rows, of piped rows and of paragraph lines; blank lines end a run.

    A row keeps every cell as it stands, trailing empty ones too. Heading marks go in any text, for exports write them
    into plain text as well; emphasis and escapes only in Markdown.
    """
    blocks: list[Block] = []
    for shape, group in groupby(_LINE_END.split(text), key=_shape):
        lines = list(group)
        if shape == "tabs":
            blocks.append(table([line.split("\t") for line in lines]))
        elif shape == "pipes":
            blocks.append(table([split_pipes(line) for i, line in enumerate(lines) if i != 1 or not is_ruler(line)]))
        elif shape == "prose":
            blocks.append("\n".join(strip_heading(line) for line in lines))
    return [_unmarked(block) for block in blocks] if is_markdown else blocks


def _shape(line: str) -> str:
    if "\t" in line:
        return "tabs"
    bare = line.strip()
    if not bare:
        return "blank"
    return "pipes" if bare.startswith("|") and bare.endswith("|") and bare.count("|") > 2 else "prose"


def _unmarked(block: Block) -> Block:
    if isinstance(block, str):
        return plain(block)
    return table([[plain(cell.text) for cell in row] for row in block.rows])


def _of_csv(text: str) -> list[Block]:
    """Tables between empty lines, by the delimiter that cuts the most cells."""
    delimiter = max(_DELIMITERS, key=lambda mark: _cuts(text[:_SAMPLE_CHARS], mark))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"The CSV file is damaged: {error}.") from error
    return [table(list(group)) for filled, group in groupby(rows, key=bool) if filled]


def _cuts(sample: str, delimiter: str) -> int:
    try:
        return sum(len(row) - 1 for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row)
    except csv.Error:
        return 0
