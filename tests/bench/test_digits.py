"""One digit changed on the paper and one digit hidden: the record tells the one from the other."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest

from bench.digits import CHANGED, DPI, HIDDEN, at, judge, read
from extract.model import Record, Severity
from extract.pipeline import Pipeline
from extract.settings.defaults import Settings
from fixtures import fonts, raster
from fixtures.damage.warp import Image
from fixtures.fresh.content import Content, draw_content
from fixtures.fresh.declared import load_forms, load_lexicon
from fixtures.fresh.digits import with_digit_changed, with_digit_hidden
from fixtures.fresh.look import Look
from fixtures.fresh.setting import typeset
from fixtures.page import TypesetPage

FORM = next(form for form in load_forms() if form.id == "project_self_evaluation")
SCORE = "/total/score"
LOOK = Look(
    landscape=False, body="fandol-song", title_font="fandol-hei", size=9, leading=1.25, pad=3, rule=0.75, outer=0.75,
    margin=(40, 40, 40, 40), merged_text="above", repeat_header=False, row_slack=1, page_number=False,
    side_labels=True, narrow=2.4, label_ems=5, center_text=True, wide_brackets=True, spaced_labels=False, colons=False,
    level_notes=False, placeholders=False, ignored_rows=0, lines_above=0, lines_below=0, note_below=False,
    heading_format="（{}年度）", row_stretch=0,
)  # fmt: skip
needs_fonts = pytest.mark.skipif(bool(fonts.missing()), reason="fonts of fixtures/README.md are not installed")


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline((FORM,), Settings())


@pytest.fixture(scope="module")
def content() -> Content:
    return next(c for c in drawn() if len(typeset(c, LOOK, Random(1))) == 1)


def drawn() -> Iterator[Content]:
    for seed in range(40):
        content = draw_content(FORM, load_lexicon(), Random(seed))
        if len(content.data["indicators"]) < 10 and content.texts[SCORE].isdigit():
            yield content


def page_of(content: Content) -> tuple[TypesetPage, Image]:
    (page,) = typeset(content, LOOK, Random(1))
    return page, raster.render(page, DPI)


def said(record: Record | None) -> set[str]:
    assert record is not None
    return {issue.code for issue in record.issues if issue.pointer == SCORE}


def test_another_digit_is_printed_and_recorded(content: Content) -> None:
    other = with_digit_changed(content, SCORE, Random(2))
    before, after = content.texts[SCORE], other.texts[SCORE]
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
    assert other.data["total"]["score"] == Decimal(after)
    assert content.data["total"]["score"] == Decimal(before)


@needs_fonts
def test_the_blot_hides_its_digit_and_nothing_else(content: Content) -> None:
    page, image = page_of(content)
    blotted = with_digit_hidden(image, page, SCORE, DPI, Random(2))
    run = next(run for run in page.runs if SCORE in run.pointers)
    rows, columns = (blotted != image).nonzero()
    assert abs(rows.mean() / DPI * 72 - (run.y - 0.35 * run.size)) < 0.2 * run.size
    assert columns.max() - columns.min() < run.size / 72 * DPI


@needs_fonts
def test_a_digit_changed_on_the_paper_is_a_contradiction_of_the_paper(pipeline: Pipeline, content: Content) -> None:
    other = with_digit_changed(content, SCORE, Random(2))
    record = read(pipeline, page_of(other)[1])
    assert said(record) == {"source-contradiction"}
    assert judge(record, CHANGED, SCORE, other.data["total"]["score"]) == "told"
    assert record is not None
    assert at(record.data, SCORE) == at(other.data, SCORE)


@needs_fonts
def test_a_hidden_digit_is_a_doubt_and_no_contradiction_of_the_paper(pipeline: Pipeline, content: Content) -> None:
    page, image = page_of(content)
    record = read(pipeline, with_digit_hidden(image, page, SCORE, DPI, Random(2)))
    assert said(record)
    assert "source-contradiction" not in said(record)
    assert judge(record, HIDDEN, SCORE, content.data["total"]["score"]) == "doubted"


@pytest.mark.parametrize(
    ("codes", "value", "case", "answer"),
    [
        ((), 97, CHANGED, "right and unquestioned"),
        ((), 91, HIDDEN, "wrong and unquestioned"),
        (("low-confidence",), 91, HIDDEN, "doubted"),
        (("source-contradiction",), 97, HIDDEN, "wrong and unquestioned"),
        (("source-contradiction",), 91, CHANGED, "wrong and unquestioned"),
        (("source-contradiction", "repaired"), 97, CHANGED, "doubted"),
    ],
)
def test_answers(codes: tuple[str, ...], value: int, case: str, answer: str) -> None:
    issues = [SimpleNamespace(code=code, pointer=SCORE, severity=Severity.ERROR) for code in codes]
    record = SimpleNamespace(issues=issues, data={"total": {"score": value}})
    assert judge(record, case, SCORE, 97) == answer
