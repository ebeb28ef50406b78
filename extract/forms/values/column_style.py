"""Amounts printed unlike all others of their form: a witness for a point that was lost in every operand of a sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from extract.forms.spec import ValueType
from extract.forms.values.parse import State, Value
from extract.model import Issue, Severity

FEWEST = 2
"""So many other amounts make a style."""
_AMOUNT = re.compile(r"(\d+)(?:\.(\d+))?")


def style_issues(values: Mapping[str, Value]) -> Iterator[Issue]:
    """Amounts without decimals that have two digits more than any other, where all others print two decimals.

    A lost point does just that: it takes the decimals away and makes the figure a hundred times as large. An amount of
    nothing says nothing of the style.
    """
    amounts = {
        pointer: _AMOUNT.search(re.sub(r"[,，\s]", "", value.match.text))
        for pointer, value in values.items()
        if value.match.type is ValueType.AMOUNT and value.state is State.READ and value.data
    }
    found = {pointer: (m[1], m[2] or "") for pointer, m in amounts.items() if m}
    odd = [pointer for pointer, (_, decimals) in found.items() if not decimals]
    others = [whole for whole, decimals in found.values() if decimals]
    if len(others) < FEWEST or any(len(decimals) != 2 for _, decimals in found.values() if decimals):
        return
    longest = max(map(len, others))
    for pointer in odd:
        if len(found[pointer][0]) >= longest + 2:
            text = values[pointer].match.text
            message = f"all other amounts of the form print two decimals and are a hundred times smaller: {text}"
            yield Issue("low-confidence", Severity.ERROR, pointer, f"{message}; a point may be lost", None, text)
