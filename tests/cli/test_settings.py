"""`zhibiao settings`: what can be set, and to what it is set here."""

import json
from pathlib import Path

from extract.errors import ExitCode
from tests.commands import zhibiao


def test_a_changed_setting_stands_beside_its_default() -> None:
    done = zhibiao("settings", "--set", "batch.max_seconds=60", "--report", "json")
    (one,) = [entry for entry in json.loads(done.stdout) if entry["name"] == "batch.max_seconds"]
    assert (one["value"], one["default"]) == (60, 600)


def test_each_setting_has_its_range_and_a_sentence(tmp_path: Path) -> None:
    done = zhibiao("settings", cwd=tmp_path)
    assert done.returncode == ExitCode.OK
    (row,) = [line for line in done.stdout.splitlines() if line.strip().startswith("ocr.first_sure")]
    assert "0 to 1" in row
    assert "What the first network reads this surely is not read again." in row
