from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extract.ocr.engines.factory import open_engine
from extract.ocr.engines.onnx_engine import DirectEngine
from extract.settings.defaults import OcrSettings
from extract.text import fold
from tests.ocr.conftest import crops, paste


def test_both_engines_read_and_find_the_same(
    engine: DirectEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    paddle = open_engine(OcrSettings(engine="paddle"))
    shown = list(crops().values())
    ours, theirs = engine.recognise(shown), paddle.recognise(shown)
    assert [fold("".join(c.text for c in a)) for a in ours] == [fold("".join(c.text for c in b)) for b in theirs]
    image = np.full((320, 640), 255, np.uint8)
    paste(image, crops()["服务对象满意度指标"], 50, 60)
    for mine, its in zip(engine.detect(image, 640), paddle.detect(image, 640), strict=True):
        assert np.abs(mine.array() - its.array()).max() < 4
    assert paddle.name.startswith("paddleocr 3.7")
    assert capfd.readouterr().out == ""
