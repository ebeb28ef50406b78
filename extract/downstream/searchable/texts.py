"""The texts of a scan by page: all that was read, or, where only records tell, the values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from extract.downstream.searchable.layer import Placed, Points
from extract.geometry import Quad
from extract.model import Origin, Page
from extract.records.decode import StoredRecord
from extract.records.page_text import Block, ScanLines
from extract.text import join


@dataclass(frozen=True)
class PageTexts:
    """What is to be laid on a page; `layered` where it has a text layer of its own, so that it lies as it should."""

    texts: Sequence[Placed]
    layered: bool = False


def of_lines(lines: ScanLines) -> Mapping[int, PageTexts]:
    """What was read of each page, the lines of a cell as one text."""
    return {
        page.page: PageTexts([_placed(block, (page.width, page.height)) for block in page.blocks], page.layered)
        for page in lines.pages
        if page.blocks
    }


def of_records(records: Sequence[StoredRecord], pages: Sequence[Page]) -> Mapping[int, PageTexts]:
    """The values of each page, each piece of ink once; pages with a text layer of their own need none."""
    sizes = {page.ref.page: page.image.shape[1::-1] for page in pages}
    found: dict[int, dict[str, Placed]] = defaultdict(dict)
    layered = set()
    for record in records:
        for entry in record.evidence.values():
            if entry.origin == Origin.TEXT_LAYER:
                layered.add(entry.page)
            quad, text = entry.quad_text, join(entry.text.splitlines())
            if quad is not None and text and entry.page in sizes:
                shares = Quad.of(entry.points()).array() / np.array(sizes[entry.page])
                found[entry.page].setdefault(quad, Placed(text, shares))
    return {number: PageTexts(list(texts.values())) for number, texts in found.items() if number not in layered}


def _placed(block: Block, size: tuple[int, int]) -> Placed:
    quads = np.array([line.corners() for line in block])
    return Placed(join(line.text for line in block), (quads[0] if len(quads) == 1 else _around(quads)) / np.array(size))


def _around(quads: Points) -> Points:
    """The smallest rectangle around quads that lies as most of their text runs."""
    x, y = (quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3]).sum(axis=0)
    axes = np.array([[x, y], [-y, x]]) / max(np.hypot(x, y), 1.0)
    places = quads.reshape(-1, 2) @ axes.T
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    corners: Points = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) @ axes
    return corners
