"""The default engine: the PP-OCRv6 networks run straight on ONNX Runtime."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from extract.errors import EngineError
from extract.geometry import Quad
from extract.model import Char, Image
from extract.ocr.characters.charset import SPACE, Alphabet
from extract.ocr.engines import ctc, dbnet, detection_tiles
from extract.ocr.engines import recognition_batches as line_crops
from extract.ocr.engines.weights import Weights, read_characters
from extract.ocr_engine import Care
from extract.settings.defaults import OcrSettings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class DirectEngine:
    """Detection and recognition on ONNX Runtime; the networks are loaded when first used.

    Raises EngineError when ONNX Runtime or the weights are missing or broken.
    """

    def __init__(self, weights: Weights, settings: OcrSettings = OcrSettings()) -> None:
        self._weights = weights
        self._settings = settings

    @property
    def name(self) -> str:
        """Weights and runtime with their versions."""
        return f"{self._weights.name} / onnxruntime {_runtime().__version__}"

    def detect(self, image: Image, max_side: int | None = None) -> tuple[Quad, ...]:
        """Quads of text lines in pixels of `image`, top to bottom."""
        small, scale = dbnet.shrink(image, max_side)
        found = [
            Quad.of(quad.array() * scale)
            for quads in self._each(lambda strip: self._detected(small, strip), detection_tiles.cut(small))
            for quad in quads
        ]
        return tuple(sorted(found, key=lambda quad: (quad.box.y0, quad.box.x0)))

    def recognise(self, crops: Sequence[Image], care: Care = Care.USUAL) -> tuple[tuple[Char, ...], ...]:
        """The characters of each crop; equal crops are read once."""
        keys = [_key(crop) for crop in crops]
        unique = {key: crop for key, crop in zip(keys, crops, strict=True) if crop.size}
        read = dict(zip(unique, self._read(list(unique.values())), strict=True))
        return tuple(read.get(key, ()) for key in keys)

    def _read(self, crops: list[Image]) -> list[tuple[Char, ...]]:
        resized = [line_crops.resize(crop) for crop in crops]
        batches = list(line_crops.batches(resized, self._settings.min_input_px, self._settings.batch_px))
        found: list[tuple[Char, ...]] = [()] * len(crops)
        results = self._each(lambda batch: self._recognised(resized, *batch), batches)
        for (indices, _), read in zip(batches, results, strict=True):
            for index, chars in zip(indices, read, strict=True):
                found[index] = chars
        return found

    def _detected(self, image: Image, strip: detection_tiles.Strip) -> list[Quad]:
        part = image[slice(*strip.rows), slice(*strip.columns)]
        (probability,) = self._detection.run(None, {self._detection.get_inputs()[0].name: dbnet.prepare(part)})
        moved = (quad.array() + np.array([strip.columns[0], strip.rows[0]]) for quad in dbnet.quads(probability[0, 0]))
        return [quad for quad in map(Quad.of, moved) if strip.owns(quad.box.cy)]

    def _recognised(self, resized: list[Image], indices: list[int], width: int) -> list[tuple[Char, ...]]:
        batch = line_crops.stack([resized[i] for i in indices], width)
        (probabilities,) = self._recognition.run(None, {self._recognition.get_inputs()[0].name: batch})
        used = [resized[i].shape[1] / width for i in indices]
        return [ctc.decode(one, self._alphabet, share) for one, share in zip(probabilities, used, strict=True)]

    def _each(self, function: Callable[[_In], _Out], items: Sequence[_In]) -> Iterable[_Out]:
        """The function's results in order. Side by side where several threads are allowed, as each run of a network
        uses one: their own threads spin between layers, and results would hang on their number.
        """
        if self._settings.threads == 1 or len(items) < 2:
            return map(function, items)
        _ = self._detection, self._alphabet  # loaded once, not by two threads at a time
        return self._pool.map(function, items)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._settings.threads)

    @cached_property
    def _detection(self) -> InferenceSession:
        return open_session(self._weights.detection)

    @cached_property
    def _recognition(self) -> InferenceSession:
        return open_session(self._weights.recognition)

    @cached_property
    def _alphabet(self) -> Alphabet:
        """Characters by class: the blank first, the space last, as PaddleOCR trains them."""
        metadata = dict(self._recognition.get_modelmeta().custom_metadata_map)
        return Alphabet.of(("", *read_characters(self._weights, metadata), SPACE))


def _runtime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        failure = EngineError(f"ONNX Runtime cannot be loaded: {error}")
        failure.remedy = "Install it: pip install onnxruntime."
        raise failure from error
    return onnxruntime


def open_session(path: Path) -> InferenceSession:
    """A network on one thread, that keeps no memory. Raises EngineError when it or ONNX Runtime cannot be loaded."""
    runtime = _runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Shapes differ from run to run: the arena would keep the largest of each, about twice the memory.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    try:
        return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises its own untyped classes
        failure = EngineError(f"the weights cannot be loaded: {path}: {error}")
        failure.remedy = "Install the package that holds them again; `zhibiao models list` shows their checksums."
        raise failure from error


def _key(crop: Image) -> bytes:
    return hashlib.sha1(crop.tobytes() + repr(crop.shape).encode(), usedforsecurity=False).digest()
