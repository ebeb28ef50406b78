"""Why the records of a file need a person."""

import json
from pathlib import Path
from typing import Any

from extract.records import outcomes
from extract.records.outcomes import Entry, RecordSummary
from extract.review.issues import doubts
from extract.storage.output_dir import OutputDir


def issue(severity: str, pointer: str, actual: str | None = None) -> dict[str, Any]:
    return {"code": "low-confidence", "severity": severity, "pointer": pointer, "message": "m", "actual": actual}


def written(root: Path, pages: list[int], *issues: dict[str, Any]) -> Entry:
    path = "records/a.png.1.json"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    record = {"issues": list(issues), "evidence": {"/a": {"page": 2}}, "source": {"pages": pages}}
    (root / path).write_text(json.dumps(record), encoding="utf-8")
    return outcomes.completed("a.png", [RecordSummary(path, "f", "review", 5, len(issues))])


def test_the_gravest_first_and_no_remarks(tmp_path: Path) -> None:
    entry = written(tmp_path, [1, 2], issue("warning", "/b"), issue("info", "/c"), issue("error", "/a", "1966"))
    found = doubts(OutputDir(tmp_path), entry)
    assert [(doubt.severity, doubt.pointer, doubt.page, doubt.actual) for doubt in found] == [
        ("error", "/a", 2, "1966"),
        ("warning", "/b", None, None),
    ]


def test_on_a_form_of_one_page_the_page_is_known(tmp_path: Path) -> None:
    (doubt,) = doubts(OutputDir(tmp_path), written(tmp_path, [3], issue("error", "/b")))
    assert doubt.page == 3


def test_a_record_that_is_gone_or_broken_has_none(tmp_path: Path) -> None:
    entry = written(tmp_path, [1], issue("error", "/a"))
    (tmp_path / "records/a.png.1.json").write_text("{", encoding="utf-8")
    assert doubts(OutputDir(tmp_path), entry) == []
    (tmp_path / "records/a.png.1.json").unlink()
    assert doubts(OutputDir(tmp_path), entry) == []
