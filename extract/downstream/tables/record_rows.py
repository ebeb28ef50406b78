"""The records of an output folder with the rows that they come to, one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.downstream.tables.row_mapping import Rows, Shredder
from extract.downstream.tables.table_layout import Layout, Table, layout
from extract.errors import UsageError
from extract.forms.spec import FormSpec
from extract.records.decode import Stored, read_all


@dataclass(frozen=True)
class Shredded:
    """A record, the tables of its form, and its rows for each of them."""

    record: Stored
    layout: Layout
    rows: tuple[Rows, ...]

    def tables(self) -> Iterator[tuple[Table, Rows]]:
        """Each table with its rows."""
        return zip(self.layout.tables, self.rows, strict=True)


def shredded(output: Path, forms: Sequence[FormSpec], only_accepted: bool = False) -> Iterator[Shredded]:
    """The records by name, numbered from 1 within their form.

    Raises BadRecord for a record that is broken, UsageError for one whose form is not declared.
    """
    return _numbered(read_all(output, only_accepted), {form.id: Shredder(layout(form)) for form in forms})


def _numbered(records: Iterator[Stored], shredders: Mapping[str, Shredder]) -> Iterator[Shredded]:
    numbers: dict[str, int] = defaultdict(int)
    for record in records:
        shredder = of_form(shredders, record)
        numbers[record.form] += 1
        yield Shredded(record, shredder.layout, shredder.rows(record, numbers[record.form]))


def of_form(shredders: Mapping[str, Shredder], record: Stored) -> Shredder:
    """The shredder of a record's form. Raises UsageError where the form is not declared."""
    found = shredders.get(record.form)
    if found is None:
        known = ", ".join(shredders)
        raise UsageError(f"{record.file}: the form {record.form} is not declared (--forms); declared are: {known}")
    return found
