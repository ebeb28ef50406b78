"""Files of other projects' test suites, each opened in a process of its own with bounded memory and time."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from tests.paths import ROOT, SHARED

REAL = SHARED / "real"
FILES = sorted(path for name in ("bad_inputs", "odd_inputs") for path in (REAL / name).glob("*"))
READ = """
import sys
from pathlib import Path
from extract.errors import InputError
from extract.load import open_document
for name in sys.argv[1:]:
    try:
        pages = sum(1 for _ in open_document(Path(name)))
        print(Path(name).name, "pages", pages, sep="\\t", flush=True)
    except InputError as error:
        print(Path(name).name, error.code, error, sep="\\t", flush=True)
"""


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


@pytest.mark.skipif(not FILES, reason="the public files are not here")
@pytest.mark.parametrize("folder", ["bad_inputs", "odd_inputs"])
def test_every_file_gives_pages_or_a_clear_error(folder: str) -> None:
    files = [path for path in FILES if path.parent.name == folder]
    root = ROOT
    command = [sys.executable, "-c", READ, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=root, preexec_fn=limit_memory)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[0] for line in lines] == [path.name for path in files]
    assert all(code == "pages" or message.endswith(".") for _, code, message in lines)
    assert not any("cannot be read" in message for _, _, message in lines), "only for what no format foresaw"
