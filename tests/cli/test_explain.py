"""`zhibiao explain`: where a value comes from."""

import json
from pathlib import Path

from extract.errors import ExitCode
from tests.commands import zhibiao


def test_explain(digitised: Path) -> None:
    record = digitised / "records" / "乙.txt.1.json"
    done = zhibiao("explain", record, "/indicators/0/score")
    assert done.returncode == ExitCode.OK
    assert done.stdout.startswith("/indicators/0/score = ")
    assert "check      total-score: passed" in done.stdout
    as_json = json.loads(zhibiao("explain", record, "/indicators/0/score", "--report", "json").stdout)
    assert as_json["evidence"]["origin"] == "text_export"
    wrong = zhibiao("explain", record, "/indicators/999/score")
    assert (wrong.returncode, wrong.stdout) == (ExitCode.USAGE, "")
    assert zhibiao("explain", digitised / "none.json", "/a").returncode == ExitCode.INPUT
