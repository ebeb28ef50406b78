"""Which cells of a form's tables are in doubt, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from extract.downstream.tables.table_layout import Layout, Role, Table
from extract.records.decode import StoredIssue, StoredRecord


@dataclass
class CellDoubt:
    """Why a cell is in doubt; `grave` when the record cannot be accepted with it."""

    grave: bool = False
    reasons: list[str] = field(default_factory=list)

    def add(self, issue: StoredIssue) -> None:
        """Add an issue's reason."""
        self.grave |= issue.severity == "error"
        self.reasons.append(f"{issue.code}: {issue.message}")


CellDoubts = Mapping[str, CellDoubt]
"""By JSON pointer into the data; what no column shows stands under the empty pointer."""


def doubts(record: StoredRecord, layout: Layout) -> CellDoubts:
    """What the record's issues say of its values."""
    known = _bases(layout)
    found: dict[str, CellDoubt] = defaultdict(CellDoubt)
    for issue in record.issues:
        base = "/".join("#" if part.isdigit() else part for part in issue.pointer.split("/"))
        found[issue.pointer if base in known else ""].add(issue)
    return found


def pointer(table: Table, path: tuple[str, ...], row: str | None = None) -> str:
    """The pointer to a value: in the main table, or in a row (its line's key, or its number) of another."""
    parts = path if row is None else (table.source, row, *path)
    return "".join(f"/{part}" for part in parts)


@cache
def _bases(layout: Layout) -> frozenset[str]:
    """Pointers that a column shows, `#` for the number of a row."""
    known = set()
    for table in layout.tables:
        rows = {
            Role.FORM: (None,),
            Role.LINES: tuple(key for key, _ in table.lines),
            Role.ROWS: ("#",),
        }.get(table.role, ())
        known |= {pointer(table, column.path, row) for column in table.columns for row in rows}
    return frozenset(known)
