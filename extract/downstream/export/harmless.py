"""Text that a spreadsheet would run as a formula."""

from __future__ import annotations

_DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
"""First characters that make spreadsheets run a cell: OWASP, CSV injection (full-width ones: Excel in East Asia)."""


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text[:1] in _DANGEROUS


def harmless(text: str) -> str:
    """The text behind an apostrophe where it is dangerous, or begins with one: taking the first off undoes it."""
    return f"'{text}" if text[:1] in _DANGEROUS or text.startswith("'") else text
