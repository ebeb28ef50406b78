"""How well a declaration explains the labels of a sheet: tells forms of one family apart, which share their titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.forms.sheets.label_similarity import is_label
from extract.forms.spec import ColumnSpec, FormSpec

Spellings = tuple[str, ...]

UNSEEN = 0.5
"""What a declared label that is not on the sheet counts against one that is: many are optional."""


@dataclass(frozen=True)
class LabelFit:
    """The texts of a sheet that are labels of a form, and how many of the form's labels are not there."""

    explained: frozenset[str]
    unseen: int


def label_fit(texts: Sequence[str], form: FormSpec) -> LabelFit:
    """Hold the short texts of a sheet against all labels of a form."""
    declared, silent = tuple(_labels(form)), tuple(_other_labels(form))
    explained = frozenset(text for text in texts if any(is_label(text, one) for one in (*declared, *silent)))
    return LabelFit(explained, sum(not any(is_label(text, one) for text in explained) for one in declared))


def shares(fits: Sequence[LabelFit]) -> list[float]:
    """Return for each of some forms how much of all their labels on a sheet it explains, less what it lacks, at most 1.

    A variant's own labels speak for it where they are printed, and against it where they are not; less so on a sheet
    that shows few labels of any form, as the first page of a longer one does.
    """
    all_labels = frozenset[str]().union(*(fit.explained for fit in fits))
    shown = max((len(fit.explained) / max(1, len(fit.explained) + fit.unseen) for fit in fits), default=0.0)
    return [(len(fit.explained) - UNSEEN * shown * fit.unseen) / max(1, len(all_labels)) for fit in fits]


def _labels(form: FormSpec) -> Iterator[Spellings]:
    """Every label that the form prints where it is filled in whole, each with its spellings."""
    yield from (field.labels for field in form.fields if field.labels)
    for matrix in form.matrices:
        yield from (row.labels for row in matrix.rows)
        yield from (column.labels for column in matrix.columns)
    for table in form.tables:
        yield from (column.labels for column in table.columns if _has_header(column))
        if table.footer:
            yield table.footer.labels


def _other_labels(form: FormSpec) -> Iterator[Spellings]:
    """Labels that are known but may be absent: what is not wanted, and headers of columns that are printed in parts."""
    yield form.ignored_labels
    for table in form.tables:
        for column in table.columns:
            if not _has_header(column):
                yield column.labels
            yield from column.parts


def _has_header(column: ColumnSpec) -> bool:
    """Whether a column has a header of its own: none in parts, inside of another column, or above the table has one."""
    return not (column.parts or column.inside or column.above)
