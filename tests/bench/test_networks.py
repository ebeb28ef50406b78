from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bench.networks import DETECTION, RECOGNITION, Bare, watch
from extract.ocr.direct import DirectEngine
from extract.ocr.weights import find
from extract.settings import OcrSettings


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
    assert (told["runs"], told["inputs"]) == (fed["runs"], fed["inputs"])
    assert set(told["networks"]) == {DETECTION, RECOGNITION}
    seen.reset(recording=False)
    assert not any((seen.seconds, seen.runs, seen.feeds))
