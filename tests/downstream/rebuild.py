"""Rows back to records: the inverse of what the product does, written for the tests alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from extract.downstream.tables.table_layout import Layout, Role, Table

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table, each by column."""


def record(layout: Layout, rows: Rows, main: Mapping[str, Any]) -> dict[str, Any]:
    """The record whose main row this is."""
    mine = {name: [row for row in found if row.get("form_id") == main["id"]] for name, found in rows.items()}
    data: dict[str, Any] = {}
    _put_all(data, layout.main, main)
    made = {
        "form": layout.form,
        "form_version": main["form_version"],
        "status": main["status"],
        "source": {
            "path": main["source_path"],
            "sha256": main["source_sha256"],
            "pages": json.loads(main["source_pages"]),
            "index": main["source_index"],
        },
        "data": data,
        "engine": {"ocr": main["engine_ocr"], "extract": main["engine_extract"]},
    }
    for table in layout.tables[1:]:
        _child(made, data, table, mine[table.name])
    return made


def _child(made: dict[str, Any], data: dict[str, Any], table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if table.role is Role.LINES:
        for row in rows:
            _put_all(data.setdefault(table.source, {}).setdefault(row["line"], {}), table, row)
    elif table.role is Role.ROWS:
        data[table.source] = [_item(table, row) for row in sorted(rows, key=lambda row: row["number"])]
    elif table.role is Role.EVIDENCE:
        made["evidence"] = {row["pointer"]: _entry(row) for row in rows}
    else:
        made[table.role.value] = [_listed(row) for row in sorted(rows, key=lambda row: row["number"])]


def _item(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {}
    _put_all(item, table, row)
    return item


def _put_all(data: dict[str, Any], table: Table, row: Mapping[str, Any]) -> None:
    for column in table.values:
        *above, last = column.path
        holder = data
        for key in above:
            holder = holder.setdefault(key, {})
        value = row[column.name]
        holder[last] = value.isoformat() if isinstance(value, date) else value
    for key, value in list(data.items()):
        if isinstance(value, dict) and value.keys() == {"comparator", "number", "unit"} and value["number"] is None:
            data[key] = None


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    quad = row["quad"] and json.loads(row["quad"], parse_float=Decimal)
    entry = {key: row[key] for key in ("page", "text", "confidence", "origin")} | {"quad": quad}
    return entry if row["dpi"] is None else entry | {"dpi": row["dpi"]}


def _listed(row: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in row.items() if key not in {"form_id", "number"}}
    if "check_id" in made:
        made["id"] = made.pop("check_id")
        pointers = made.pop("pointers")
        if pointers is not None:
            made["pointers"] = json.loads(pointers)
    return made
