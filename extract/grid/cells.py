"""Walls -> cells: places without a wall between them are one cell; cells are rectangles that tile the grid."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from extract.grid.ruling_line import Bools, Floats
from extract.settings.defaults import GridSettings

Labels = npt.NDArray[np.int64]


Cut = tuple[bool, int]
"""A line of the lattice: whether it is a row line, and which."""

CUT_PRICE = 0.4
"""What one more cell costs, in shares of a wall."""


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A rectangle of lattice places, ends exclusive."""

    row: int
    col: int
    row_end: int
    col_end: int


@dataclass(frozen=True, eq=False)
class Walls:
    """How surely each wall stands, 0..1: above each place, (rows + 1, cols), and left of it, (rows, cols + 1).

    `worn` ones are blank, but not from rule to rule.
    """

    above: Floats
    left: Floats
    worn_above: Bools
    worn_left: Bools

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the lattice."""
        return self.left.shape[0], self.above.shape[1]

    def outside(self, span: Span) -> float:
        """How surely a span is closed against the outside of the table; 1 for one that lies inside."""
        rows, cols = self.shape
        r, c = slice(span.row, span.row_end), slice(span.col, span.col_end)
        sides = [self.above[0, c]] * (span.row == 0) + [self.above[rows, c]] * (span.row_end == rows)
        sides += [self.left[r, 0]] * (span.col == 0) + [self.left[r, cols]] * (span.col_end == cols)
        return float(np.mean([side.mean() for side in sides])) if sides else 1.0


def wall_threshold(walls: Walls, settings: GridSettings) -> float:
    """The share from which a wall stands: strict where rules are whole, lenient where they are worn."""
    shares = np.concatenate((walls.above.ravel(), walls.left.ravel()))
    whole = float(np.quantile(drawn, 0.1)) if len(drawn := shares[shares > settings.min_wall_share]) else 1.0
    return min(1.0, settings.min_wall_share + settings.wall_strictness * max(0.0, whole - 0.7))


def standing(walls: Walls, settings: GridSettings) -> Walls:
    """The walls with those lifted over the threshold that are drawn in part and continue walls which stand.

    Rules end at rules, so a wall in line with its neighbours is taken for worn rather than left out.
    """
    threshold = wall_threshold(walls, settings)
    above = _in_line(walls.above, walls.worn_above, threshold, settings)
    return replace(walls, above=above, left=_in_line(walls.left.T, walls.worn_left.T, threshold, settings).T)


def _in_line(shares: Floats, worn: Bools, threshold: float, settings: GridSettings) -> Floats:
    """Shares of walls with the lines as rows, lifted where one or both walls next to them on the line stand."""
    result = shares
    while True:
        stands = np.pad(result >= threshold, ((0, 0), (1, 1)), constant_values=False)
        beside = stands[:, :-2].astype(int) + stands[:, 2:]
        both = (beside == 2) & ((shares >= settings.min_worn_share) | worn)
        one = (beside == 1) & (shares >= settings.worn_factor * threshold)
        lifted = np.where(both | one, np.maximum(shares, threshold), shares)
        if (lifted == result).all():
            return lifted
        result = np.maximum(result, lifted)


def regions(walls: Walls, threshold: float) -> Labels:
    """(rows, cols) label of every place, alike where no wall stands between; the outside is walled off."""
    rows, cols = walls.shape
    parent = list(range(rows * cols))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    def unite(a: int, b: int) -> None:
        a, b = sorted((root(a), root(b)))
        parent[b] = a

    for r, c in np.argwhere(walls.above[1:-1] < threshold).tolist():
        unite(r * cols + c, (r + 1) * cols + c)
    for r, c in np.argwhere(walls.left[:, 1:-1] < threshold).tolist():
        unite(r * cols + c, r * cols + c + 1)
    return np.array([root(k) for k in range(rows * cols)], dtype=np.int64).reshape(rows, cols)


def rectangles(labels: Labels, walls: Walls, threshold: float) -> tuple[Span, ...]:
    """Every region as one rectangle, or cut into several where that claims the least that is not drawn."""
    spans: list[Span] = []
    names, first, places = np.unique(labels, return_index=True, return_counts=True)
    for label, at, count in zip(names, first.tolist(), places.tolist(), strict=True):
        if count == 1:
            row, col = divmod(at, labels.shape[1])
            spans.append(Span(row, col, row + 1, col + 1))
        else:
            spans += _tile(labels == label, walls, threshold)
    return tuple(sorted(spans))


def _tile(mask: Bools, walls: Walls, threshold: float) -> list[Span]:
    """Guillotine cuts until what is left are rectangles without a line of standing walls inside."""
    box = _bounds(mask)
    cuts = _corner_cuts(mask, box)
    if not cuts:
        strength, cut = _strongest(mask, walls, box)
        if cut is None or strength < threshold:
            return [box]
        return [span for part in _parts(mask, cut) for span in _tile(part, walls, threshold)]
    best = min(cuts, key=lambda cut: _price(mask, cut, walls, threshold))
    return [span for part in _parts(mask, best) for span in _tile(part, walls, threshold)]


def _price(mask: Bools, cut: Cut, walls: Walls, threshold: float) -> float:
    """What a cut and the cuts still needed after it claim: walls not drawn, and a little for every cell more."""
    own = CUT_PRICE + float(np.maximum(threshold - _inner(mask, cut, walls), 0).sum())
    for part in _parts(mask, cut):
        box = _bounds(part)
        if further := _corner_cuts(part, box):
            own += min(_claim(part, next_, walls, threshold) for next_ in further)
    return own


def _claim(mask: Bools, cut: Cut, walls: Walls, threshold: float) -> float:
    return CUT_PRICE + float(np.maximum(threshold - _inner(mask, cut, walls), 0).sum())


def _bounds(mask: Bools) -> Span:
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Span(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)


def _corner_cuts(mask: Bools, box: Span) -> list[Cut]:
    """The lines through the inner corners of a region; none for a rectangle."""
    rows = [(True, r) for r in range(box.row + 1, box.row_end) if (mask[r - 1] != mask[r]).any()]
    return rows + [(False, c) for c in range(box.col + 1, box.col_end) if (mask[:, c - 1] != mask[:, c]).any()]


def _inner(mask: Bools, cut: Cut, walls: Walls) -> Floats:
    """Shares of the walls on a line that lie inside of a region."""
    is_row, at = cut
    row = mask[at - 1] & mask[at] if is_row else mask[:, at - 1] & mask[:, at]
    return np.asarray((walls.above[at] if is_row else walls.left[:, at])[row])


def _parts(mask: Bools, cut: Cut) -> tuple[Bools, Bools]:
    is_row, at = cut
    first, second = mask.copy(), mask.copy()
    if is_row:
        first[at:], second[:at] = False, False
    else:
        first[:, at:], second[:, :at] = False, False
    return first, second


def _strongest(mask: Bools, walls: Walls, box: Span) -> tuple[float, Cut | None]:
    """The line through a rectangle whose walls stand most surely on average."""
    cuts = [(True, r) for r in range(box.row + 1, box.row_end)] + [(False, c) for c in range(box.col + 1, box.col_end)]
    return max(((float(_inner(mask, cut, walls).mean()), cut) for cut in cuts), default=(0.0, None))


def find_void(spans: tuple[Span, ...], walls: Walls, threshold: float, settings: GridSettings) -> tuple[Span, ...]:
    """Spans that are no cells but open page between or beside tables.

    Those whose outer side is not drawn, and what lies behind them where the wall between does not go on beyond its
    ends: strokes of characters of a title that stand between two tables.
    """
    void = {s for s in spans if walls.outside(s) < settings.min_frame_share}
    frontier = list(void)
    while frontier:
        at = frontier.pop()
        near = [s for s in spans if s not in void and _alone(at, s, walls, threshold)]
        void.update(near)
        frontier += near
    return tuple(sorted(void))


def _alone(a: Span, b: Span, walls: Walls, threshold: float) -> bool:
    """Whether two spans share a wall that no wall in line continues at either end."""
    top, bottom = max(a.row, b.row), min(a.row_end, b.row_end)
    left, right = max(a.col, b.col), min(a.col_end, b.col_end)
    if top < bottom and left == right:
        line, begin, end = walls.left[:, left], top, bottom
    elif left < right and top == bottom:
        line, begin, end = walls.above[top], left, right
    else:
        return False
    if begin == 0 and end == len(line):
        return False
    return not (begin > 0 and line[begin - 1] >= threshold) and not (end < len(line) and line[end] >= threshold)
