from __future__ import annotations

from pathlib import Path

from bench.misses import write_misses
from bench.score import FormScore, LeafPair
from bench.totals import FileScore


def test_the_gravest_come_first_with_what_was_read(tmp_path: Path) -> None:
    doubted = LeafPair("/rating", "优", None, covered=True)
    sure = LeafPair("/indicators/0/target", "及时", "及吋")
    files = [
        FileScore("a.png", "fax", 1, None, (FormScore(1, "review", (doubted, sure), ()),)),
        FileScore("b.png", "fax", 1, None, (FormScore(1, "accepted", (sure,), ()),)),
    ]
    evidence = {"/indicators/0/target": {"confidence": 0.9, "origin": "ocr", "text": "及吋"}}
    issues = [{"code": "unknown-label", "severity": "info", "pointer": "/indicators/0"}]
    records = {("b.png", 1): {"evidence": evidence, "issues": issues}}
    assert write_misses(tmp_path / "out" / "misses.tsv", files, records) == 3
    lines = [line.split("\t") for line in (tmp_path / "out" / "misses.tsv").read_text().splitlines()]
    assert [line[1] for line in lines[1:]] == ["b.png", "a.png", "a.png"]
    assert lines[1][3:6] == ["/indicators/0/target", "及时", "及吋"]
    assert lines[1][9:] == ["0.9", "ocr", "及吋", "info unknown-label"]
    assert lines[3][3:6] == ["/rating", "优", "∅"]
