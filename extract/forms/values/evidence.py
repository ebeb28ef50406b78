"""Where a value stands on the source page: the one place where clean pixels become source pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.forms.matching.match import Match
from extract.geometry import Box, Quad, Transform
from extract.model import Doubt, Evidence, Origin, Region, TextLine


@dataclass(frozen=True, eq=False)
class PageProjection:
    """How one page was seen: its clean -> source transform, and the dpi a PDF page was rendered at."""

    to_source: Transform
    dpi: float | None = None


def evidence_of(match: Match, sightings: Mapping[int, PageProjection]) -> Evidence:
    """The evidence of a match: quad in source pixels around its lines on the page where they begin.

    A value that goes on on a further page has a region on each.
    """
    pages = tuple(dict.fromkeys(line.page for line in match.lines)) or (match.page,)
    sighting = sightings.get(pages[0], PageProjection(Transform()))
    quad = _clean_quad([line for line in match.lines if line.page == pages[0]])
    if quad is None and match.box is not None and not match.lines:
        quad = match.box.quad()
    return Evidence(
        pages[0],
        sighting.to_source.quad(quad) if quad else None,
        "\n".join(line.text for line in match.lines),
        confidence_of(match.lines),
        match.origin or (match.lines[0].origin if match.lines else Origin.TEXT_EXPORT),
        sighting.dpi,
        _regions(match.lines, pages, sightings) if len(pages) > 1 else (),
        tuple(sorted(doubts_of(match.lines))),
    )


def _regions(
    lines: Sequence[TextLine], pages: Sequence[int], sightings: Mapping[int, PageProjection]
) -> tuple[Region, ...]:
    regions = []
    for page in pages:
        quad = _clean_quad([line for line in lines if line.page == page])
        seen = sightings.get(page, PageProjection(Transform()))
        if quad is not None:
            regions.append(Region(page, seen.to_source.quad(quad), seen.dpi))
    return tuple(regions)


def _clean_quad(lines: Sequence[TextLine]) -> Quad | None:
    quads = [line.quad for line in lines if line.quad is not None]
    if len(quads) == 1:
        return quads[0]
    return Box.around(q.box for q in quads).quad() if quads else None


def confidence_of(lines: Sequence[TextLine]) -> float | None:
    """The least sure of the lines; None where none states a confidence."""
    known = [line.confidence for line in lines if line.confidence is not None]
    return min(known) if known else None


def doubts_of(lines: Sequence[TextLine]) -> frozenset[Doubt]:
    """What speaks against the reading of any of the lines."""
    return frozenset[Doubt]().union(*(line.doubts for line in lines))
