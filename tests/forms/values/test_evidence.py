from __future__ import annotations

import numpy as np

from extract.forms.matching.match import Match
from extract.forms.spec import ValueType
from extract.forms.values.evidence import PageProjection, evidence_of
from extract.geometry import Box, Transform
from extract.model import Origin, TextLine

MOVED = Transform.of_matrix([[1, 0, 5], [0, 1, 7], [0, 0, 1]])


def test_quads_are_in_source_pixels_and_confidence_is_the_least() -> None:
    lines = (
        TextLine("甲", Box(0, 0, 10, 10).quad(), 0.9, Origin.OCR, (), 2),
        TextLine("乙", Box(0, 20, 30, 30).quad(), 0.8, Origin.OCR, (), 2),
    )
    found = evidence_of(Match("/x", ValueType.TEXT, "甲乙", lines), {2: PageProjection(MOVED, 200.0)})
    assert found.quad is not None
    np.testing.assert_allclose(found.quad.array(), [[5, 7], [35, 7], [35, 37], [5, 37]])
    assert (found.page, found.text, found.confidence, found.origin, found.dpi) == (2, "甲\n乙", 0.8, Origin.OCR, 200.0)


def test_a_value_over_two_pages_points_at_where_it_begins() -> None:
    lines = (TextLine("甲", Box(0, 0, 9, 9).quad(), page=1), TextLine("乙", Box(50, 50, 90, 90).quad(), page=2))
    projections = {1: PageProjection(Transform()), 2: PageProjection(MOVED)}
    found = evidence_of(Match("/x", ValueType.TEXT, "甲乙", lines), projections)
    assert found.quad is not None
    assert found.quad.box == Box(0, 0, 9, 9)


def test_a_value_over_two_pages_has_a_region_on_each() -> None:
    lines = (TextLine("甲", Box(0, 0, 9, 9).quad(), page=1), TextLine("乙", Box(50, 50, 90, 90).quad(), page=2))
    projections = {1: PageProjection(Transform()), 2: PageProjection(MOVED, 200.0)}
    found = evidence_of(Match("/x", ValueType.TEXT, "甲乙", lines), projections)
    assert [(r.page, r.quad.box, r.dpi) for r in found.regions] == [
        (1, Box(0, 0, 9, 9), None),
        (2, Box(55, 57, 95, 97), 200.0),
    ]
    assert evidence_of(Match("/x", ValueType.TEXT, "甲", lines[:1]), projections).regions == ()


def test_a_text_export_has_no_quad() -> None:
    found = evidence_of(Match("/x", ValueType.TEXT, "甲", (TextLine("甲", origin=Origin.TEXT_EXPORT),)), {})
    assert (found.quad, found.origin) == (None, Origin.TEXT_EXPORT)
