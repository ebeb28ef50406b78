"""The scores of scans as tables, per kind of damage."""

from __future__ import annotations

from collections.abc import Sequence

from bench.product import Output
from bench.score import score_file
from bench.sets import Case
from bench.text import markdown, percent, seconds
from bench.totals import FileScore, Totals, total

HEADER = (
    "damage", "files", "forms", "found", "too many", "fields right %", "but for punctuation %",
    "rows right %", "with levels %", "forms without error %", "but for punctuation %", "accepted %",
    "wrong in accepted", "but for punctuation", "wrong without doubt", "but for punctuation", "s/page",
)  # fmt: skip


def score_scans(cases: Sequence[Case], output: Output) -> tuple[FileScore, ...]:
    """What the product made of each scan against its truth."""
    return tuple(
        FileScore(
            case.name,
            case.kind,
            case.pages,
            output.seconds(case.name),
            score_file(case.truths, output.of_file(case.name)),
        )
        for case in cases
    )


def scores_table(files: Sequence[FileScore]) -> str:
    """One line per kind of damage and one for all."""
    kinds = sorted({file.kind for file in files})
    lines = [_scores(kind, total(f for f in files if f.kind == kind)) for kind in kinds]
    return markdown(HEADER, [*lines, _scores("all", total(files))])


def _scores(name: str, t: Totals) -> tuple[object, ...]:
    return (
        name, t.files, t.forms, t.found, t.extra,
        percent(t.share("right", "leaves")), percent(t.share("alike", "leaves")),
        percent(t.share("rows_own", "rows")), percent(t.share("rows_full", "rows")),
        percent(t.share("perfect", "forms")), percent(t.share("perfect_beyond", "forms")),
        percent(t.share("accepted", "forms")),
        t.accepted_wrong, t.accepted_beyond, t.sure_wrong, t.sure_beyond,
        seconds(t.page_seconds),
    )  # fmt: skip


def stages_table(cases: Sequence[Case], output: Output) -> str:
    """Seconds a page of every stage, per kind of damage, as far as the product reports them."""
    stages = list(dict.fromkeys(s for case in cases for s in output.stages(case.name)))
    lines = []
    for kind in sorted({case.kind for case in cases}):
        timed = [case for case in cases if case.kind == kind and output.stages(case.name)]
        pages = sum(case.pages for case in timed)
        spent = [sum(output.stages(case.name).get(stage, 0.0) for case in timed) for stage in stages]
        lines.append((kind, pages, *(seconds(s / pages if pages else None) for s in spent)))
    return markdown(("s/page", "pages", *stages), lines)


def accepted_faults(files: Sequence[FileScore]) -> str:
    """Every wrong value in an accepted record, one a line."""
    faults = [
        f"- {file.file} form {form.index} {leaf.pointer}: {leaf.expected!s} read as {leaf.got!s}"
        for file in files
        for form in file.forms
        if form.status == "accepted"
        for leaf in form.wrong
        if not leaf.alike
    ]
    return "\n".join(faults) or "No wrong value in an accepted record (punctuation aside)."
