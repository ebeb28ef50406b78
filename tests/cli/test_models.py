"""`zhibiao models`: the weights on this machine."""

import json
import re

from extract.errors import ExitCode
from tests.commands import zhibiao


def test_every_network_with_its_checksum() -> None:
    done = zhibiao("models", "list", "--report", "json")
    assert done.returncode == ExitCode.OK
    rows = json.loads(done.stdout)
    assert {"PP-OCRv6_small", "PP-OCRv6_tiny"} <= {row["name"] for row in rows}
    assert all(re.fullmatch(r"[0-9a-f]{64}", row["sha256"]) for row in rows)
    assert all(row["path"].endswith((".onnx", ".yml", ".yaml", ".txt")) for row in rows)


def test_as_a_table() -> None:
    header, *rows = (line for line in zhibiao("models", "list").stdout.splitlines() if line.strip() and "─" not in line)
    assert header.split() == ["name", "file", "known", "as", "sha256"]
    assert rows
