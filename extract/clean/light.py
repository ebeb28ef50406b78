"""Even light: paper white, ink dark wherever it stands, however faint the toner was there."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.model import Image

Field = npt.NDArray[np.floating[Any]]
BACKGROUND_PX = 360
"""Longest side of the copy on which the background is estimated: far coarser than text."""
SAMPLE_PX = 1200
"""Longest side of the sample on which the depth of ink is measured."""
BLOCKS = 72
"""Blocks along the longest side in which the depth of ink is measured: about one and a half characters each."""
PRIOR_SHARE = 0.01
"""The page's usual ink weighs as much in a block as if it covered this share: specks alone say little."""
LEAST_DEPTH = 0.4
"""Ink fainter than this share of the page's usual ink is not raised any further: it may be the other side's."""
FAINTEST = 36.0
NOISE_DEPTH = 8.0


def is_binary(grey: Image) -> bool:
    """Whether an image has only two values (a fax, a 1-bit scan)."""
    sample = grey[:: max(1, grey.shape[0] // 400), :: max(1, grey.shape[1] // 400)]
    return bool(np.isin(sample, (0, 255)).all())


def flatten(grey: Image) -> Image:
    """The page on white (255), its ink stretched towards 0 by how dark ink is nearby; a 1-bit page passes through.

    Depth is how much darker than the paper around it a pixel is, 0 to 255. The ink's depth nearby is the mean of depths
    weighted by their squares, which paper hardly moves, pulled to the page's usual depth where there is little ink.
    """
    if is_binary(grey):
        return grey
    paper = np.maximum(background(grey), 8).astype(np.float32)
    noise, depth = _ink_depth(grey, paper)
    depth = cv2.resize(depth, (paper.shape[1], paper.shape[0]), interpolation=cv2.INTER_LINEAR)
    size = (grey.shape[1], grey.shape[0])
    gain = cv2.resize(255.0 * 255.0 / (paper * depth), size, interpolation=cv2.INTER_LINEAR)
    shift = cv2.resize(255.0 - 255.0 * (255.0 - noise) / depth, size, interpolation=cv2.INTER_LINEAR)
    even = cv2.multiply(grey, gain, dst=gain, dtype=cv2.CV_32F)
    even = cv2.max(cv2.add(even, shift, dst=even), 0.0, dst=even)
    return np.asarray(cv2.convertScaleAbs(even), dtype=np.uint8)


def background(grey: Image) -> Image:
    """The paper's own brightness: text removed by a maximum, then smoothed; (h, w) of at most BACKGROUND_PX."""
    scale = min(1.0, BACKGROUND_PX / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    lit = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    return np.asarray(cv2.GaussianBlur(cv2.medianBlur(lit, 21), (0, 0), 4), dtype=np.uint8)


def _ink_depth(grey: Image, paper: Field) -> tuple[float, Field]:
    """The depth that noise reaches, and in blocks the depth of the ink beyond it."""
    step = math.ceil(max(grey.shape) / SAMPLE_PX)
    sample = grey[::step, ::step].astype(np.float32)
    around = cv2.resize(paper, (sample.shape[1], sample.shape[0]), interpolation=cv2.INTER_LINEAR)
    depth = cv2.max(255.0 - 255.0 * sample / around, 0.0)
    depth[around < 0.5 * float(np.percentile(paper, 90))] = 0  # the dark ground beside the paper is no ink
    usual = float(np.median(depth[::3, ::3]))
    spread = float(np.median(np.abs(depth[::3, ::3] - usual)))
    noise = max(NOISE_DEPTH, usual + 4.5 * spread)
    depth = cv2.max(depth - noise, 0.0)
    side = max(sample.shape) / BLOCKS
    blocks = (max(1, round(sample.shape[1] / side)), max(1, round(sample.shape[0] / side)))
    square = cv2.resize(depth * depth, blocks, interpolation=cv2.INTER_AREA)
    cube = cv2.resize(depth * depth * depth, blocks, interpolation=cv2.INTER_AREA)
    page = _usual_depth(square, cube)
    square = cv2.GaussianBlur(square, (0, 0), 1.0) + PRIOR_SHARE * page**2
    cube = cv2.GaussianBlur(cube, (0, 0), 1.0) + PRIOR_SHARE * page**3
    return noise, np.maximum(cube / square, max(LEAST_DEPTH * page, FAINTEST))


def _usual_depth(square: Field, cube: Field) -> float:
    """The median depth of blocks with text in them; that of black ink on a page without any."""
    inked = square > 0.02 * 100.0**2 * 0.25
    if int(inked.sum()) < 4:
        return 200.0
    return float(np.median(cube[inked] / square[inked]))
