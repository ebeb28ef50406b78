"""What alignment hands to parsing: a field and the ink it was given."""

from __future__ import annotations

from dataclasses import dataclass

from extract.forms.spec import ValueType
from extract.geometry import Box
from extract.model import Cell, Issue, Origin, TextLine
from extract.text import join


@dataclass(frozen=True)
class Match:
    """A field, by JSON pointer, with the lines it was given.

    `text` is what to parse; it differs from the lines' own text only where a label was restored or a value was cut out
    of a cell. `box` and `page` tell where a blank value would stand. `origin` None means: that of the lines.
    """

    pointer: str
    type: ValueType
    text: str
    lines: tuple[TextLine, ...] = ()
    origin: Origin | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    box: Box | None = None
    page: int = 1


@dataclass(frozen=True)
class Alignment:
    """All fields of a form as matched, the number of rows of each list, and the doubts met on the way."""

    matches: tuple[Match, ...]
    lists: dict[str, int]
    issues: tuple[Issue, ...]


def lines_of(cells: tuple[Cell, ...]) -> tuple[TextLine, ...]:
    """All lines of some cells, in order."""
    return tuple(line for cell in cells for line in cell.lines)


def text_of(cells: tuple[Cell, ...]) -> str:
    """The text of some cells as one."""
    return join(line.text for line in lines_of(cells))
