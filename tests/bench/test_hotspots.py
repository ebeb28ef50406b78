from __future__ import annotations

from pathlib import Path

from bench.hotspots import report


def test_the_networks_stand_among_the_functions(small_page: Path, tmp_path: Path) -> None:
    kept = tmp_path / "out" / "profile.txt"
    lines = report([small_page], kept).splitlines()
    assert kept.read_text(encoding="utf-8").splitlines() == lines
    assert any("onnxruntime" in line and ".run " in line for line in lines[2:6])
    shares = [float(line.split("|")[4]) for line in lines[2:]]
    assert shares == sorted(shares, reverse=True)
    assert 50 < sum(shares) <= 100.5
