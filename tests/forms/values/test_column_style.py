"""An amount printed unlike all others of its form is doubted."""

from __future__ import annotations

import pytest

from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.matching.match import Match
from extract.forms.spec import ValueType
from extract.forms.values.column_style import style_issues
from extract.forms.values.parse import parse
from extract.model import TextLine

LEXICON = load_lexicon()


@pytest.mark.parametrize(
    ("texts", "doubted"),
    [
        (["1966812.24", "196681224", "1,900,000.00"], ["196681224"]),
        (["1966812.24", "196681224", "3000000"], []),
        (["1966812.24", "19668122", "1900000.50"], []),
        (["19668.1", "196681224", "19000.00"], []),
        (["196681224", "190000000"], []),
        (["12.50", "0", "7.25", "900"], []),
        (["2.50", "0", "7.25", "900"], ["900"]),
    ],
)
def test_a_lost_point_shows_among_other_amounts(texts: list[str], doubted: list[str]) -> None:
    values = {
        f"/a/{i}": parse(Match(f"/a/{i}", ValueType.AMOUNT, text, (TextLine(text),)), LEXICON)
        for i, text in enumerate(texts)
    }
    assert [issue.actual for issue in style_issues(values)] == doubted
