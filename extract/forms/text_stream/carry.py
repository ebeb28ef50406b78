"""Upper labels that a form prints once above several rows, put into each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.forms.spec import FormSpec, TableSpec
from extract.forms.text_stream.arithmetic import Choice
from extract.forms.text_stream.units import Option, Unit


def carry_levels(form: FormSpec, units: Sequence[Unit], choice: Choice) -> Choice:
    """The same cuts, blank upper labels of tables without declared words filled from the row above."""
    above: dict[str, Option] = {}
    chosen: list[Option] = []
    for unit, option in zip(units, choice.chosen, strict=True):
        table = form.tables[unit.body.owner] if unit.body is not None else None
        if table is not None and not table.groups:
            option = _carried(table, option, above.get(table.key))
            above[table.key] = option
        chosen.append(option)
    return replace(choice, chosen=tuple(chosen))


def _carried(table: TableSpec, option: Option, above: Option | None) -> Option:
    """A lower label holds on only below the same upper one."""
    texts, carried = dict(option.texts), list(option.carried)
    for column in sorted((c for c in table.columns if c.level), key=lambda c: c.level):
        if texts.get(column.key):
            break
        if above is not None and above.texts.get(column.key):
            texts[column.key] = above.texts[column.key]
            carried.append(column.key)
    return replace(option, texts=texts, carried=tuple(carried))
