"""Markdown's marks: what is a row of a pipe table, and text without its decoration (CommonMark 0.31, GFM tables)."""

from __future__ import annotations

import re

_HEADING = re.compile(r" {0,3}#{1,6}[ \u3000]++")
_RULER_CELL = re.compile(r"^\s*:?-+:?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\\*])(\*{2,3})(?![\s*])([^*]+?)(?<![\s\\*])\1(?!\*)",
        r"(?<![\\*0-9A-Za-z])(\*)(?![\s*])([^*]+?)(?<![\s\\*])\1(?![*0-9A-Za-z])",
        r"(?<![\\\w])(_{1,3})(?![\s_])([^_]+?)(?<![\s\\_])\1(?!\w)",
        r"(?<!\\)(~~)(?!\s)([^~]+?)(?<!\s)\1",
        r"(?<![\\`])(`++)([^`]++)\1(?!`)",
    )
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def strip_heading(line: str) -> str:
    """The line without the # marks of a heading."""
    mark = _HEADING.match(line)
    if mark is None:
        return line
    rest = line[mark.end() :].rstrip()
    bare = rest.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() or not bare else rest


def split_pipes(line: str) -> list[str]:
    """The cells of `| a | b |`; an escaped pipe belongs to its cell."""
    cells = _PIPE.split(line.strip())[1:-1]
    return [cell.strip().replace("\\|", "|") for cell in cells]


def is_ruler(line: str) -> bool:
    """Whether a line is the `|---|:-:|` below a header row."""
    return all(_RULER_CELL.match(cell) for cell in split_pipes(line))


def plain(text: str) -> str:
    """Text without emphasis, code marks and escapes; `<br>` is a line break."""
    text = _BREAK.sub("\n", text)
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)
