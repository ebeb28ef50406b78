"""The command `zhibiao`. Standard output carries results, standard error everything else."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code, one of `errors.ExitCode`."""
    from extract.cli.app import app
    from extract.cli.console import open_closed_streams, tolerate_any_terminal

    open_closed_streams()
    tolerate_any_terminal()
    try:
        app(args=sys.argv[1:] if arguments is None else list(arguments), prog_name="zhibiao")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
