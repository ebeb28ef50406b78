from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extract.errors import EngineError
from extract.geometry import Box
from extract.ocr.engines.onnx_engine import DirectEngine
from extract.ocr.engines.weights import Weights
from extract.text import fold
from tests.ocr.conftest import crops, paste


def test_crops_are_read_right_and_with_confidence(engine: DirectEngine) -> None:
    truth = crops()
    read = engine.recognise(list(truth.values()))
    assert [fold("".join(c.text for c in chars)) for chars in read] == [fold(text) for text in truth]
    sure = [min(c.confidence for c in chars) for chars in read]
    assert np.median(sure) > 0.95
    assert all(0 <= c.confidence <= 1 and 0 <= (c.x or 0) <= 1 for chars in read for c in chars)


def test_a_crop_reads_the_same_in_any_company(engine: DirectEngine) -> None:
    one = crops()["10.00"]
    (alone,) = engine.recognise([one])
    among = engine.recognise([*crops().values(), one])[-1]
    assert [c.text for c in alone] == [c.text for c in among]
    assert [c.confidence for c in alone] == pytest.approx([c.confidence for c in among], abs=1e-3)


def test_empty_crops_hold_nothing(engine: DirectEngine) -> None:
    assert engine.recognise([np.zeros((0, 5), np.uint8), np.full((30, 60), 255, np.uint8)]) == ((), ())
    assert engine.recognise([]) == ()


def test_detection_finds_lines_where_they_are(engine: DirectEngine) -> None:
    image = np.full((300, 500), 255, np.uint8)
    paste(image, crops()["服务对象满意度指标"], 50, 60)
    paste(image, crops()["6,261,700"], 200, 200)
    first, second = engine.detect(image, 480)
    assert first.box.overlap(Box(50, 60, 250, 90)) > 0.6 * first.box.area
    assert 195 < second.box.cy < 230


def test_broken_weights_are_an_engine_error(tmp_path: Path) -> None:
    broken = tmp_path / "det.onnx"
    broken.write_bytes(b"not a network")
    with pytest.raises(EngineError, match="cannot be loaded"):
        DirectEngine(Weights("small", broken, broken, None, "here")).detect(255 * np.eye(64, dtype=np.uint8))
