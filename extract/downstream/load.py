"""Records into a database: each load is one transaction, and loading again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, DropConstraint

from extract.downstream.bulk import Write, writer
from extract.downstream.database import open_engine, said_plainly
from extract.downstream.migrate import Prepared, prepare
from extract.downstream.reading import Ready, batches
from extract.downstream.records import paths
from extract.downstream.tables import Layout, layout
from extract.forms.spec import FormSpec

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
    paths(output)  # a folder without records is said before a database is made
    engine = open_engine(url)
    try:
        with said_plainly(engine), _transaction(engine, [layout(form) for form in forms]) as (connection, prepared):
            loader = _Loader(connection, prepared, only_accepted)
            with _unconstrained(connection, prepared):
                for batch in batches(output, forms, loader.next_ids(), engine.dialect.name):
                    loader.take(batch)
    finally:
        engine.dispose()
    return loader.summary


@contextmanager
def _transaction(engine: sa.Engine, layouts: Iterable[Layout]) -> Iterator[tuple[sa.Connection, dict[str, Prepared]]]:
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
    """What a batch comes to: records to write by form, ids whose rows go."""

    fresh: dict[str, list[Ready]] = field(default_factory=lambda: defaultdict(list))
    stale: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class _Loader:
    """Loads batches within a transaction that its caller holds."""

    def __init__(self, connection: sa.Connection, prepared: Mapping[str, Prepared], only_accepted: bool) -> None:
        self.summary = Summary()
        self._connection = connection
        self._prepared = prepared
        self._only_accepted = only_accepted
        self._write: Write = writer(connection.dialect.name)

    def next_ids(self) -> dict[str, int]:
        """The first free id of each form."""
        most = {form: sa.select(sa.func.max(one.main.c.id)) for form, one in self._prepared.items()}
        return {form: (self._connection.execute(found).scalar() or 0) + 1 for form, found in most.items()}

    def take(self, batch: Sequence[Ready]) -> None:
        """Load a batch: what is unchanged is left, what has changed is replaced, what is new is added."""
        latest = {(record.sha256, record.index): record for record in batch}
        held = self._held(latest)
        work = _Work()
        for key, record in latest.items():
            self._decide(record, held.get(key, ()), work)
        self._delete(work.stale)
        for form, records in work.fresh.items():
            for place, table in enumerate(self._prepared[form].layout.tables):
                made = [rows for record in records if (rows := record.tables[place])]
                if made:
                    self._write(self._connection, table, made)

    def _decide(self, record: Ready, held: Sequence[Held], work: _Work) -> None:
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
        work.fresh[record.form].append(record)

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
