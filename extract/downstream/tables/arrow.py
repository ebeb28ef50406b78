"""Rows of a table as Arrow has them: for DuckDB and Parquet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from extract.downstream.tables.row_mapping import Rows
from extract.downstream.tables.table_layout import Column, Kind, Table


def schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table; the printed labels stand in the fields' metadata."""
    fields = [
        pa.field(column.name, _type(column), nullable=not column.required, metadata={"label": column.label})
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"label": table.label})


def arrow_table(table: Table, rows: Rows) -> pa.Table:
    """Rows as an Arrow table of the table's schema."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    arrays = [_array(column, values) for column, values in zip(table.columns, columns, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema(table))


def _array(column: Column, values: tuple[Any, ...]) -> pa.Array:
    if column.kind is Kind.DECIMAL:  # from text: several times faster than from Decimal
        texts = [None if value is None else str(value) for value in values]
        return pa.array(texts, type=pa.string()).cast(_type(column))
    if column.kind is Kind.DATE:
        values = tuple(None if value is None else date.fromisoformat(value) for value in values)
    return pa.array(values, type=_type(column))


def _type(column: Column) -> pa.DataType:
    if column.kind is Kind.DECIMAL:
        return pa.decimal128(column.digits, column.decimals)
    return {Kind.INTEGER: pa.int64(), Kind.DATE: pa.date32()}.get(column.kind, pa.string())
