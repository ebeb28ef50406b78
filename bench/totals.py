"""Adds the scores of forms up, per kind of damage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.score import FormScore


@dataclass(frozen=True, slots=True)
class FileScore:
    """One scan: its kind of damage, its pages, the seconds the product took (None if not reported)."""

    file: str
    kind: str
    pages: int
    seconds: float | None
    forms: tuple[FormScore, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over files; shares are computed from them, None where there is nothing to share out.

    `sure_wrong` counts wrong values without a doubt on them, `accepted_wrong` wrong values in accepted
    records; `*_beyond` leaves out those that differ in punctuation's width, variant or spaces alone.
    """

    files: int
    pages: int
    seconds: float
    timed_pages: int
    forms: int
    found: int
    extra: int
    perfect: int
    perfect_beyond: int
    accepted: int
    leaves: int
    right: int
    alike: int
    rows: int
    rows_own: int
    rows_full: int
    accepted_wrong: int
    accepted_beyond: int
    sure_wrong: int
    sure_beyond: int

    def share(self, part: str, whole: str) -> float | None:
        """One count as a percentage of another."""
        total = getattr(self, whole)
        return 100 * getattr(self, part) / total if total else None

    @property
    def page_seconds(self) -> float | None:
        """Seconds a page, over the files that report them."""
        return self.seconds / self.timed_pages if self.timed_pages else None


def total(files: Iterable[FileScore]) -> Totals:
    """The totals over some files."""
    files = list(files)
    forms = [form for file in files for form in file.forms]
    real = [form for form in forms if form.expected]
    leaves = [leaf for form in forms for leaf in form.leaves]
    rows = [row for form in forms for row in form.rows]
    accepted = [leaf for form in forms if form.status == "accepted" for leaf in form.wrong]
    sure = [leaf for form in forms if form.status is not None for leaf in form.wrong if not leaf.covered]
    timed = [file for file in files if file.seconds is not None]
    return Totals(
        files=len(files),
        pages=sum(file.pages for file in files),
        seconds=sum(file.seconds or 0.0 for file in timed),
        timed_pages=sum(file.pages for file in timed),
        forms=len(real),
        found=sum(form.status is not None for form in real),
        extra=len(forms) - len(real),
        perfect=sum(form.perfect for form in real),
        perfect_beyond=sum(form.status is not None and all(p.alike for p in form.leaves) for form in real),
        accepted=sum(form.status == "accepted" for form in real),
        leaves=len(leaves),
        right=sum(leaf.right for leaf in leaves),
        alike=sum(leaf.alike for leaf in leaves),
        rows=len(rows),
        rows_own=sum(row.own for row in rows),
        rows_full=sum(row.own and row.levels for row in rows),
        accepted_wrong=len(accepted),
        accepted_beyond=sum(not leaf.alike for leaf in accepted),
        sure_wrong=len(sure),
        sure_beyond=sum(not leaf.alike for leaf in sure),
    )
