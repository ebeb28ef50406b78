"""Pages to sheets: a form begins at its title; its tables are joined over page breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from extract.forms.sheets.sheet import Sheet, cell_text
from extract.model import Cell, Grid, PageContent, TextLine
from extract.settings.defaults import StitchSettings

IsTitle = Callable[[str], bool]
Labels = Callable[[str], str | None]


@dataclass(frozen=True)
class Slice:
    """Rows first..last (exclusive) of a page's grid."""

    page: PageContent
    grid: Grid
    first: int
    last: int


@dataclass
class _Draft:
    heading: list[TextLine] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    tail: list[TextLine] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def stitch(
    pages: Sequence[PageContent], is_title: IsTitle, once: Labels, settings: StitchSettings = StitchSettings()
) -> tuple[Sheet, ...]:
    """The forms of a file in order.

    `is_title` tells a form's title; `once` names the single field whose label a text is, if any: a page that shows two
    such labels a second time begins another form even where its title was lost.
    """
    drafts: list[_Draft] = [_Draft()]
    for page in pages:
        for item in _items(page):
            if isinstance(item, TextLine):
                _take_line(drafts, item, is_title)
            else:
                _take_grid(drafts, page, item, is_title, once)
    whole = [_sheet(d, settings.snap_chars) for d in drafts if d.slices]
    return tuple(replace(sheet, index=i) for i, sheet in enumerate(whole))


def _items(page: PageContent) -> Iterator[TextLine | Grid]:
    """Lines and grids of a page from top to bottom; without boxes the lines come first."""
    placed: list[tuple[float, float, TextLine | Grid]] = []
    for line in page.free:
        box = line.quad.box if line.quad else None
        placed.append((box.y0, box.x0, line) if box else (-1.0, 0.0, line))
    for grid in page.grids:
        boxes = [c.box for c in grid.cells if c.box]
        placed.append((min(b.y0 for b in boxes), 0.0, grid) if boxes else (0.0, 0.0, grid))
    return (item for _, _, item in sorted(placed, key=lambda p: p[:2]))


def _take_line(drafts: list[_Draft], line: TextLine, is_title: IsTitle) -> None:
    if is_title(line.text) and drafts[-1].slices:
        lead = _lead(drafts[-1].tail, line)
        drafts.append(_Draft(heading=lead))
    draft = drafts[-1]
    (draft.tail if draft.slices else draft.heading).append(line)


def _lead(tail: list[TextLine], title: TextLine) -> list[TextLine]:
    """Lines above a title on its own page belong to the new form: they are taken out of the old one's tail."""
    own = [t for t in tail if t.page == title.page and t.quad and title.quad]
    for line in own:
        tail.remove(line)
    return own


def _take_grid(drafts: list[_Draft], page: PageContent, grid: Grid, is_title: IsTitle, once: Labels) -> None:
    first = 0
    rows = _row_cells(grid)
    body = [r for r, cells in enumerate(rows) if sum(bool(c.lines) for c in cells) > 1]
    for row, cells in enumerate(rows):
        text = _lone_text(cells)
        if text is None:
            continue
        if is_title(text):
            _close(drafts[-1], page, grid, first, row)
            if drafts[-1].slices:
                drafts.append(_Draft())
            first = row
        leads = is_title(text) or any(r > row for r in body)
        if first == row and leads and not drafts[-1].slices and not once(text):
            drafts[-1].heading.extend(_lines(cells))
            first = row + 1
    if _repeats(drafts[-1], rows[first:], once):
        drafts.append(_Draft())
    _close(drafts[-1], page, grid, first, grid.rows)
    drafts[-1].seen.update(k for cells in rows[first:] for c in cells if (k := once(cell_text(c))))


def _repeats(draft: _Draft, rows: Sequence[Sequence[Cell]], once: Labels) -> bool:
    again = {k for cells in rows for c in cells if c.lines and (k := once(cell_text(c)))}
    return len(again & draft.seen) >= 2


def _row_cells(grid: Grid) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return rows


def _lone_text(cells: Sequence[Cell]) -> str | None:
    """The text of a row in which exactly one cell has any."""
    texts = [t for t in map(cell_text, cells) if t]
    return texts[0] if len(texts) == 1 else None


def _lines(cells: Sequence[Cell]) -> list[TextLine]:
    return [line for cell in cells for line in cell.lines]


def _close(draft: _Draft, page: PageContent, grid: Grid, first: int, last: int) -> None:
    if last > first:
        if draft.slices:  # what stood between two parts of a table (page numbers) is no tail of the form
            draft.heading.extend(draft.tail)
            draft.tail.clear()
        draft.slices.append(Slice(page, grid, first, last))


