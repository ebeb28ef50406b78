"""A page as seen through a transform: what has been decided so far, resampled only when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from extract.clean import calibration as cal
from extract.clean.lattice_maps import Floats, nodes, rows_of, spread
from extract.geometry import Homography, Transform
from extract.model import Image

Shape = tuple[int, int]
"""(h, w)."""


@dataclass(frozen=True, eq=False)
class View:
    """`to_clean` maps source pixels to pixels of the view, whose (h, w) is `shape`."""

    to_clean: Transform
    shape: Shape

    def then(self, step: Transform, shape: Shape) -> View:
        """The view seen through one more step."""
        return View(self.to_clean.then(step), shape)

    @cached_property
    def lattice(self) -> Floats:
        """Where the source lies, x and y, (2, rows, cols), for the view's nodes every WARP_LATTICE_PX."""
        y, x = nodes(self.shape, cal.WARP_LATTICE_PX)
        grid = np.meshgrid(x, y)
        points = self.to_clean.inverse().apply(np.column_stack([along.ravel() for along in grid]))
        return points.T.astype(np.float32).reshape(2, len(y), len(x))

    def scaled(self, factor: float) -> View:
        """The view, larger or smaller."""
        h, w = (max(1, round(side * factor)) for side in self.shape)
        return self.then(Transform.of_matrix(np.diag([factor, factor, 1.0])), (h, w))


def seen(source: Image, view: View, how: int = cv2.INTER_LINEAR, fill: int = 255) -> Image:
    """The source resampled once, (h, w) of the view; `fill` stands where the source has nothing."""
    h, w = view.shape
    if not view.to_clean.steps and source.shape[:2] == view.shape:
        return source
    back = view.to_clean.inverse()
    steps = back.steps
    if not steps or (len(steps) == 1 and isinstance(steps[0], Homography)):
        matrix = np.asarray(steps[0].matrix if isinstance(steps[0], Homography) else np.eye(3), dtype=np.float64)
        flags = how | cv2.WARP_INVERSE_MAP
        if np.allclose(matrix[2], (0, 0, 1)):
            image = cv2.warpAffine(source, matrix[:2], (w, h), flags=flags, borderValue=float(fill))
        else:
            image = cv2.warpPerspective(source, matrix, (w, h), flags=flags, borderValue=float(fill))
        return np.asarray(image, dtype=np.uint8)
    image = np.empty((h, w), np.uint8)
    for top in range(0, h, cal.WARP_STRIP_PX):
        shape = (min(cal.WARP_STRIP_PX, h - top), w)
        at_x, at_y = (spread(view.lattice[axis], cal.WARP_LATTICE_PX, top, shape) for axis in (0, 1))
        cv2.remap(source, at_x, at_y, how, dst=image[top : top + shape[0]], borderValue=float(fill))
    return image


def outside(source_shape: Shape, view: View) -> Image:
    """255 where the view shows nothing of the source, else 0."""
    h, w = view.shape
    bottom, right = source_shape[0] - 1, source_shape[1] - 1
    if all(isinstance(step, Homography) for step in view.to_clean.steps):
        corners = view.to_clean.apply(np.array([(0, 0), (right, 0), (right, bottom), (0, bottom)], dtype=np.float64))
        mask = np.full((h, w), 255, np.uint8)
        return np.asarray(cv2.fillConvexPoly(mask, np.round(corners * 16).astype(np.int32), (0,), shift=4), np.uint8)
    x, y = view.lattice
    depth = np.minimum(np.minimum(x, right - x), np.minimum(y, bottom - y))
    mask = np.zeros((h, w), np.uint8)
    for top in range(0, h, cal.WARP_STRIP_PX):
        shape = (min(cal.WARP_STRIP_PX, h - top), w)
        if rows_of(depth, cal.WARP_LATTICE_PX, top, shape[0]).min() < 0:
            inside = spread(depth, cal.WARP_LATTICE_PX, top, shape)
            cv2.compare(inside, 0.0, cv2.CMP_LT, dst=mask[top : top + shape[0]])
    return mask
