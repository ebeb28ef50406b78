"""The figure reader's network on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from extract.model import Image
from extract.ocr.characters.charset import Alphabet
from extract.ocr.engines import ctc
from extract.ocr.engines.onnx_engine import open_session
from extract.ocr.figure_reader.prepare import inked, resized
from extract.ocr.figure_reader.reading import FigureReading

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NETWORK = Path(__file__).with_name("figures.onnx")
"""The network; its metadata has `characters` (the classes from 1 on, one a character) and how it was trained."""


class FigureReader:
    """Reads lines of figures: digits, the marks and units that stand with them, and OTHER for all else.

    The network is loaded when first used. Each line runs by itself, unpadded and on one thread, so what is read does
    not hang on the lines beside it, their number, or the machine's cores. Raises EngineError when ONNX Runtime or the
    network is missing or broken.
    """

    def __init__(self, network: Path = NETWORK) -> None:
        self._path = network

    @property
    def characters(self) -> frozenset[str]:
        """What the reader tells apart, OTHER among them."""
        return frozenset(self._alphabet.classes[1:])

    def read(self, crops: Sequence[Image]) -> tuple[FigureReading, ...]:
        """A reading for each crop: an upright line (h, w), grey, dark on light, with little around its ink."""
        return tuple(self._read(crop) for crop in crops)

    def _read(self, crop: Image) -> FigureReading:
        if not crop.size:
            return FigureReading(())
        ink = inked(resized(crop))
        (chances,) = self._session.run(None, {self._session.get_inputs()[0].name: ink[None, None]})
        return FigureReading(ctc.decode(chances[0], self._alphabet))

    @cached_property
    def _session(self) -> InferenceSession:
        return open_session(self._path)

    @cached_property
    def _alphabet(self) -> Alphabet:
        """The classes, each its own leader: a hyphen and a dash are told apart."""
        classes = ("", *self._session.get_modelmeta().custom_metadata_map["characters"])
        count = len(classes)
        return Alphabet(classes, np.arange(count, dtype=np.int64), np.ones(count, dtype=np.float32))
