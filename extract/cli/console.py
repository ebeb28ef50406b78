"""Writing to terminals, pipes and files without ever failing for a character."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any


def open_closed_streams() -> None:
    """Give a program that was started without a standard stream an empty one.

    Else the first file that it opens becomes that stream, and what is printed goes into it.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest number that is free
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def tolerate_any_terminal() -> None:
    """Let a terminal that cannot show a character show a stand-in, instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def echo(text: str = "") -> None:
    """A line of results to standard output."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line about the work to standard error."""
    sys.stderr.write(text + "\n")


def echo_json(value: Any) -> None:
    """A result as JSON to standard output."""
    from extract.records.encode import dumps

    sys.stdout.write(dumps(value))


def echo_table(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: frozenset[str] = frozenset()) -> None:
    """A table to standard output, as wide as the terminal; `right` names the columns of numbers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    width = None if sys.stdout.isatty() else 200  # a pipe has no width: nothing is folded for it
    console = Console(file=sys.stdout, width=width, highlight=False)
    console.print(table)
