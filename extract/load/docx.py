"""DOCX to paragraphs and tables in the order of the body, merged cells as spans (ECMA-376-1, 17.3 and 17.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from extract.errors import EmptyFile, InputError, TooLarge
from extract.load.office_zip import opened
from extract.load.spans import PlacedCell, lay_out
from extract.model import PageRef, TextCell, TextPage, TextTable
from extract.settings.defaults import LoadSettings

Block = str | TextTable

_WRAPPERS = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
"""Elements that only wrap paragraphs, tables, rows or cells."""

_UNSEEN = frozenset(("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sdtPr", "Fallback"))
_LITERAL = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_MAX_SPAN = 1000


def read(path: Path, settings: LoadSettings) -> Iterator[TextPage]:
    """One text page. Raises EmptyFile, EncryptedFile, TooLarge, TruncatedFile, InputError."""
    with opened(path, settings) as archive:
        data = archive.read("word/document.xml")
    # huge_tree: a text of more than 10 MB is no fault; `opened` has bounded the whole
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser=parser)
    except etree.XMLSyntaxError as error:
        raise InputError("The Word document is damaged: its text is no valid XML.") from error
    body = next((child for child in root if _name(child) == "body"), None)
    blocks = tuple(_blocks(body, settings)) if body is not None else ()
    if not blocks:
        raise EmptyFile("The Word document holds no text.")
    yield TextPage(PageRef(path, 1), blocks)


def _name(element: Any) -> str:
    """The tag without its namespace, which differs between transitional and strict files."""
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _children(parent: Any, *names: str) -> Iterator[Any]:
    """Children of the given names, those inside wrappers too."""
    for child in parent:
        name = _name(child)
        if name in names:
            yield child
        elif name in _WRAPPERS:
            yield from _children(child, *names)


def _blocks(parent: Any, settings: LoadSettings) -> Iterator[Block]:
    for child in _children(parent, "p", "tbl"):
        if _name(child) == "tbl":
            yield _table(child, settings)
            continue
        text = _text(child)
        if text.strip():
            yield text


def _text(paragraph: Any) -> str:
    """A paragraph's visible text, that of its text boxes after it, deleted text and field codes left out."""
    pieces: list[str] = []
    boxes: list[str] = []
    hidden: Any = None
    for event, element in etree.iterwalk(paragraph, events=("start", "end")):
        name = _name(element)
        if hidden is not None:
            hidden = None if event == "end" and element is hidden else hidden
        elif event == "start" and name in _UNSEEN:
            hidden = element
        elif event == "start" and name == "txbxContent":
            boxes += [_text(inner) for inner in _children(element, "p")]
            hidden = element
        elif event == "start":
            pieces.append(element.text or "" if name == "t" else _LITERAL.get(name, ""))
    return "\n".join(["".join(pieces), *boxes]).strip("\n")


def _table(table: Any, settings: LoadSettings) -> TextTable:
    """Cells at their grid columns; a cell that continues the one above lengthens it."""
    placed: list[PlacedCell] = []
    open_spans: dict[int, int] = {}
    rows, cols = 0, 0
    for rows, row in enumerate(_children(table, "tr"), start=1):
        col = _property(row, "trPr", "gridBefore", 0)
        for cell in _children(row, "tc"):
            span = _property(cell, "tcPr", "gridSpan", 1)
            merge = _merge(cell)
            if merge == "continue" and col in open_spans:
                above = placed[open_spans[col]]
                placed[open_spans[col]] = replace(above, cell=replace(above.cell, row_span=rows - above.row))
            else:
                open_spans.pop(col, None)
                if merge is not None:
                    open_spans[col] = len(placed)
                placed.append(PlacedCell(rows - 1, col, TextCell(_cell_text(cell, settings), 1, span)))
            col += span
        cols = max(cols, col + _property(row, "trPr", "gridAfter", 0))
        if rows * cols > settings.max_cells:
            raise TooLarge(f"A table has more than {settings.max_cells} cells.")
    return lay_out(placed, rows, cols)


def _cell_text(cell: Any, settings: LoadSettings) -> str:
    lines: list[str] = []
    for block in _blocks(cell, settings):
        if isinstance(block, str):
            lines.append(block)
        else:
            lines += [" ".join(inner.text for inner in row) for row in block.rows]
    return "\n".join(lines)


def _find(element: Any, properties: str, name: str) -> Any:
    found = next((child for child in element if _name(child) == properties), None)
    return None if found is None else next((child for child in found if _name(child) == name), None)


def _value(element: Any) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if etree.QName(key).localname == "val"), None)


def _property(element: Any, properties: str, name: str, default: int) -> int:
    found = _find(element, properties, name)
    try:
        return default if found is None else min(max(default, int(_value(found) or default)), _MAX_SPAN)
    except ValueError:
        return default


def _merge(cell: Any) -> str | None:
    """`restart`, `continue`, or None for a cell that is not merged downwards."""
    found = _find(cell, "tcPr", "vMerge")
    return None if found is None else (_value(found) or "continue")
