"""The text layer of a page: each text in the box of its ink, whichever way the page is turned."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pikepdf import Page

from extract.downstream.searchable.font import ASCENT, DESCENT, UNITS, Font, width

Points = npt.NDArray[np.float64]
"""(4, 2), clockwise from the top left of the text."""


Vector = npt.NDArray[np.float64]
"""(2,)"""

MOST_DRIFT = 1.0
"""How far a line may rise or fall on its way to be laid level, as a share of its height.

Poppler cuts a line into pieces wherever its baseline has moved by half a point.
"""

MOST_STRETCH = 4.0
"""How high characters may be for their width: a text of many lines is one run across all of its box.

Poppler takes equal characters closer than a tenth of their height for one that was printed twice: with digits, which
are half an em wide, that begins at 5.
"""


@dataclass(frozen=True, eq=False)
class Placed:
    """A text and the quad of its ink, in shares of the page's width and height as it is shown, y down."""

    text: str
    quad: Points


def operators(page: Page, texts: Sequence[Placed], font: Font, name: str) -> bytes:
    """The content stream that lays the texts invisibly on a page (text rendering mode 3).

    A text of several lines is one run across all of its box: viewers find a phrase in it wherever its lines were
    broken, which PDFium and poppler do not for lines laid one by one.
    """
    to_page = _to_page(page)
    out = ["q BT 3 Tr", f"{name} 1 Tf"]
    for placed in texts:
        corners = np.column_stack([placed.quad, np.ones(4)]) @ to_page.T
        a, b, c, d, e, f = _matrix(placed.text, corners[:, :2])
        out.append(f"{a:.4f} {b:.4f} {c:.4f} {d:.4f} {e:.3f} {f:.3f} Tm {font.encode(placed.text)} Tj")
    return "\n".join([*out, "ET Q"]).encode()


def turn(texts: Sequence[Placed]) -> int:
    """By how many degrees, clockwise, a page is to be shown turned so that most of its characters stand upright."""
    votes: Counter[int] = Counter()
    for placed in texts:
        x, y = placed.quad[1] - placed.quad[0] + placed.quad[2] - placed.quad[3]
        votes[round(-math.degrees(math.atan2(y, x)) / 90) % 4 * 90] += len(placed.text)
    return votes.most_common(1)[0][0]


def _to_page(page: Page) -> npt.NDArray[np.float64]:
    """From shares of the page as shown to its user space: ISO 32000-1, 7.7.3.3 (CropBox, Rotate)."""
    x0, y0, x1, y1 = (float(value) for value in page.cropbox)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    w, h = x1 - x0, y1 - y0
    rows = {
        0: [[w, 0, x0], [0, -h, y1]],
        90: [[0, w, x0], [h, 0, y0]],
        180: [[-w, 0, x1], [0, h, y0]],
        270: [[0, -w, x1], [-h, 0, y1]],
    }[turn]
    return np.array(rows, dtype=np.float64)


def _ems(text: str) -> float:
    return sum(map(width, text)) / UNITS


def _matrix(text: str, box: Points) -> tuple[float, float, float, float, float, float]:
    """The text matrix that fits a line of text into its box, about the box's middle."""
    along, up = _level((box[1] - box[0] + box[2] - box[3]) / 2, (box[0] - box[3] + box[1] - box[2]) / 2)
    em = along / _ems(text)
    up = up * min(1.0, MOST_STRETCH * np.hypot(*em) / np.hypot(*up))
    origin = box.mean(axis=0) - (along + up) / 2 + up * (-DESCENT / (ASCENT - DESCENT))
    return (*em.tolist(), *up.tolist(), *origin.tolist())


def _level(along: Vector, up: Vector) -> tuple[Vector, Vector]:
    """The sides of a box that hardly slants, laid level."""
    if abs(along).min() > MOST_DRIFT * np.hypot(*up):
        return along, up
    is_main = abs(along) == abs(along).max()
    return np.where(is_main, along, 0.0), np.where(is_main, 0.0, up)
