"""What holds of every page, whatever format it came in: its text can be stored, its tables are of a sane size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from extract.errors import TooLarge
from extract.model import Page, TextCell, TextPage, TextTable
from extract.settings.defaults import LoadSettings

REPLACEMENT = "\ufffd"

_UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What neither XML 1.0 (section 2.2) nor PostgreSQL nor UTF-8 can hold; tabs and line ends are white space."""


def storable(text: str) -> str:
    """The text with a replacement character for whatever no file or database can hold, so that it is in doubt.

    Two halves of one character, as a PDF's text layer gives them, are joined first.
    """
    if _UNSTORABLE.search(text) is None:
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNSTORABLE.sub(REPLACEMENT, joined)


def checked(page: Page | TextPage, settings: LoadSettings) -> Page | TextPage:
    """The page with storable text. Raises TooLarge where the tables of a text page have more cells than the limit."""
    if isinstance(page, Page):
        texts = [storable(word.text) for word in page.words]
        if all(text == word.text for text, word in zip(texts, page.words, strict=True)):
            return page
        return replace(page, words=tuple(replace(w, text=t) for t, w in zip(texts, page.words, strict=True)))
    if _cells(page.blocks) > settings.max_cells:
        raise TooLarge(f"The tables of a page have more than {settings.max_cells} cells, which is the limit.")
    if storable(page.whole) == page.whole:
        return page
    return replace(page, blocks=tuple(_storable_block(block) for block in page.blocks), text=storable(page.text))


def _cells(blocks: Iterable[str | TextTable]) -> int:
    """How many cells the tables have, once short rows are filled up."""
    tables = (block for block in blocks if isinstance(block, TextTable))
    return sum(len(one.rows) * max((sum(c.col_span for c in row) for row in one.rows), default=0) for one in tables)


def _storable_block(block: str | TextTable) -> str | TextTable:
    if isinstance(block, str):
        return storable(block)
    return TextTable(tuple(tuple(_storable_cell(cell) for cell in row) for row in block.rows))


def _storable_cell(cell: TextCell) -> TextCell:
    return replace(cell, text=storable(cell.text))
