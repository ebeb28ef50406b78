"""Tables as Markdown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def percent(share: float | None) -> str:
    """A percentage to one hundredth, cut rather than rounded up, so that 100 means all."""
    return "" if share is None else f"{int(share * 100 + 1e-6) / 100:.2f}".removesuffix(".00")


def seconds(value: float | None) -> str:
    """Seconds to one hundredth."""
    return "" if value is None else f"{value:.2f}"


def markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table whose columns line up in a terminal; the first column is left-aligned."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    rule = ["-" * width if i == 0 else "-" * (width - 1) + ":" for i, width in enumerate(widths)]
    lines = [_line(row, widths) for row in (cells[0], rule, *cells[1:])]
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    pads = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    body = [cell + pad if i == 0 else pad + cell for i, (cell, pad) in enumerate(zip(row, pads, strict=True))]
    return f"| {' | '.join(body)} |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
