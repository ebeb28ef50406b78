"""Seconds that PaddleOCR's own pipeline takes for reading alone: `python -m bench.paddle_worker FILE...`.

Prints one JSON object per file: its path, pages and seconds. The same weights as the product's, laid out by it.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.peer_worker import pages_of
from extract.ocr.paddle import PaddleEngine
from extract.ocr.weights import find


def build_pipeline(size: str) -> Any:
    """PaddleOCR's pipeline on ONNX Runtime, without its orientation and unwarping networks."""
    weights = find(size)
    folder = PaddleEngine(weights)._folder
    from paddleocr import PaddleOCR

    return PaddleOCR(
        text_detection_model_name=f"{weights.name}_det",
        text_detection_model_dir=str(folder / f"{weights.name}_det"),
        text_recognition_model_name=f"{weights.name}_rec",
        text_recognition_model_dir=str(folder / f"{weights.name}_rec"),
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        device="cpu",
    )


def main() -> None:
    """Read the files named on the command line."""
    with contextlib.redirect_stdout(sys.stderr):
        pipeline = build_pipeline("small")
    for name in sys.argv[1:]:
        pages = [np.array(Image.open(io.BytesIO(png)).convert("RGB"))[:, :, ::-1] for png in pages_of(Path(name))]
        start = time.monotonic()
        with contextlib.redirect_stdout(sys.stderr):
            for page in pages:
                pipeline.predict(page)
        print(json.dumps({"file": name, "pages": len(pages), "seconds": time.monotonic() - start}), flush=True)


if __name__ == "__main__":
    main()
