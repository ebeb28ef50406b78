"""A crop made ready for the figure reader's network."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.model import Image

HEIGHT_PX = 32
"""Input height of the network."""

STEP_PX = 2
"""Columns of the input that become one step of the output."""

_LEAST_WIDTH_PX, _MOST_WIDTH_PX = 8, 1600
_PAPER_SHARE = 0.85
_LEAST_CONTRAST = 48.0

Ink = npt.NDArray[np.float32]
"""(32, w): from 0 (paper) to 1 (the darkest ink of the line)."""


def resized(crop: Image) -> Image:
    """A grey crop (h, w) at the network's height, its aspect kept up to the longest width."""
    height, width = crop.shape
    wide = min(_MOST_WIDTH_PX, max(_LEAST_WIDTH_PX, round(width * HEIGHT_PX / height)))
    shrinks = cv2.INTER_AREA if height > HEIGHT_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (wide, HEIGHT_PX), interpolation=shrinks), dtype=np.uint8)


def inked(image: Image) -> Ink:
    """How much ink each pixel has, whatever the paper's grey and the toner's strength; a blank stays blank."""
    flat = image.ravel()
    rank = int(_PAPER_SHARE * (flat.size - 1))
    paper = float(np.partition(flat, rank)[rank])
    contrast = max(_LEAST_CONTRAST, paper - float(flat.min()))
    return np.clip((paper - image.astype(np.float32)) / contrast, 0.0, 1.0).astype(np.float32)
