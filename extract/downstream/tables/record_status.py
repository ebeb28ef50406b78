"""Whether a record's status and checks are what its values come to."""

from __future__ import annotations

from collections.abc import Iterator

from extract.errors import BadRecord
from extract.forms.spec import FormSpec
from extract.forms.values.issues import required_pointers, run_checks
from extract.records.decode import StoredRecord, value


def check_status(record: StoredRecord, form: FormSpec) -> None:
    """Compute the checks of a record anew, and whether it may be accepted. Raises BadRecord where it says otherwise.

    One whose content has the hash that the ledger keeps is what the reader wrote, checks and all; and of one that was
    made with another version of its form the rules are not at hand.
    """
    if record.is_as_written or record.form_version != form.version:
        return
    said = sorted((check.id, check.status) for check in record.checks if check.id in {spec.id for spec in form.checks})
    found = sorted((check.id, str(check.status)) for check in run_checks(form, record.data))
    if said != found:
        differing = sorted({check for check, _ in set(said) ^ set(found)})
        raise BadRecord(f"{record.file} was altered: its values come to another outcome of {', '.join(differing)}")
    if record.accepted:
        for reason in _reasons_against(record, form):
            raise BadRecord(f"{record.file} was altered: it says accepted, but {reason}")


def _reasons_against(record: StoredRecord, form: FormSpec) -> Iterator[str]:
    yield from (f"its check {check.id} failed" for check in record.checks if check.status == "failed")
    yield from (f"{issue.pointer} has an error" for issue in record.issues if issue.severity == "error")
    lists = {table.key: len(record.data.get(table.key) or ()) for table in form.tables}
    for pointer in required_pointers(form, lists):
        if _at(record, pointer) is None:
            yield f"{pointer} is blank"


def _at(record: StoredRecord, pointer: str) -> object:
    """The value at a pointer to a key, or to the key of a row of a list."""
    parts = pointer.split("/")[1:]
    for depth, part in enumerate(parts):
        if part.isdigit():
            rows = value(record.data, tuple(parts[:depth])) or ()
            return value(rows[int(part)], tuple(parts[depth + 1 :]))
    return value(record.data, tuple(parts))
