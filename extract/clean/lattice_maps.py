"""Smooth maps of a page known on a lattice, spread to every pixel a strip of rows at a time.

A map of a whole page in floats is four times the page: walking through several of them costs more than their sums.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Axis = npt.NDArray[np.floating[Any]]
Floats = npt.NDArray[np.float32]


def nodes(shape: tuple[int, int], step: int) -> tuple[Axis, Axis]:
    """Where a lattice lies, y by row and x by column: middles of squares of `step` px that reach one beyond (h, w)."""
    y, x = (np.arange(-1, math.ceil(side / step) + 1) * float(step) + (step - 1) / 2 for side in shape)
    return y, x


def rows_of(lattice: Floats, step: int, top: int, height: int) -> Floats:
    """The part of a lattice that a strip is interpolated from."""
    return lattice[top // step : math.ceil((top + height) / step) + 2]


def spread(lattice: Floats, step: int, top: int, shape: tuple[int, int]) -> Floats:
    """Values for every pixel of a strip (h, w) that starts at row `top`, a multiple of the lattice's step."""
    part = rows_of(lattice, step, top, shape[0])
    full = cv2.resize(part, (part.shape[1] * step, part.shape[0] * step), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[step : step + shape[0], step : step + shape[1]], dtype=np.float32)
