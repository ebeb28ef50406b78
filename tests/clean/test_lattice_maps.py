"""Maps on a lattice: spread to every pixel, seamlessly over strips; a view's map of the source."""

import math

import cv2
import numpy as np

from extract.clean.lattice_maps import nodes, spread
from extract.clean.warp import View, outside, seen
from extract.geometry import Mesh, Transform


def test_a_plane_is_spread_exactly() -> None:
    shape, step = (150, 101), 8
    y, x = nodes(shape, step)
    lattice = (2 * y[:, None] + 3 * x[None]).astype(np.float32)
    strips = [spread(lattice, step, top, (min(64, shape[0] - top), shape[1])) for top in range(0, shape[0], 64)]
    v, u = np.mgrid[0 : shape[0], 0 : shape[1]]
    assert np.allclose(np.vstack(strips), 2 * v + 3 * u, atol=1e-3)


def test_a_bent_view_shows_what_the_bend_says() -> None:
    size = 700
    at = np.arange(0, math.ceil(size / 24) + 2) * 24.0
    dx = np.broadcast_to(6 * np.sin(at / 200)[:, None], (len(at), len(at)))
    view = View(Transform((Mesh(24.0, dx, np.zeros_like(dx)),)), (size, size))
    source = np.broadcast_to((np.arange(size) % 256).astype(np.uint8), (size, size)).copy()
    source = np.asarray(cv2.GaussianBlur(source, (1, 9), 0), dtype=np.uint8)
    points = np.array([(300, 40), (310, 333), (400, 511), (400, 513), (290, 690)])
    back = view.to_clean.inverse().apply(points.astype(np.float64))[:, 0]
    assert np.allclose(seen(source, view)[points[:, 1], points[:, 0]], back % 256, atol=1.0)
    gone = outside((size, size), view)
    assert gone[300, :2].all()
    assert not gone[300, 10:690].any()
