"""The shape of a form's data: every value once, in the order of the declaration, with what must be there."""

from __future__ import annotations

from pathlib import Path

from extract.forms.record_shape import Group, Rows, leaves_of, lists_of, record_shape, types_of
from extract.forms.spec import ValueType
from tests.forms.declared import declared

FORM = """
[[field]]
key = "goals.expected"
labels = ["目标"]
type = "text"
required = true

[[field]]
key = "goals.actual"
labels = ["完成"]
type = "quantity"

[[matrix]]
key = "money"
labels = ["资金"]
unit = { key = "currency", values = ["元"] }
  [[matrix.row]]
  key = "total"
  labels = ["总额"]
  required = ["budget"]
  [[matrix.column]]
  key = "budget"
  labels = ["预算数"]
  type = "amount"
  [[matrix.column]]
  key = "spent"
  labels = ["支出数"]
  type = "amount"

[[table]]
key = "goods"
min_rows = 2
  [[table.column]]
  key = "name"
  labels = ["品名"]
  type = "text"
  required = true
  [[table.column]]
  key = "sum"
  labels = ["金额"]
  type = "amount"
  [table.footer]
  key = "whole"
  labels = ["累计"]
  columns = ["sum"]
  required = ["sum"]
"""


def test_single_values_with_their_paths(tmp_path: Path) -> None:
    shape = record_shape(declared(tmp_path, FORM))
    assert [(path, leaf.type, leaf.required, leaf.sought) for path, leaf in leaves_of(shape)] == [
        (("goals", "expected"), ValueType.TEXT, True, False),
        (("goals", "actual"), ValueType.QUANTITY, False, False),
        (("money", "currency"), ValueType.CHOICE, False, True),
        (("money", "total", "budget"), ValueType.AMOUNT, True, False),
        (("money", "total", "spent"), ValueType.AMOUNT, False, False),
        (("whole", "sum"), ValueType.AMOUNT, True, False),
    ]


def test_lists_groups_and_their_labels(tmp_path: Path) -> None:
    shape = record_shape(declared(tmp_path, FORM))
    assert list(shape.members) == ["goals", "money", "goods", "whole"]
    ((key, rows),) = lists_of(shape)
    assert (key, rows.min_rows) == ("goods", 2)
    assert [(path, leaf.required) for path, leaf in leaves_of(rows.row)] == [(("name",), True), (("sum",), False)]
    money, whole = shape.members["money"], shape.members["whole"]
    assert isinstance(money, Group)
    assert isinstance(whole, Group)
    assert (money.labels, whole.labels) == (("资金",), ("累计",))
    assert isinstance(shape.members["goods"], Rows)


def test_types_as_rules_see_them(tmp_path: Path) -> None:
    parts = {"comparator": ValueType.TEXT, "number": ValueType.NUMBER, "unit": ValueType.TEXT}
    assert types_of(declared(tmp_path, FORM)) == {
        "goals": {"expected": ValueType.TEXT, "actual": ValueType.QUANTITY, "actual_value": parts},
        "money": {"currency": ValueType.TEXT, "total": {"budget": ValueType.AMOUNT, "spent": ValueType.AMOUNT}},
        "goods": [{"name": ValueType.TEXT, "sum": ValueType.AMOUNT}],
        "whole": {"sum": ValueType.AMOUNT},
    }
