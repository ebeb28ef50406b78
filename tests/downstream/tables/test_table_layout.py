"""From a declaration to tables."""

from collections.abc import Callable

import pytest

from extract.downstream.tables.table_layout import MAX_NAME, Kind, Role, layout, table_name
from extract.errors import DeclarationError
from extract.forms.declaration.loader import load_forms
from extract.forms.spec import FormSpec
from tests.downstream.conftest import EVERY_TYPE


def test_tables_of_a_form(form: FormSpec) -> None:
    made = layout(form)
    assert [(table.name, table.role, table.label) for table in made.tables] == [
        ("every_type", Role.FORM, "样表"),
        ("every_type_funding", Role.LINES, "资金"),
        ("every_type_items", Role.ROWS, "items"),
        ("every_type_evidence", Role.EVIDENCE, "出处"),
        ("every_type_checks", Role.CHECKS, "校验"),
        ("every_type_issues", Role.ISSUES, "疑点"),
    ]


def test_columns_have_types_and_printed_labels(form: FormSpec) -> None:
    columns = {column.name: column for column in layout(form).main.columns}
    assert (columns["head_name"].label, columns["head_name"].path) == ("项目名称", ("head", "name"))
    assert columns["amount"].type_name == "decimal(20, 6)"
    assert columns["signed"].kind is Kind.DATE
    assert columns["goal_number"].path == ("goal_value", "number")
    assert (columns["sum_score"].label, columns["fiscal_year"].label) == ("总分 得分", "年度")


def test_columns_keep_the_declared_decimals(declare: Callable[[str], FormSpec]) -> None:
    text = EVERY_TYPE.replace('type = "percent"', 'type = "percent"\ndecimals = 2')
    made = layout(declare(text.replace('type = "quantity"', 'type = "quantity"\ndecimals = 0')))
    columns = {column.name: column.type_name for table in made.tables for column in table.columns}
    assert [columns[name] for name in ("share", "rate", "goal_number", "target_number", "score")] == [
        "decimal(8, 2)",
        "decimal(8, 2)",
        "decimal(16, 0)",
        "decimal(16, 0)",
        "decimal(12, 6)",
    ]


def test_a_value_called_like_a_column_of_every_form(form: FormSpec) -> None:
    names = layout(form).main.names
    assert "status" in names
    assert "status_" in names


def test_two_values_that_would_share_a_column(declare: Callable[[str], FormSpec]) -> None:
    twin = declare(EVERY_TYPE.replace('key = "people"', 'key = "head_name"'))
    with pytest.raises(DeclarationError, match="head_name"):
        layout(twin)


def test_a_list_called_like_a_table_of_every_form(declare: Callable[[str], FormSpec]) -> None:
    twin = declare(EVERY_TYPE.replace('key = "items"', 'key = "issues"'))
    with pytest.raises(DeclarationError, match="every_type_issues"):
        layout(twin)


def test_long_names_are_cut_and_stay_apart() -> None:
    one, other = table_name("a" * 80, "b"), table_name("a" * 80, "c")
    assert len(one) == len(other) == MAX_NAME
    assert one != other


def test_shipped_forms_have_a_label_for_every_column() -> None:
    for form in load_forms():
        for table in layout(form).tables:
            assert table.label != table.name
            assert all(column.label and not column.label.isascii() for column in table.columns), table.name
