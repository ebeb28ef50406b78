"""Values in brackets behind labels (`产出指标(50分)`), which cells do not give: said where they are not taken."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from extract.forms.sheets.label_similarity import is_label
from extract.forms.sheets.sheet import Sheet, texts
from extract.forms.spec import FormSpec, Place, TableSpec
from extract.model import Issue, Severity

_BRACKETED = re.compile(r"[(（]\s*[^()（）\s][^()（）]*[)）]\s*$")
_NUMBER = re.compile(r"^\D{2,20}[(（][^()（）\d]*\d[^()（）]*[)）]\s*$")


def unread_notes(sheet: Sheet, form: FormSpec, found: Collection[str]) -> Iterator[Issue]:
    """Say which declared values stand in brackets behind a label of a sheet and were not taken.

    `found` are the pointers of what was matched.
    """
    shown = [text for text in texts(sheet) if _BRACKETED.search(text)]
    for field in form.fields:
        pointer = "/" + field.key.replace(".", "/")
        if field.place is Place.NOTE and pointer not in found:
            yield from (_unread(pointer, text) for text in shown if is_label(text, field.labels))
    for table in form.tables:
        yield from _inside(table, shown, found)


def _inside(table: TableSpec, shown: Collection[str], found: Collection[str]) -> Iterator[Issue]:
    """Numbers behind the labels of a column that another column is declared to stand in."""
    numbered = next((text for text in shown if _NUMBER.match(text)), None)
    for column in table.columns:
        taken = any(p.startswith(f"/{table.key}/") and p.endswith(f"/{column.key}") for p in found)
        if column.inside and numbered is not None and not taken:
            yield _unread(f"/{table.key}", numbered)


def _unread(pointer: str, text: str) -> Issue:
    message = "a value in brackets behind a label was not taken"
    return Issue("unplaced-text", Severity.ERROR, pointer, message, None, text)
