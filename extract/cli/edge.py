"""The edge of the program, where errors become messages and exit codes."""

from __future__ import annotations

import errno
import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from extract.cli.console import note
from extract.errors import ExitCode, ZhibiaoError

P = ParamSpec("P")


def guarded(command: Callable[P, int]) -> Callable[P, None]:
    """A command that ends with the exit code it returns, or with that of the error it raises."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        raise typer.Exit(_code(functools.partial(command, *args, **kwargs)))

    return run


def _code(command: Callable[[], int]) -> int:
    try:
        code = command()
        sys.stdout.flush()
    except ZhibiaoError as error:
        note(f"zhibiao: {error}")
        if error.remedy:
            note(error.remedy)
        return error.exit_code
    except BrokenPipeError:  # the reader of the output has seen enough: `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except KeyboardInterrupt:
        note("zhibiao: interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            note(f"zhibiao: the path is too long for this system: {error.filename}")
            return ExitCode.USAGE
        traceback.print_exc()
        note("zhibiao: this is a fault of the program, not of your files; please report the lines above")
        return ExitCode.BUG
    return code
