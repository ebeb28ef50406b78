"""The edge of the program, where errors become messages and exit codes."""

from __future__ import annotations

import errno
import functools
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import typer

from extract.cli.console import note
from extract.errors import ExitCode, ZhibiaoError

P = ParamSpec("P")

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})


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
        _silence(sys.stdout.fileno())
        return ExitCode.OK
    except KeyboardInterrupt:
        note("zhibiao: interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:
        return _code_of_system(error) or _code_of_bug()
    return code


def _code_of_system(error: Exception) -> ExitCode | None:
    """What any command may meet outside of itself; None for other errors."""
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.ENAMETOOLONG:
        note(f"zhibiao: the path is too long for this system: {error.filename}")
        return ExitCode.USAGE
    if error.errno == errno.ENOENT and not _has_working_folder():
        note("zhibiao: the working folder was removed; cd to another one")
        return ExitCode.USAGE
    if error.errno in _FULL and error.filename is None:
        note(f"zhibiao: cannot write the output: {error.strerror}")
        _silence(sys.stdout.fileno())
        return ExitCode.OUTPUT
    return None


def _code_of_bug() -> ExitCode:
    traceback.print_exc()
    note("zhibiao: this is a fault of the program, not of your files; please report the lines above")
    return ExitCode.BUG


def _has_working_folder() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _silence(stream: int) -> None:
    """Let nothing that is still to be written to a stream meet what it met."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
