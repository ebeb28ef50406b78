"""Records into a database: each load is one transaction, and loading again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, DropConstraint

from extract.downstream.database.bulk_copy import Write, writer
from extract.downstream.database.connection import open_engine, said_plainly
from extract.downstream.database.migrate import Prepared, prepare
from extract.downstream.database.parallel_reader import BATCH, Batched, LoadableRecord, batches
from extract.downstream.tables.record_rows import ALL, Selection
from extract.downstream.tables.table_layout import Layout, layout
from extract.errors import BadRecord, UsageError
from extract.forms.spec import FormSpec
from extract.storage.record_reader import record_reader

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
    gone: int = 0
    refused: int = 0

    def sentence(self) -> str:
        """The load in one line."""
        parts = {
            "loaded": self.loaded,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "left out as doubtful": self.left_out,
            "taken out as doubtful now": self.removed,
            "taken out as gone": self.gone,
            "left out as bad": self.refused,
        }
        return ", ".join(f"{count} {what}" for what, count in parts.items() if count) or "no records"


Key = tuple[str, int]
"""SHA-256 of a scan and the number of the form in it."""


@dataclass(frozen=True)
class HeldRecord:
    """A record that the database holds."""

    form: str
    id: int
    digest: str


def load(
    output: Path, url: sa.URL, forms: Sequence[FormSpec], selection: Selection = ALL, prune: bool = False
) -> Summary:
    """Load the records of an output folder; with `prune`, take out of the database what the folder does not hold.

    Bad records are refused; what the database holds of their scans stays, and then nothing is taken out as gone.
    Raises UsageError for a driver or a declaration that is missing, or where nothing would be left; MigrationRefused
    or DatabaseError where the load cannot be done; the database is then as it was.
    """
    with record_reader(output) as reader:  # a folder without records is said before a database is made
        if prune and next(reader.paths(), None) is None:
            raise UsageError(f"{output} holds no record: to take out what it does not hold would empty the database")
    engine = open_engine(url)
    try:
        with said_plainly(engine), _transaction(engine, [layout(form) for form in forms]) as (connection, prepared):
            loader = _Loader(connection, prepared, selection)
            with _unconstrained(connection, prepared):
                for batch in batches(output, forms, loader.first, engine.dialect.name):
                    loader.take(batch)
                loader.take_out_gone(prune)
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
    if connection.dialect.name != "postgresql":
        yield
        return
    dropped: list[sa.Constraint] = []
    for form in prepared.values():
        if connection.execute(sa.select(form.main.c.id).limit(1)).first() is None:
            dropped += [key for table in form.tables.values() if table is not form.main for key in _keys(table)]
    for constraint in dropped:
        connection.execute(DropConstraint(constraint))
    # it has no statistics of what the transaction adds, and would read whole tables again for each batch
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    yield
    connection.exec_driver_sql("SET LOCAL enable_seqscan TO DEFAULT")
    for constraint in dropped:
        connection.execute(AddConstraint(constraint))


def _keys(table: sa.Table) -> Iterator[sa.Constraint]:
    yield table.primary_key
    yield from (one for one in table.constraints if isinstance(one, sa.ForeignKeyConstraint))


@dataclass
class _Work:
    """What a batch comes to: records to write by form, ids whose rows go."""

    fresh: dict[str, list[LoadableRecord]] = field(default_factory=lambda: defaultdict(list))
    stale: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class _Marks:
    """The ids whose rows stand as the output folder has them: a byte for each."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, number: int) -> None:
        """Mark an id."""
        if number >= len(self._bytes):
            self._bytes.extend(bytes(number + 1))
        self._bytes[number] = 1

    def __contains__(self, number: int) -> bool:
        return number < len(self._bytes) and bool(self._bytes[number])


