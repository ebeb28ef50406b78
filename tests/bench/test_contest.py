from __future__ import annotations

from pathlib import Path

import pytest

from bench.contest import BARE, OURS, SMALL, Process, hold


def test_readers_read_in_turn(small_page: Path, tmp_path: Path) -> None:
    held = hold((OURS, BARE, SMALL), [small_page], 1, 2, tmp_path / "speed")
    turns = [(name, number) for number in (1, 2) for name in (OURS, BARE, SMALL)]
    assert [(answer.reader, answer.round) for answer in held.answers] == turns
    ours, bare, small = (held.of(name)[0] for name in (OURS, BARE, SMALL))
    assert small.told["inputs"]["detection"] == bare.told["inputs"]["detection"]
    assert small.told["inputs"]["recognition"] > 0
    assert set(ours.told["stages"]) == {"load", "clean", "grid", "read", "forms"}
    assert ours.told["inputs"] == bare.told["inputs"]
    assert 0 < sum(ours.told["networks"].values()) < ours.seconds
    assert sum(ours.told["stages"].values()) == pytest.approx(ours.seconds, rel=0.1)
    assert 0 < ours.cpu < 1.1 * ours.seconds
    assert 100 < held.peak_mb[OURS] < 4000
    assert 0 < held.start_seconds[OURS] < 60
    assert not list((tmp_path / "speed").rglob("*.npz"))


def test_a_reader_that_ends_is_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the reader nobody ended"):
        Process("nobody", 1, tmp_path)
