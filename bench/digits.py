"""A figure that is wrong on the paper and a figure whose ink is hidden: does the record tell one from the other?

On forms drawn afresh, undamaged but for the one digit. A digit changed on the paper breaks a rule: the record must
keep what is printed and say that the paper contradicts itself. A digit under a blot must not be read in silence as
another one, and is no contradiction of the paper.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image as Pil

from bench.text import markdown
from extract.batch.session import source_of
from extract.model import Record, Severity
from extract.pipeline import Pipeline
from extract.settings.defaults import Settings
from fixtures import raster
from fixtures.damage.warp import Image
from fixtures.fresh.content import Content, draw_content
from fixtures.fresh.declared import FormSpec, found, load_forms, load_lexicon, scopes, walk
from fixtures.fresh.declared import Path as RulePath
from fixtures.fresh.digits import with_digit_changed, with_digit_hidden
from fixtures.fresh.look import draw_look
from fixtures.fresh.setting import typeset
from fixtures.page import TypesetPage
from fixtures.sheet import DoesNotFit

FORMS = 24
DPI = 200
_LOOKS = 60
CHANGED, HIDDEN = "changed on the paper", "hidden under a blot"
ANSWERS = ("told", "right and unquestioned", "doubted", "wrong and unquestioned")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product said of one digit: where, what stands on the paper, what was read, and which of `ANSWERS`."""

    case: str
    seed: str
    pointer: str
    printed: object
    read: object
    answer: str


def report(count: int, seed: int) -> str:
    """How the product answers both on so many forms, as Markdown; every wrong value it did not question by name."""
    pipeline, forms = Pipeline(load_forms(), Settings()), load_forms()
    answers = [a for i in range(count) for a in ask(pipeline, forms[i % len(forms)], f"digits-{seed}-{i}")]
    counts = Counter((a.case, a.answer) for a in answers)
    rows = [(case, *(counts[case, answer] for answer in ANSWERS)) for case in (CHANGED, HIDDEN)]
    missed = [f"- {a.seed} {a.pointer}: {a.printed} read as {a.read}" for a in answers if a.answer == ANSWERS[-1]]
    return "\n".join([markdown((f"one digit, seed {seed}", *ANSWERS), rows), "", *missed])


def ask(pipeline: Pipeline, form: FormSpec, seed: str) -> Iterator[Answer]:
    """Both cases with the product's answer for one drawn form; none where it has no rule or more than a page."""
    rng = Random(seed)
    content = draw_content(form, load_lexicon(), rng)
    ruled = sorted(_ruled(content))
    if not ruled:
        return
    pointer = rng.choice(ruled)
    changed = with_digit_changed(content, pointer, rng)
    for case, said in ((CHANGED, changed), (HIDDEN, content)):
        page = _page(said, Random(seed))
        if page is None:
            return
        image = raster.render(page, DPI)
        if case == HIDDEN:
            image = with_digit_hidden(image, page, pointer, DPI, rng)
        record, printed = read(pipeline, image), at(said.data, pointer)
        seen = None if record is None else at(record.data, pointer)
        yield Answer(case, seed, pointer, printed, seen, judge(record, case, pointer, printed))


def _ruled(content: Content) -> set[str]:
    """Numbers that a rule names and that the form shows, more than one of them in the rule."""
    named: set[str] = set()
    for check in content.spec.checks:
        for scope in scopes(check, content.data):
            paths = [node for node in walk(scope.rule.root) if isinstance(node, RulePath)]
            places = {pointer: value for path in paths for pointer, value in found(path, scope)}
            if "==" in check.rule and len(places) > 1 and None not in places.values():
                named |= {p for p, value in places.items() if not isinstance(value, str)}
    return {pointer for pointer in named if any(char.isdigit() for char in content.texts.get(pointer, ""))}


def _page(content: Content, rng: Random) -> TypesetPage | None:
    for _ in range(_LOOKS):
        try:
            pages = typeset(content, replace(draw_look(rng), size=10.0), rng)
        except DoesNotFit:
            continue
        if len(pages) == 1:
            return pages[0]
    return None


def read(pipeline: Pipeline, image: Image) -> Record | None:
    """The first record that a page gives, if any."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        Pil.fromarray(image).save(path)
        records = pipeline.digitise(path, source_of(path)).records
    return records[0] if records else None


def judge(record: Record | None, case: str, pointer: str, printed: object) -> str:
    """What a record says of one value: that the paper contradicts itself, a doubt, or nothing."""
    if record is None:
        return "doubted"
    codes = {issue.code for issue in record.issues if issue.pointer == pointer and issue.severity != Severity.INFO}
    right = at(record.data, pointer) == printed
    if codes == {"source-contradiction"}:
        return "told" if right and case == CHANGED else "wrong and unquestioned"
    if codes:
        return "doubted"
    return "right and unquestioned" if right else "wrong and unquestioned"


def at(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer."""
    for key in pointer.split("/")[1:]:
        data = data[int(key)] if isinstance(data, list) else data[key]
    return data
