from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bench.networks import DETECTION, RECOGNITION, Bare, Feed, Watch, watch
from extract.ocr.engines.onnx_engine import DirectEngine
from extract.ocr.engines.weights import find
from extract.settings.defaults import OcrSettings


def test_the_bare_networks_get_what_the_engine_fed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "InferenceSession", onnxruntime.InferenceSession)  # put back at the end
    seen = watch()
    engine = DirectEngine(find("small"), OcrSettings(threads=1))
    page = np.full((200, 300, 3), 255, dtype=np.uint8)
    page[50:60, 20:200] = 0
    seen.reset(recording=True)
    engine.detect(page)
    engine.recognise([page[40:70], page[40:70, :60]])
    seen.save(tmp_path, "page.png")

    assert seen.inputs == {DETECTION: 1, RECOGNITION: 2}
    assert all(spent > 0 for spent in seen.seconds.values())
    fed = seen.told()
    bare = Bare(tmp_path, threads=1)
    feeds = bare.load(Path("page.png"))
    assert [feed.shape for _, feed in feeds] == [feed.shape for _, feed in seen.feeds]
    told = bare.run(feeds)
    assert told | {"networks": 0} == fed | {"networks": 0}
    assert fed["text_px"] == sum(feed.shape[0] * feed.shape[3] for _, feed in feeds if feed.shape[2] == 48)
    assert set(told["networks"]) == {DETECTION, RECOGNITION}


def test_runs_at_the_same_time_count_once() -> None:
    seen, line = Watch(), np.zeros((2, 3, 48, 64), dtype=np.float32)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: _slow(seen, line), range(4)))
    assert 0.1 <= seen.seconds[RECOGNITION] < 0.35
    assert (seen.runs[RECOGNITION], seen.inputs[RECOGNITION], seen.text_px) == (4, 8, 512)
    assert not seen.feeds
    seen.reset(recording=False)
    assert not any((seen.seconds, seen.runs, seen.feeds))


def _slow(seen: Watch, feed: Feed) -> None:
    with seen.running(0, feed):
        time.sleep(0.1)
