"""The log for machines."""

import json
from pathlib import Path

import pytest

from extract.cli.log import logging_to
from extract.errors import OutputError


def test_each_event_is_a_line_at_once_and_runs_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with logging_to(path) as log:
        log("start", {"files": 2})
        assert json.loads(path.read_text(encoding="utf-8"))["files"] == 2
    with logging_to(path) as log:
        log("read", {"path": "乙.txt"})
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["start", "read"]
    assert "乙.txt" in path.read_text(encoding="utf-8")
    assert all(event["time"].endswith("+00:00") for event in events)


def test_without_a_file_nothing_is_written() -> None:
    with logging_to(None) as log:
        log("start", {})


def test_a_file_that_cannot_be_opened_is_said_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write the log") as caught, logging_to(tmp_path / "no" / "log.jsonl"):
        pass
    assert "--log" in str(caught.value.remedy)
