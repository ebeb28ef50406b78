"""HTML to paragraphs and tables with their spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from extract.errors import EmptyFile, InputError, TooLarge
from extract.load.encoding import decode
from extract.model import PageRef, TextCell, TextPage, TextTable
from extract.settings.defaults import LoadSettings

Block = str | TextTable

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CHINESE_CHARSETS = frozenset(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936"))
_UNSEEN = frozenset(("script", "style", "head", "template", "noscript", "title"))
_INLINE = frozenset(("a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "input", "ins")) | {
    *(
        "label",
        "mark",
        "option",
        "q",
        "s",
        "select",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "wbr",
    )
}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MAX_SPAN = 1000  # HTML Living Standard, 4.9.11: a colspan beyond 1000 counts as 1000


def read(path: Path, settings: LoadSettings) -> Iterator[TextPage]:
    """One text page: paragraphs and tables in order; a table that only lays out other tables is seen through.

    Raises EmptyFile, TooLarge, InputError.
    """
    size = path.stat().st_size
    if size > settings.max_text_megabytes * 1e6:
        raise TooLarge(f"The page has {size / 1e6:.0f} MB; the limit is {settings.max_text_megabytes:.0f} MB.")
    blocks = parse(_decode(path.read_bytes()))
    if not blocks:
        raise EmptyFile("The HTML page holds no text.")
    yield TextPage(PageRef(path, 1), blocks)


def _decode(data: bytes) -> str:
    """By the charset the page declares where that fits, else as any text; GB 2312 and GBK as their superset."""
    declared = _CHARSET.search(data[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else ""
    try:
        if name and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            return data.decode("gb18030" if name in _CHINESE_CHARSETS else name)
    except (UnicodeDecodeError, LookupError):
        pass
    return decode(data)


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a page or of a fragment.

    A NUL becomes a replacement character (HTML Living Standard, 13.2.5), so that what it stood in is in doubt. Raises
    TooLarge for elements nested deeper than the parser goes (it would leave out all that follows), InputError for what
    cannot be parsed at all.
    """
    text = _DECLARATION.sub("", text).replace("\0", "\ufffd")
    if not text.strip():
        return ()
    # without huge_tree, all that follows 10 MB in one piece, or 256 nested elements, is left out in silence
    parser = lxml_html.HTMLParser(no_network=True, recover=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError("The HTML page is damaged and cannot be read.") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise TooLarge("The HTML page nests its elements deeper than can be followed.")
    return tuple(_blocks(root, _layouts(root)))


def _blocks(root: Any, layouts: Set[Any]) -> Iterator[Block]:
    """Paragraphs and tables below an element, in order. No recursion: nesting may be deep."""
    pending: list[str] = []
    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pending.append((element.tail or "") if skipped is None else "")
            continue
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                pending.append(element.tail or "")
            continue
        is_table = element.tag == "table" and element not in layouts
        if element.tag not in _INLINE and element.tag != "br":
            yield from _paragraph(pending)
            pending = []
        if event == "end":
            pending.append(element.tail or "" if element is not root else "")
        elif is_table or _is_unseen(element):
            skipped = element
            if is_table:
                yield from _table(element, layouts)
        else:
            pending.append(_opening(element))
    yield from _paragraph(pending)


def _opening(element: Any) -> str:
    """What an element shows before its first child; a line break stands as vertical tab until `_tidy`."""
    if element.tag == "br":
        return "\v"
    if element.tag == "input" and (element.get("type") or "text").lower() in ("text", "number", "date"):
        return element.get("value") or ""
    return element.text or ""


def _paragraph(pieces: list[str]) -> Iterator[str]:
    text = _tidy("".join(pieces))
    if text.strip():  # a lone no-break space is how exporters write an empty cell
        yield text


def _tidy(text: str) -> str:
    """White space folded as a browser does."""
    return "\n".join(line.strip(" ") for line in _SPACE.sub(" ", text).split("\v")).strip("\n")


def _is_unseen(element: Any) -> bool:
    hidden = element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "")
    unchosen = element.tag == "option" and element.get("selected") is None
    return element.tag in _UNSEEN or unchosen or bool(hidden)


def _layouts(root: Any) -> frozenset[Any]:
    """The tables that hold another one with more cells than their own: they place content and are no grid of values."""
    cells: dict[Any, int] = {}
    largest: dict[Any, int] = {}
    around: list[Any] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "td", "th")):
        if element.tag != "table":
            if event == "start" and around:
                cells[around[-1]] += 1
        elif event == "start":
            around.append(element)
            cells[element] = largest[element] = 0
        else:
            around.pop()
            if around:
                cells[around[-1]] += cells[element]
                largest[around[-1]] = max(largest[around[-1]], cells[element])
    return frozenset(table for table, most in largest.items() if most > cells[table] - most)


def _table(table: Any, layouts: Set[Any]) -> Iterator[TextTable]:
    own_rows = (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)
    rows = [tuple(_cell(cell, layouts) for cell in row if cell.tag in ("td", "th")) for row in own_rows]
    if rows:
        yield TextTable(tuple(rows))


def _cell(cell: Any, layouts: Set[Any]) -> TextCell:
    return TextCell(_text(cell, layouts), _span(cell, "rowspan"), _span(cell, "colspan"))


def _span(cell: Any, name: str) -> int:
    try:
        return min(max(1, int(cell.get(name) or 1)), _MAX_SPAN)
    except ValueError:
        return 1


def _text(cell: Any, layouts: Set[Any]) -> str:
    """A cell's paragraphs, lines below one another; the cells of a table within it too."""
    lines: list[str] = []
    for block in _blocks(cell, layouts):
        if isinstance(block, str):
            lines.append(block)
        else:
            lines += [" ".join(inner.text for inner in row) for row in block.rows]
    return "\n".join(lines)
