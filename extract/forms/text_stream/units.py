"""Regions as units that are cut by themselves: a matrix row, a table row or a footer, each with its likeliest cuts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extract.forms.spec import FormSpec, TableSpec, ValueType
from extract.forms.text_stream.grammar import Cell
from extract.forms.text_stream.regions import STRANGE, BodyText, FooterText, Regions, RowText
from extract.forms.text_stream.rows import Plan, Row, Segmentation, Segmenter
from extract.forms.text_stream.walls import Span

BEST_ROWS = 3
"""Ways kept while rows are told apart; the cells of each row are cut again with BEST_CELLS."""
ROWS_MARGIN = 1.0
"""Rows that beat other rows by less than this, in nats, are in doubt."""
BEST_CELLS = 10
BEST_FIGURES = 40
"""Cuts kept of a row of figures, which can be cut in many ways when they run together."""


@dataclass(frozen=True)
class Option:
    """One way to cut a unit: its value in nats and the text of each column, "" for a blank one.

    `strange` are texts in columns that the form does not declare, `carried` the columns filled from the row above.
    """

    score: float
    texts: Mapping[str, str]
    strange: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """A row, at `pointer` in the data, with its ways to be cut, likeliest first.

    `body` is the region that a table row comes from; `guessed` are columns that no header named.
    `unsure` tells that the rows around may begin and end elsewhere.
    """

    pointer: str
    options: tuple[Option, ...]
    span: Span
    body: BodyText | None = None
    guessed: tuple[str, ...] = ()
    unsure: bool = False


@dataclass
class Units:
    """All units of a form, the number of rows of each list, and texts that are no row."""

    units: list[Unit] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    lost: list[tuple[Span, str]] = field(default_factory=list)


def units_of(regions: Regions, form: FormSpec, segmenter: Segmenter) -> Units:
    """The units of a form's regions."""
    found = Units()
    for row in regions.rows:
        found.units += _matrix_row(row, form, segmenter, found)
    for body in regions.bodies:
        _body(body, form, segmenter, found)
    for footer in regions.footers:
        found.units += _footer(footer, form, segmenter, found)
    return found


def _matrix_row(row: RowText, form: FormSpec, segmenter: Segmenter, found: Units) -> Iterator[Unit]:
    matrix = form.matrices[row.owner]
    pointer = f"/{matrix.key}/{matrix.rows[row.item].key}"
    if any(u.pointer == pointer for u in found.units):
        return
    yield from _single(pointer, row.span, Plan(row.heading.cells, many=False), segmenter, found, row.heading.guessed)


def _footer(footer: FooterText, form: FormSpec, segmenter: Segmenter, found: Units) -> Iterator[Unit]:
    spec = form.tables[footer.owner].footer
    assert spec is not None
    cells = [c for c in footer.heading.cells if c.spec.key in spec.columns]
    known = [c for c in form.tables[footer.owner].columns if c.key in spec.columns]
    plan = Plan(tuple(cells or [Cell(c) for c in known]), many=False)
    yield from _single(f"/{spec.key}", footer.span, plan, segmenter, found, ())


def _single(
    pointer: str, span: Span, plan: Plan, segmenter: Segmenter, found: Units, guessed: tuple[str, ...]
) -> Iterator[Unit]:
    """One row; what is left over behind its cells is reported."""
    end = span[1]
    ways: Sequence[Segmentation] = ()
    if span[1] > span[0]:
        best = BEST_FIGURES if segmenter.glued(span) else BEST_CELLS
        ways = segmenter.segment(span, plan, best)
        if not ways:
            ways, end = _front(span, plan, segmenter)
        if end < span[1]:
            found.lost.append(((end, span[1]), pointer))
    options = tuple(_option(segmenter, plan, w.score, w.rows[0]) for w in ways if w.rows)
    yield Unit(pointer, options or (Option(0.0, {c.spec.key: "" for c in plan.cells if c.spec is not STRANGE}),),
               (span[0], end), guessed=guessed)  # fmt: skip


def _front(span: Span, plan: Plan, segmenter: Segmenter) -> tuple[Sequence[Segmentation], int]:
    """The longest beginning of a run that makes a row: other text was glued behind it."""
    for end in range(span[1] - 1, span[0], -1):
        if ways := segmenter.segment((span[0], end), plan, BEST_CELLS):
            return ways, end
    return (), span[0]


def _option(segmenter: Segmenter, plan: Plan, score: float, row: Row) -> Option:
    texts: dict[str, list[tuple[int, str]]] = {}
    strange: list[str] = []
    for cell, span in zip(plan.cells, row, strict=True):
        text = segmenter.stream.piece(*span) if span else ""
        if cell.spec is STRANGE:
            strange += [text] if text else []
        else:
            texts.setdefault(cell.spec.key, []).append((cell.part, text))
    joined = {key: "".join(text for _, text in sorted(parts, key=lambda p: p[0])) for key, parts in texts.items()}
    return Option(score, joined, tuple(strange))


# ---- table rows ------------------------------------------------------------------------------------------------


def _body(body: BodyText, form: FormSpec, segmenter: Segmenter, found: Units) -> None:
    table = form.tables[body.owner]
    plan = plan_of(table, body.heading.cells)
    if not plan.cells:
        found.lost.append((body.span, f"/{table.key}"))
        return
    ways = segmenter.segment(body.span, plan, BEST_ROWS)
    if not ways:
        found.lost.append((body.span, f"/{table.key}"))
        return
    for row in ways[0].rows:
        spans = [s for s in row if s]
        name = row[plan.name] if plan.name >= 0 else None
        if name and len(spans) == 1 and segmenter.is_filler(plan, name):
            continue
        span = (spans[0][0], spans[-1][1])
        unsure = any(span not in _row_spans(w) for w in ways[1:] if ways[0].score - w.score < ROWS_MARGIN)
        _add_row(table, replace(body, unsure=unsure), plan, span, segmenter, found)


def _row_spans(way: Segmentation) -> set[Span]:
    """Where the rows of a segmentation begin and end."""
    filled = ([cell for cell in row if cell] for row in way.rows)
    return {(cells[0][0], cells[-1][1]) for cells in filled if cells}


def _add_row(table: TableSpec, body: BodyText, plan: Plan, span: Span, segmenter: Segmenter, found: Units) -> None:
    index = found.lists.get(table.key, 0)
    found.lists[table.key] = index + 1
    one = replace(plan, many=False)
    ways = segmenter.segment(span, one, BEST_CELLS)
    options = tuple(_option(segmenter, plan, w.score, w.rows[0]) for w in ways)
    found.units.append(Unit(f"/{table.key}/{index}", options, span, body, body.heading.guessed, body.unsure))


def plan_of(table: TableSpec, cells: Sequence[Cell]) -> Plan:
    """The cells of a table's row: levels of declared words stand outside of it."""
    kept = tuple(c for c in cells if not (c.spec.level and table.groups))
    name = next(
        (i for i, c in enumerate(kept) if not c.spec.level and c.spec.type is ValueType.TEXT and c.spec.key), -1
    )
    return Plan(kept, name, table.placeholders, levels=sum(c.level > 0 for c in table.columns))
