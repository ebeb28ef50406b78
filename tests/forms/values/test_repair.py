from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from extract.forms import load_forms
from extract.forms.declaration.lexicon import load_lexicon
from extract.forms.matching.match import Match
from extract.forms.spec import CheckSpec, ColumnSpec, FooterSpec, FormSpec, TableSpec, ValueType
from extract.forms.values.parse import State, Value, parse
from extract.forms.values.repair import Repairer, readings
from extract.model import Char, Origin, TextLine
from extract.settings.defaults import CheckSettings

LEXICON = load_lexicon()


def form() -> FormSpec:
    columns = (ColumnSpec("score", ValueType.SCORE, ("得分",)),)
    table = TableSpec("rows", columns, footer=FooterSpec("total", ("总分",), ("score",)))
    check = CheckSpec("sum", "sum(rows.score) == total.score", "scores make the total")
    shipped = load_forms()[0]
    return replace(shipped, fields=(), matrices=(), tables=(table,), checks=(check,), path=Path("x.toml"))


def value(pointer: str, text: str, confidence: float = 0.999, other: str | None = None) -> Value:
    chars = tuple(Char(c, confidence, ((other, 0.3),) if other else ()) for c in text)
    match = Match(pointer, ValueType.SCORE, text, (TextLine(text, None, confidence, Origin.OCR, chars),))
    return parse(match, LEXICON)


def repair(*values: Value) -> tuple[dict[str, Value], int]:
    rows = sum(v.match.pointer.startswith("/rows") for v in values)
    fixed, issues = Repairer(form(), LEXICON, {"rows": rows}, CheckSettings()).repair(
        {v.match.pointer: v for v in values}
    )
    return fixed, len(issues)


def test_the_only_reading_that_fits_is_taken() -> None:
    fixed, count = repair(
        value("/rows/0/score", "7", 0.6, "1"), value("/rows/1/score", "5"), value("/total/score", "6")
    )
    assert fixed["/rows/0/score"].data == 1
    assert fixed["/rows/0/score"].match.origin is Origin.REPAIRED
    assert fixed["/rows/0/score"].match.lines[0].text == "7"
    assert count == 1


def test_a_sure_reading_is_never_changed() -> None:
    fixed, count = repair(
        value("/rows/0/score", "7", 0.999, "1"), value("/rows/1/score", "5"), value("/total/score", "6")
    )
    assert fixed["/rows/0/score"].data == 7
    assert count == 0


def test_two_ways_to_fit_are_none() -> None:
    rows = [value("/rows/0/score", "7", 0.6, "1"), value("/rows/1/score", "7", 0.6, "1")]
    fixed, count = repair(*rows, value("/total/score", "8"))
    assert [fixed[f"/rows/{i}/score"].data for i in (0, 1)] == [7, 7]
    assert count == 0


def test_a_sum_that_holds_leaves_doubtful_readings_alone() -> None:
    _, count = repair(value("/rows/0/score", "1", 0.6, "7"), value("/rows/1/score", "5"), value("/total/score", "6"))
    assert count == 0


def test_an_unreadable_figure_is_found_by_the_sum() -> None:
    torn = value("/rows/0/score", "1O", 0.9)
    assert torn.state is State.UNREADABLE
    fixed, count = repair(torn, value("/rows/1/score", "5"), value("/total/score", "15"))
    assert fixed["/rows/0/score"].data == Decimal(10)
    assert count == 1


def test_a_blank_is_never_filled() -> None:
    fixed, count = repair(value("/rows/0/score", ""), value("/rows/1/score", "5"), value("/total/score", "15"))
    assert fixed["/rows/0/score"].data is None
    assert count == 0


def test_alternatives_are_tried_likeliest_first() -> None:
    chars = (Char("6", 0.5, (("8", 0.4), ("9", 0.05))),)
    match = Match("/x", ValueType.SCORE, "6", (TextLine("6", None, 0.5, Origin.OCR, chars),))
    assert readings(Value(match, State.READ, Decimal(6)), LEXICON)[:2] == ("8", "9")


def test_two_values_in_grave_doubt_are_not_mended_through_one() -> None:
    """7 + 5 = 12, read as 1 and 3: a 9 for the 1 would fit the sum and leave the 3 as it is."""
    rows = [value("/rows/0/score", "1", 0.6, "9"), value("/rows/1/score", "3", 0.5, "8")]
    fixed, count = repair(*rows, value("/total/score", "12"))
    assert [fixed[f"/rows/{i}/score"].data for i in (0, 1)] == [1, 3]
    assert count == 0


def test_a_slight_doubt_elsewhere_does_not_keep_from_mending() -> None:
    fixed, count = repair(
        value("/rows/0/score", "1", 0.6, "7"), value("/rows/1/score", "5", 0.9), value("/total/score", "12")
    )
    assert fixed["/rows/0/score"].data == 7
    assert count == 1
