"""Opening an OCR engine by the name the settings give it."""

from __future__ import annotations

from pathlib import Path

from extract.errors import UsageError
from extract.ocr.engines import weights
from extract.ocr_engine import OcrEngine
from extract.settings.defaults import OcrSettings

ENGINES = ("direct", "paddle")


def open_engine(settings: OcrSettings = OcrSettings(), models: Path | None = None) -> OcrEngine:
    """The engine the settings name, with weights from `models` or where they are found.

    Raises UsageError for an unknown engine and EngineError when weights or runtime are missing.
    """
    *first, found = [weights.find(size, models) for size in settings.sizes]
    if settings.engine == "direct":
        from extract.ocr.engines.onnx_engine import DirectEngine
        from extract.ocr.engines.two_pass import Cascade

        better = DirectEngine(found, settings)
        return Cascade(DirectEngine(first[0], settings), better, settings) if first else better
    if settings.engine == "paddle":
        from extract.ocr.engines.paddle_engine import PaddleEngine

        return PaddleEngine(found, settings)
    raise UsageError(f"unknown engine {settings.engine!r}; there are: {', '.join(ENGINES)}")
