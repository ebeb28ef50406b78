"""Even light: paper white, ink dark wherever it stands, however faint the toner was there."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.clean import calibration as cal
from extract.clean.downscale import shrunk
from extract.clean.lattice_maps import Floats, nodes, spread
from extract.model import Image

Field = npt.NDArray[np.floating[Any]]


def is_binary(grey: Image) -> bool:
    """Whether an image has only two values (a fax, a 1-bit scan)."""
    sample = grey[:: max(1, grey.shape[0] // 400), :: max(1, grey.shape[1] // 400)]
    return bool(((sample == 0) | (sample == 255)).all())


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
    gain = _lattice(255.0 * 255.0 / (paper * depth), grey.shape)
    shift = _lattice(255.0 - 255.0 * (255.0 - noise) / depth, grey.shape)
    even = np.empty_like(grey)
    for top in range(0, grey.shape[0], cal.LIGHT_STRIP_PX):
        part = grey[top : top + cal.LIGHT_STRIP_PX]
        lit = cv2.multiply(part, spread(gain, cal.LIGHT_LATTICE_PX, top, part.shape), dtype=cv2.CV_32F)
        cv2.add(
            lit,
            spread(shift, cal.LIGHT_LATTICE_PX, top, part.shape),
            dst=even[top : top + cal.LIGHT_STRIP_PX],
            dtype=cv2.CV_8U,
        )
    return even


def _lattice(field: Field, shape: tuple[int, ...]) -> Floats:
    """A coarse map of a whole page on the nodes of a page (h, w)."""
    y, x = nodes((shape[0], shape[1]), cal.LIGHT_LATTICE_PX)
    shrink = [field.shape[axis] / shape[axis] for axis in (0, 1)]
    y, x = (y + 0.5) * shrink[0] - 0.5, (x + 0.5) * shrink[1] - 0.5
    at = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    found = cv2.remap(field.astype(np.float32), at[0], at[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=np.float32)


def background(grey: Image) -> Image:
    """The paper's own brightness: text removed by a maximum, then smoothed; (h, w) of at most BACKGROUND_PX."""
    scale = min(1.0, cal.BACKGROUND_PX / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    small = shrunk(grey, size)
    lit = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    return np.asarray(cv2.GaussianBlur(cv2.medianBlur(lit, 21), (0, 0), 4), dtype=np.uint8)


def _ink_depth(grey: Image, paper: Field) -> tuple[float, Field]:
    """The depth that noise reaches, and in blocks the depth of the ink beyond it."""
    step = math.ceil(max(grey.shape) / cal.LIGHT_SAMPLE_PX)
    sample = grey[::step, ::step].astype(np.float32)
    around = cv2.resize(paper, (sample.shape[1], sample.shape[0]), interpolation=cv2.INTER_LINEAR)
    depth = cv2.divide(sample, around, dst=sample, scale=-255.0)
    depth = cv2.max(cv2.add(depth, 255.0, dst=depth), 0.0, dst=depth)
    ground = 0.5 * float(np.percentile(paper[::3, ::3], 90))
    if paper.min() < ground:
        depth[around < ground] = 0  # the dark ground beside the paper is no ink
    few = depth[::3, ::3]
    usual = float(np.median(few))
    scatter = float(np.median(np.abs(few - usual)))
    noise = max(cal.NOISE_DEPTH, usual + 4.5 * scatter)
    depth = cv2.max(cv2.subtract(depth, noise, dst=depth), 0.0, dst=depth)
    side = max(sample.shape) / cal.LIGHT_BLOCKS
    blocks = (max(1, round(sample.shape[1] / side)), max(1, round(sample.shape[0] / side)))
    squared = cv2.multiply(depth, depth)
    square = cv2.resize(squared, blocks, interpolation=cv2.INTER_AREA)
    cube = cv2.resize(cv2.multiply(squared, depth, dst=squared), blocks, interpolation=cv2.INTER_AREA)
    page = _usual_depth(square, cube)
    square = cv2.GaussianBlur(square, (0, 0), 1.0) + cal.LIGHT_PRIOR_SHARE * page**2
    cube = cv2.GaussianBlur(cube, (0, 0), 1.0) + cal.LIGHT_PRIOR_SHARE * page**3
    return noise, np.maximum(cube / square, max(cal.LEAST_INK_DEPTH * page, cal.FAINTEST_INK))


def _usual_depth(square: Field, cube: Field) -> float:
    """The median depth of blocks with text in them; that of black ink on a page without any."""
    inked = square > 0.02 * 100.0**2 * 0.25
    if int(inked.sum()) < 4:
        return 200.0
    return float(np.median(cube[inked] / square[inked]))
