"""The records of an output folder with the rows that they come to, one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.downstream.tables.record_status import check_status
from extract.downstream.tables.row_mapping import RowMapper, Rows
from extract.downstream.tables.table_layout import Layout, Table, layout
from extract.errors import BadRecord, UsageError
from extract.forms.spec import FormSpec
from extract.records.decode import StoredRecord
from extract.storage.record_reader import Refused, record_reader, refuse_none


@dataclass(frozen=True)
class RecordRows:
    """A record, the tables of its form, and its rows for each of them."""

    record: StoredRecord
    layout: Layout
    rows: tuple[Rows, ...]

    def tables(self) -> Iterator[tuple[Table, Rows]]:
        """Each table with its rows."""
        return zip(self.layout.tables, self.rows, strict=True)


@dataclass(frozen=True)
class Selection:
    """Which records are taken: all, or accepted ones only; `refused` is told of each that cannot be."""

    refused: Refused = refuse_none
    only_accepted: bool = False


ALL = Selection()
"""All records; a bad one is an error."""


def record_rows(output: Path, forms: Sequence[FormSpec], selection: Selection = ALL) -> Iterator[RecordRows]:
    """The records by name, numbered from 1 within their form; those that cannot be taken are refused.

    Raises MissingFile at once for a folder without records, later UsageError for a form that is not declared.
    """
    with record_reader(output):
        return _numbered(output, forms, selection)


def _numbered(output: Path, forms: Sequence[FormSpec], selection: Selection) -> Iterator[RecordRows]:
    mappers = {form.id: RowMapper(layout(form)) for form in forms}
    declared = {form.id: form for form in forms}
    numbers: dict[str, int] = defaultdict(int)
    with record_reader(output) as reader:
        for record in reader.read_all(selection.refused, selection.only_accepted):
            mapper = mapper_for(mappers, record)
            try:
                check_status(record, declared[record.form])
                rows = mapper.rows(record, numbers[record.form] + 1)
            except BadRecord as error:
                selection.refused(error)
                continue
            numbers[record.form] += 1
            yield RecordRows(record, mapper.layout, rows)


def mapper_for(mappers: Mapping[str, RowMapper], record: StoredRecord) -> RowMapper:
    """The mapper of a record's form. Raises UsageError where the form is not declared."""
    found = mappers.get(record.form)
    if found is None:
        known = ", ".join(mappers)
        raise UsageError(f"{record.file}: the form {record.form} is not declared (--forms); declared are: {known}")
    return found
