from __future__ import annotations

from pathlib import Path

from bench.batches import moments


def test_every_copy_is_read_and_the_worker_stays(small_page: Path) -> None:
    seen = list(moments([small_page.read_bytes()], 3, 1))
    assert {moment.outcome for moment in seen} <= {"ok", "review"}
    assert len(seen) == 3
    assert seen[0].seconds < seen[1].seconds < seen[2].seconds
    assert 0 < seen[0].cpu < seen[2].cpu
    assert 100 < seen[2].resident_mb <= seen[2].peak_mb