class _Loader:
    """Loads batches within a transaction that its caller holds; `first` is the first id that is free in all forms."""

    def __init__(self, connection: sa.Connection, prepared: Mapping[str, Prepared], selection: Selection) -> None:
        self.summary = Summary()
        self._connection = connection
        self._prepared = prepared
        self._selection = selection
        self._write: Write = writer(connection.dialect.name)
        self._marks: dict[str, _Marks] = {form: _Marks() for form in prepared}
        self.first = self._first_free()

    def _first_free(self) -> int:
        most = [sa.select(sa.func.max(one.main.c.id)) for one in self._prepared.values()]
        return 1 + max((self._connection.execute(found).scalar() or 0 for found in most), default=0)

    def take(self, batched: Sequence[Batched]) -> None:
        """Load a batch: what is unchanged is left, what has changed is replaced, what is new is added."""
        batch = [one for one in batched if isinstance(one, LoadableRecord)]
        for bad in batched:
            if isinstance(bad, BadRecord):
                self.summary.refused += 1
                self._selection.refused(bad)
        held = self._held(batch)
        work = _Work()
        for record in batch:
            key = record.sha256, record.index
            held[key] = self._decide(record, held[key], work)
        self._delete(work.stale)
        for form, records in work.fresh.items():
            for place, table in enumerate(self._prepared[form].layout.tables):
                made = [rows for record in records if (rows := record.tables[place])]
                if made:
                    self._write(self._connection, table, made)

    def _decide(self, record: LoadableRecord, held: Sequence[HeldRecord], work: _Work) -> Sequence[HeldRecord]:
        """What is held of a scan's form once the record was dealt with; of copies of a scan the first one counts."""
        if any(one.id in self._marks[one.form] for one in held):
            self.summary.unchanged += 1
            return held
        wanted = record.accepted or not self._selection.only_accepted
        same = [one for one in held if one.form == record.form and one.digest == record.digest] if wanted else []
        if same:
            self.summary.unchanged += 1
            self._marks[record.form].add(same[0].id)
            return same[:1]
        for one in held:
            work.stale[one.form].append(one.id)
        if not wanted:
            self.summary.left_out += 1
            self.summary.removed += bool(held)
            return ()
        self.summary.replaced += bool(held)
        self.summary.loaded += not held
        work.fresh[record.form].append(record)
        self._marks[record.form].add(record.number)
        return (HeldRecord(record.form, record.number, record.digest),)

    def take_out_gone(self, prune: bool) -> None:
        """Take out forms that the folder no longer has of scans that it has; with `prune`, of all others as well."""
        if self.first == 1 or self.summary.refused:
            return
        stale: dict[str, list[int]] = defaultdict(list)
        for _, rows in groupby(self._all_held(), key=attrgetter("scan")):
            found = [(row.form, row.id) for row in rows]
            gone = [(form, number) for form, number in found if number not in self._marks[form]]
            if prune or len(gone) < len(found):
                for form, number in gone:
                    stale[form].append(number)
        self._delete(stale)
        self.summary.gone += sum(map(len, stale.values()))

    def _all_held(self) -> Iterator[sa.Row[tuple[str, str, int]]]:
        """Scan, form and id of all that the database holds, by scan, some at a time."""
        mains = {form: one.main.c for form, one in self._prepared.items()}
        each = [
            sa.select(c.source_sha256.label("scan"), sa.literal(form).label("form"), c.id) for form, c in mains.items()
        ]
        found = sa.union_all(*each).order_by("scan")
        return iter(self._connection.execute(found, execution_options={"yield_per": 20 * BATCH}))

    def _held(self, batch: Iterable[LoadableRecord]) -> dict[Key, Sequence[HeldRecord]]:
        """What the database holds of the scans of a batch, in whatever form."""
        scans = sorted({record.sha256 for record in batch})
        held: dict[Key, list[HeldRecord]] = defaultdict(list)
        for form, one in self._prepared.items():
            columns = one.main.c
            found = sa.select(columns.source_sha256, columns.source_index, columns.id, columns.record_sha256)
            for sha256, index, number, digest in self._connection.execute(
                found.where(columns.source_sha256.in_(scans))
            ):
                held[sha256, index].append(HeldRecord(form, number, digest))
        return defaultdict(list, held)

    def _delete(self, stale: Mapping[str, Sequence[int]]) -> None:
        for form, numbers in stale.items():
            one = self._prepared[form]
            for begin in range(0, len(numbers), BATCH):
                ids = numbers[begin : begin + BATCH]
                for name in one.children:
                    child = sa.table(name, sa.column("form_id"))
                    self._connection.execute(child.delete().where(child.c.form_id.in_(ids)))
                self._connection.execute(one.main.delete().where(one.main.c.id.in_(ids)))