def _sheet(draft: _Draft, snap_chars: float) -> Sheet:
    boxed = all(c.box for s in draft.slices for c in s.grid.cells)
    borders, maps = _common_borders(draft.slices, snap_chars) if boxed else _padded_borders(draft.slices)
    cells: list[Cell] = []
    breaks: list[int] = []
    offset = 0
    for part, columns in zip(draft.slices, maps, strict=True):
        if offset:
            breaks.append(offset)
        cells.extend(_moved(part, columns, offset))
        cols = len(borders) - 1
        cells.extend(_padding(part, (0, columns[0]), offset))
        cells.extend(_padding(part, (columns[-1], cols), offset))
        offset += part.last - part.first
    grid = Grid(offset, len(borders) - 1, tuple(sorted(cells, key=lambda c: (c.row, c.col))))
    pages = tuple(sorted({s.page.ref.page for s in draft.slices} | {h.page for h in draft.heading[:1]}))
    x = tuple(borders) if boxed else None
    return Sheet(tuple(draft.heading), grid, x, tuple(breaks), tuple(draft.tail), pages)


def _moved(part: Slice, columns: Sequence[int], offset: int) -> Iterator[Cell]:
    for cell in part.grid.cells:
        row, end = max(cell.row, part.first), min(cell.row_end, part.last)
        if row < end:
            shift = offset - part.first
            yield replace(
                cell,
                row=row + shift,
                row_end=end + shift,
                col=columns[cell.col],
                col_end=columns[cell.col_end],
            )


def _padding(part: Slice, columns: tuple[int, int], offset: int) -> Iterator[Cell]:
    """Empty cells in the columns that a narrower part lacks."""
    if columns[0] < columns[1]:
        for row in range(offset, offset + part.last - part.first):
            yield Cell(row, columns[0], row + 1, columns[1], None, (), part.page.ref.page)


def _padded_borders(slices: Sequence[Slice]) -> tuple[list[float], list[list[int]]]:
    cols = max(s.grid.cols for s in slices)
    return [float(k) for k in range(cols + 1)], [list(range(s.grid.cols + 1)) for s in slices]


def _common_borders(slices: Sequence[Slice], snap_chars: float) -> tuple[list[float], list[list[int]]]:
    """Column borders of all parts as shares of the table's width, near ones made one; and each part's place in them."""
    shares = [_shares(s, slices) for s in slices]
    reference = list(shares[0])
    for other in shares[1:]:
        reference = _merge(reference, other, _snap(slices[0], snap_chars))
    maps = [_places(share, reference) for share in shares]
    return reference, maps


def _snap(part: Slice, snap_chars: float) -> float:
    """Return the distance of two borders that are one, as a share of the table's width."""
    left, right = _frame(part.page, (part.grid,))
    return snap_chars * (part.page.char_height or 20.0) / max(right - left, 1.0)


def _frame(page: PageContent, grids: Sequence[Grid]) -> tuple[float, float]:
    boxes = [c.box for g in grids for c in g.cells if c.box]
    return min(b.x0 for b in boxes), max(b.x1 for b in boxes)


def _shares(part: Slice, slices: Sequence[Slice]) -> list[float]:
    """Borders of one part, 0 and 1 being the edges of all of the form's tables on that page."""
    left, right = _frame(part.page, [s.grid for s in slices if s.page is part.page])
    grid, width = part.grid, max(right - left, 1.0)
    found: list[list[float]] = [[] for _ in range(grid.cols + 1)]
    for cell in grid.cells:
        if cell.box:
            found[cell.col].append(cell.box.x0)
            found[cell.col_end].append(cell.box.x1)
    known = [sorted(v)[len(v) // 2] if v else None for v in found]
    places = [k for k, v in enumerate(known) if v is not None]
    values = [(v - left) / width for v in known if v is not None]
    filled = np.interp(range(len(known)), places, values)
    return [float(v) + k * 1e-9 for k, v in enumerate(filled)]


def _merge(reference: list[float], other: list[float], snap: float) -> list[float]:
    """The union of two ordered border lists, each border of one taking at most one of the other."""
    result: list[float] = []
    i = j = 0
    while i < len(reference) or j < len(other):
        a = reference[i] if i < len(reference) else float("inf")
        b = other[j] if j < len(other) else float("inf")
        nearer = (i + 1 < len(reference) and abs(reference[i + 1] - b) < abs(a - b)) or (
            j + 1 < len(other) and abs(other[j + 1] - a) < abs(a - b)
        )
        if abs(a - b) <= snap and not nearer:
            result.append(a)
            i, j = i + 1, j + 1
        elif a <= b:
            result.append(a)
            i += 1
        else:
            result.append(b)
            j += 1
    return result


def _places(share: list[float], reference: list[float]) -> list[int]:
    """For each border of a part its index among the common ones, strictly rising."""
    places: list[int] = []
    for k, x in enumerate(share):
        low = places[-1] + 1 if places else 0
        high = len(reference) - (len(share) - 1 - k)
        places.append(min(range(low, high), key=lambda p: abs(reference[p] - x)))
    return places
