"""The PaddleOCR engine: the same networks through PaddleOCR's own modules."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from extract.errors import EngineError
from extract.geometry import Quad
from extract.model import Char, Image
from extract.ocr.engines import dbnet
from extract.ocr.engines.weights import Weights, read_characters
from extract.ocr_engine import Care
from extract.settings.defaults import OcrSettings

_RUNTIME = "onnxruntime"


class PaddleEngine:
    """TextDetection and TextRecognition of PaddleOCR 3.7 on ONNX Runtime.

    It gives whole lines with one confidence; every character of a line carries the line's. Raises EngineError when
    PaddleOCR is missing or refuses the weights.
    """

    def __init__(self, weights: Weights, settings: OcrSettings = OcrSettings()) -> None:
        self._weights = weights
        self._settings = settings

    @property
    def name(self) -> str:
        """PaddleOCR's version, weights and runtime."""
        return f"paddleocr {_paddleocr().__version__} / {self._weights.name} / {_RUNTIME}"

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        """Quads of text lines in pixels of `image`, top to bottom."""
        limit = max_side or max(image.shape[:2])
        with _quiet():
            found = self._detection.predict(_colour(image), limit_side_len=limit, limit_type="max")
        quads = [Quad.of(dbnet.clockwise(np.asarray(polygon))) for polygon in found[0]["dt_polys"]]
        return tuple(sorted(quads, key=lambda quad: (quad.box.y0, quad.box.x0)))

    def recognise(self, crops: Sequence[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        """The characters of each crop."""
        filled = [index for index, crop in enumerate(crops) if crop.size]
        read: list[tuple[Char, ...]] = [()] * len(crops)
        with _quiet():
            results = self._recognition.predict([_colour(crops[i]) for i in filled], batch_size=8) if filled else []
        for index, result in zip(filled, results, strict=True):
            text, score = result["rec_text"], float(result["rec_score"])
            read[index] = tuple(Char(c, score, (), (i + 0.5) / len(text)) for i, c in enumerate(text))
        return tuple(read)

    @cached_property
    def _folder(self) -> Path:
        """The weights in the layout PaddleOCR wants, kept between runs."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "zhibiao" / self._weights.name
        _lay_out(self._weights, cache)
        return cache

    @cached_property
    def _detection(self) -> Any:
        name = f"{self._weights.name}_det"
        return self._module("TextDetection", name)

    @cached_property
    def _recognition(self) -> Any:
        name = f"{self._weights.name}_rec"
        return self._module("TextRecognition", name)

    def _module(self, kind: str, name: str) -> Any:
        config = {"enable_cpu_mem_arena": False, "enable_mem_pattern": False}
        try:
            with _quiet():
                build = getattr(_paddleocr(), kind)
                return build(
                    model_name=name,
                    model_dir=str(self._folder / name),
                    engine=_RUNTIME,
                    engine_config=config,
                    device="cpu",
                )
        except Exception as error:  # PaddleX raises untyped classes
            raise EngineError(f"PaddleOCR cannot load {name}: {error}") from error


def _paddleocr() -> Any:
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    try:
        with _quiet():
            import paddleocr
    except ImportError as error:
        failure = EngineError(f"PaddleOCR cannot be loaded: {error}")
        failure.remedy = "Install it: pip install 'paddleocr==3.7.*'."
        raise failure from error
    return paddleocr


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What PaddleOCR prints goes to standard error: standard output carries results only."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _lay_out(weights: Weights, folder: Path) -> None:
    """Write <name>/inference.onnx and inference.yml; each file appears whole or not at all."""
    characters = read_characters(weights, _metadata(weights.recognition))
    for part, network in (("det", weights.detection), ("rec", weights.recognition)):
        target = folder / f"{weights.name}_{part}"
        target.mkdir(parents=True, exist_ok=True)
        config = _detection_config() if part == "det" else _recognition_config(characters)
        config["Global"] = {"model_name": target.name}
        _write(target / "inference.yml", _yaml(config))
        model = target / "inference.onnx"
        if not model.is_file() or model.stat().st_size != network.stat().st_size:
            partial = model.with_suffix(f".{os.getpid()}")
            shutil.copyfile(network, partial)
            partial.replace(model)


def _metadata(network: Path) -> dict[str, str]:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    return dict(session.get_modelmeta().custom_metadata_map)


def _detection_config() -> dict[str, Any]:
    return {
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"DetResizeForTest": None},
                {
                    "NormalizeImage": {
                        "mean": [0.485, 0.456, 0.406],
                        "std": [0.229, 0.224, 0.225],
                        "scale": "1./255.",
                        "order": "hwc",
                    }
                },
                {"ToCHWImage": None},
            ]
        },
        "PostProcess": {
            "name": "DBPostProcess",
            "thresh": dbnet.PIXEL_THRESHOLD,
            "box_thresh": dbnet.BOX_THRESHOLD,
            "unclip_ratio": dbnet.UNCLIP,
            "max_candidates": 3000,
        },
    }


def _recognition_config(characters: Sequence[str]) -> dict[str, Any]:
    return {
        "PreProcess": {
            "transform_ops": [
                {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
                {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            ]
        },
        "PostProcess": {"name": "CTCLabelDecode", "character_dict": list(characters)},
    }


def _yaml(config: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(config, allow_unicode=True))


def _write(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


def _colour(image: Image) -> Image:
    return image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)
