"""The records of an output folder with the rows that they come to, one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.downstream.tables.row_mapping import RowMapper, Rows
from extract.downstream.tables.table_layout import Layout, Table, layout
from extract.errors import UsageError
from extract.forms.spec import FormSpec
from extract.records.decode import StoredRecord, read_all


@dataclass(frozen=True)
class RecordRows:
    """A record, the tables of its form, and its rows for each of them."""

    record: StoredRecord
    layout: Layout
    rows: tuple[Rows, ...]

    def tables(self) -> Iterator[tuple[Table, Rows]]:
        """Each table with its rows."""
        return zip(self.layout.tables, self.rows, strict=True)


def record_rows(output: Path, forms: Sequence[FormSpec], only_accepted: bool = False) -> Iterator[RecordRows]:
    """The records by name, numbered from 1 within their form.

    Raises BadRecord for a record that is broken, UsageError for one whose form is not declared.
    """
    return _numbered(read_all(output, only_accepted), {form.id: RowMapper(layout(form)) for form in forms})


def _numbered(records: Iterator[StoredRecord], mappers: Mapping[str, RowMapper]) -> Iterator[RecordRows]:
    numbers: dict[str, int] = defaultdict(int)
    for record in records:
        mapper = mapper_for(mappers, record)
        numbers[record.form] += 1
        yield RecordRows(record, mapper.layout, mapper.rows(record, numbers[record.form]))


def mapper_for(mappers: Mapping[str, RowMapper], record: StoredRecord) -> RowMapper:
    """The mapper of a record's form. Raises UsageError where the form is not declared."""
    found = mappers.get(record.form)
    if found is None:
        known = ", ".join(mappers)
        raise UsageError(f"{record.file}: the form {record.form} is not declared (--forms); declared are: {known}")
    return found
