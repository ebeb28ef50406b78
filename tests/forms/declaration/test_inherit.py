"""Variants of declarations: what they state, what they lack, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.errors import DeclarationError
from extract.forms.declaration.loader import load_form
from extract.forms.spec import FormSpec

BASE = """
id = "loan"
version = "1.0.0"
name = "借用单"
[identify]
titles = ["借用单"]
labels = ["部门", "名称"]
[[field]]
key = "loan.department"
labels = ["部门", "单位"]
type = "text"
[[field]]
key = "phone"
labels = ["电话"]
type = "text"
[[table]]
key = "items"
  [[table.column]]
  key = "name"
  labels = ["名称"]
  type = "text"
  [[table.column]]
  key = "price"
  labels = ["单价"]
  type = "amount"
[[check]]
id = "price-given"
each = "items"
rule = "given(price)"
message = "what is lent has a price"
"""

VARIANT = """
id = "loan_short"
extends = "loan"
version = "1.0.0"
name = "借用单（简）"
"""


def variant(folder: Path, text: str) -> FormSpec:
    (folder / "loan.toml").write_text(BASE, "utf-8")
    file = folder / "loan_short.toml"
    file.write_text(VARIANT + text, "utf-8")
    return load_form(file)


def test_a_variant_is_its_base_where_it_states_nothing(tmp_path: Path) -> None:
    form = variant(tmp_path, "")
    assert (form.id, form.family, form.titles) == ("loan_short", "loan", ("借用单",))
    assert [f.key for f in form.fields] == ["loan.department", "phone"]
    assert [c.key for c in form.tables[0].columns] == ["name", "price"]


def test_entries_are_changed_by_name_and_new_ones_added(tmp_path: Path) -> None:
    form = variant(
        tmp_path,
        '[[field]]\nkey = "phone"\nrequired = true\n[[table]]\nkey = "items"\n'
        '[[table.column]]\nkey = "price"\nlabels = ["价格"]\n'
        '[[table.column]]\nkey = "count"\nlabels = ["数量"]\ntype = "integer"\n',
    )
    assert (form.fields[1].labels, form.fields[1].required) == (("电话",), True)
    assert [(c.key, c.labels) for c in form.tables[0].columns] == [
        ("name", ("名称",)),
        ("price", ("价格",)),
        ("count", ("数量",)),
    ]


def test_what_a_variant_lacks(tmp_path: Path) -> None:
    form = variant(tmp_path, 'without = ["loan.department", "items.price", "price-given"]')
    assert [f.key for f in form.fields] == ["phone"]
    assert [c.key for c in form.tables[0].columns] == ["name"]
    assert form.checks == ()


def test_the_digest_changes_with_the_base(tmp_path: Path) -> None:
    before = variant(tmp_path, "").digest
    (tmp_path / "loan.toml").write_text(BASE.replace('"电话"', '"手机"'), "utf-8")
    assert load_form(tmp_path / "loan_short.toml").digest != before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('without = ["items.prise"]', "did you mean “items.price”?"),
        ('without = ["items.price"]', "check[0].rule: unknown path “price”"),
    ],
)
def test_faults_of_a_variant(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        variant(tmp_path, text)
    assert fault in str(caught.value)


def test_a_base_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "loan_short.toml"
    file.write_text(VARIANT.replace('"loan"', '"laon"'), "utf-8")
    with pytest.raises(DeclarationError, match="there is no declaration “laon”"):
        load_form(file)


def test_a_circle_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(BASE.replace('"loan"', '"a"\nextends = "b"'), "utf-8")
    (tmp_path / "b.toml").write_text(BASE.replace('"loan"', '"b"\nextends = "a"'), "utf-8")
    with pytest.raises(DeclarationError, match="in a circle"):
        load_form(tmp_path / "a.toml")
