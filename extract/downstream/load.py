"""Records into a database: each load is one transaction, and loading again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, DropConstraint

from extract.downstream.bulk import Write, writer
from extract.downstream.database import open_engine, said_plainly
from extract.downstream.migrate import Prepared, prepare
from extract.downstream.records import Stored, read_all
from extract.downstream.rows import Row, Shredder
from extract.downstream.shredded import of_form
from extract.downstream.tables import Layout, layout
from extract.forms.spec import FormSpec

BATCH = 500
"""Records that are held in memory at a time."""

_LOCK = 0x7A6869_6269616F
"""Key of the advisory lock that keeps two loaders of one PostgreSQL database apart: “zhibiao” in ASCII."""


@dataclass
class Summary:
    """What a load did with the records it met."""

    loaded: int = 0
    replaced: int = 0
    unchanged: int = 0
    left_out: int = 0
    removed: int = 0

    def sentence(self) -> str:
        """The load in one line."""
        parts = {
            "loaded": self.loaded,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "left out as doubtful": self.left_out,
            "taken out as doubtful now": self.removed,
        }
        return ", ".join(f"{count} {what}" for what, count in parts.items() if count) or "no records"


Key = tuple[str, int]
"""SHA-256 of a scan and the number of the form in it."""


@dataclass(frozen=True)
class Held:
    """A record that the database holds."""

    form: str
    id: int
    digest: str


def load(output: Path, url: sa.URL, forms: Sequence[FormSpec], only_accepted: bool = False) -> Summary:
    """Load the records of an output folder.

    Raises UsageError for a driver or a declaration that is missing, BadRecord, MigrationRefused or DatabaseError where
    the load cannot be done; the database is then as it was.
    """
    layouts = {form.id: layout(form) for form in forms}
    records = read_all(output)
    engine = open_engine(url)
    try:
        with said_plainly(engine), _transaction(engine, layouts.values()) as (connection, prepared):
            loader = _Loader(connection, prepared, only_accepted)
            with _unconstrained(connection, prepared):
                while batch := list(islice(records, BATCH)):
                    loader.take(batch)
    finally:
        engine.dispose()
    return loader.summary


@contextmanager
def _transaction(
    engine: sa.Engine, layouts: Iterable[Layout]
) -> Iterator[tuple[sa.Connection, dict[str, Prepared]]]:
    """One transaction around tables and rows; MySQL ends one with each change of a table, so those come before."""
    with engine.connect() as connection:
        if engine.dialect.name in {"mysql", "mariadb"}:
            connection.execute(sa.select(sa.func.get_lock("zhibiao", 3600)))
            prepared = {each.form: prepare(connection, each) for each in layouts}
            connection.commit()
            with connection.begin():
                yield connection, prepared
            return
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            yield connection, {each.form: prepare(connection, each) for each in layouts}


@contextmanager
def _unconstrained(connection: sa.Connection, prepared: Mapping[str, Prepared]) -> Iterator[None]:
    """Fill empty tables of PostgreSQL before their keys are made: its manual, section 14.4.3 and 14.4.4."""
    dropped: list[sa.Constraint] = []
    if connection.dialect.name == "postgresql":
        for form in prepared.values():
            if connection.execute(sa.select(form.main.c.id).limit(1)).first() is None:
                dropped += [key for table in form.tables.values() if table is not form.main for key in _keys(table)]
    for constraint in dropped:
        connection.execute(DropConstraint(constraint))
    yield
    for constraint in dropped:
        connection.execute(AddConstraint(constraint))


def _keys(table: sa.Table) -> Iterator[sa.Constraint]:
    yield table.primary_key
    yield from (one for one in table.constraints if isinstance(one, sa.ForeignKeyConstraint))


@dataclass
class _Work:
    """What a batch comes to: rows to write by form and table, ids whose rows go."""

    rows: dict[str, list[list[Row]]] = field(default_factory=dict)
    stale: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class _Loader:
    """Loads batches within a transaction that its caller holds."""

    def __init__(self, connection: sa.Connection, prepared: Mapping[str, Prepared], only_accepted: bool) -> None:
        self.summary = Summary()
        self._connection = connection
        self._prepared = prepared
        self._only_accepted = only_accepted
        self._write: Write = writer(connection.dialect.name)
        self._shredders = {form: Shredder(one.layout) for form, one in prepared.items()}
        self._next = {form: self._first_id(one) for form, one in prepared.items()}

    def take(self, batch: Sequence[Stored]) -> None:
        """Load a batch: what is unchanged is left, what has changed is replaced, what is new is added."""
        latest = {(record.source.sha256, record.source.index): record for record in batch}
        held = self._held(latest)
        work = _Work()
        for key, record in latest.items():
            self._decide(record, held.get(key, ()), work)
        self._delete(work.stale)
        for form, tables in work.rows.items():
            for table, rows in zip(self._prepared[form].layout.tables, tables, strict=True):
                if rows:
                    self._write(self._connection, table, rows)

    def _decide(self, record: Stored, held: Sequence[Held], work: _Work) -> None:
        wanted = record.accepted or not self._only_accepted
        if wanted and any(one.form == record.form and one.digest == record.digest for one in held):
            self.summary.unchanged += 1
            return
        for one in held:
            work.stale[one.form].append(one.id)
        if not wanted:
            self.summary.left_out += 1
            self.summary.removed += bool(held)
            return
        self.summary.replaced += bool(held)
        self.summary.loaded += not held
        self._shred(record, work)

    def _shred(self, record: Stored, work: _Work) -> None:
        shredder = of_form(self._shredders, record)
        tables = work.rows.setdefault(record.form, [[] for _ in shredder.layout.tables])
        for gathered, rows in zip(tables, shredder.rows(record, self._next[record.form]), strict=True):
            gathered.extend(rows)
        self._next[record.form] += 1

    def _first_id(self, form: Prepared) -> int:
        return (self._connection.execute(sa.select(sa.func.max(form.main.c.id))).scalar() or 0) + 1

    def _held(self, keys: Iterable[Key]) -> dict[Key, list[Held]]:
        """What the database holds of the scans of a batch, in whatever form."""
        wanted = set(keys)
        scans = sorted({sha256 for sha256, _ in wanted})
        held: dict[Key, list[Held]] = defaultdict(list)
        for form, one in self._prepared.items():
            columns = one.main.c
            found = sa.select(columns.source_sha256, columns.source_index, columns.id, columns.record_sha256)
            for sha256, index, number, digest in self._connection.execute(
                found.where(columns.source_sha256.in_(scans))
            ):
                held[sha256, index].append(Held(form, number, digest))
        return held

    def _delete(self, stale: Mapping[str, Sequence[int]]) -> None:
        for form, ids in stale.items():
            one = self._prepared[form]
            for name in one.children:
                child = sa.table(name, sa.column("form_id"))
                self._connection.execute(child.delete().where(child.c.form_id.in_(ids)))
            self._connection.execute(one.main.delete().where(one.main.c.id.in_(ids)))
